// Two copies of one local database must not take each other for themselves: the second to come gets
// an id of its own. Real RxDB clients, a real server.

import { addRxPlugin } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { expect, test } from 'vitest';
import { createMemoryLedger, deviceOf, type Ledger } from '../../replication/index.ts';
import { call } from '../support/live-server.ts';
import { until } from '../support/until.ts';
import { door } from './support/feed.ts';
import { FakeLocks, FakeChannels } from './support/realm.ts';
import { startRestorable, type Restorable, type Wire } from './support/restorable.ts';
import { isSynced, newName, notes, openClient, type Client } from './support/world.ts';

// Two tabs in one realm need it.
disableWarnings();
addRxPlugin(RxDBDevModePlugin);

interface Device extends Client {
  readonly wire: Wire;
  readonly id: () => Promise<string>;
}

async function openDevice(
  server: Restorable,
  given: object = {},
  wire: Wire = server.wire(),
): Promise<Device> {
  const token = await server.live().keyFor('ada');
  const client = await openClient(wire, { url: server.url(), token, ...given });
  return { ...client, wire, id: async () => client.ledger.deviceId('none' as never) };
}

/** The ledger as a copied profile has it: everything that was kept, and from then on its own. */
async function copyOf({ ledger }: Device): Promise<Ledger> {
  const copy = createMemoryLedger();
  await copy.deviceId(await ledger.deviceId('none' as never));
  const last = await ledger.claim('f0');
  // What `claim` says of the last session is what the copied file holds.
  await copy.claim(last.was);
  await copy.claimed();
  return copy;
}

test('the second of two copies of a profile takes another id, and its unsent work goes with it', async () => {
  const server = await startRestorable([notes]);
  const first = await openDevice(server);
  await first.notes.insert({ id: 'shared', title: 'one' });
  await until(() => isSynced(first));
  await first.sync.stop();
  const ledger = await copyOf(first);

  const original = await openDevice(server, { database: first.database, ledger: first.ledger });
  await until(() => isSynced(original));
  const copy = await openDevice(server, { ledger, name: newName() });
  const device = await original.id();
  copy.wire.isOnline = false;
  await copy.notes.insert({ id: 'of the copy', title: 'unsent' });
  const stamp = (await copy.read('of the copy'))?.clk?.['*'] ?? '';
  copy.wire.isOnline = true;
  copy.sync.syncNow();
  await until(() => isSynced(copy) && copy.wire.pushed.length > 0);
  const other = await copy.id();
  expect(other).not.toBe(device);
  expect(await original.id()).toBe(device);
  // The stamp that was there already stays, whoever made it.
  expect((await copy.read('of the copy'))?.clk?.['*']).toBe(stamp);
  await copy.notes.insert({ id: 'after', title: 'x' });
  expect(deviceOf((await copy.read('after'))?.clk?.['*'] ?? '')).toBe(other);
  await until(() => isSynced(copy));
  for (const { op } of copy.wire.pushed) expect(op).toContain(stamp.slice(0, 2));
  expect(copy.refused()).toEqual([]);
});

test('a session whose announcement got no answer says the same again, and is no copy', async () => {
  const server = await startRestorable([notes]);
  const wire = server.wire();
  const announced: unknown[] = [];
  wire.beforeAnswer = (path, body) => {
    if (path !== '/api/sync/device') return;
    announced.push(body);
    if (announced.length < 3) throw new TypeError('the answer was lost');
  };
  const token = await server.live().keyFor('ada');
  const client = await openClient(wire, { url: server.url(), token });
  const device = await client.ledger.deviceId('none' as never);
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => isSynced(client) && wire.pushed.length > 0);
  expect(announced).toHaveLength(3);
  expect(new Set(announced.map((body) => JSON.stringify(body))).size).toBe(1);
  expect(await client.ledger.deviceId('none' as never)).toBe(device);
});

test('a device that comes back again and again stays itself', async () => {
  const server = await startRestorable([notes]);
  let device = await openDevice(server);
  const id = await device.id();
  for (let session = 0; session < 4; session += 1) {
    await until(() => isSynced(device));
    await device.sync.stop();
    device = await openDevice(server, { database: device.database, ledger: device.ledger });
  }
  await until(() => isSynced(device));
  expect(await device.id()).toBe(id);
});

test('without a network everything but sending works, and rows wait for the announcement', async () => {
  const server = await startRestorable([notes]);
  const wire = server.wire();
  let isDown = true;
  let refusals = 0;
  wire.instead = (path) => {
    if (!isDown || path !== '/api/sync/device') return undefined;
    refusals += 1;
    return { status: 503, body: {} };
  };
  const token = await server.live().keyFor('ada');
  const client = await openClient(wire, { url: server.url(), token });
  await client.notes.insert({ id: 'a', title: 'x' });
  const before = refusals;
  // Time enough for a row that does not wait.
  await until(() => wire.pulls.length > 0 && refusals > before + 8);
  expect(client.status().state).toBe('waiting');
  expect(await client.read('a')).toMatchObject({ title: 'x' });
  expect(wire.pushed).toEqual([]);
  isDown = false;
  await until(() => isSynced(client) && wire.pushed.length === 1);
});

test('the other tabs stamp with the new id too', async () => {
  const server = await startRestorable([notes]);
  const first = await openDevice(server);
  await until(() => isSynced(first));
  await first.sync.stop();
  const ledger = await copyOf(first);
  const again = await openDevice(server, { database: first.database, ledger: first.ledger });
  await until(() => isSynced(again));

  const [locks, channels, name] = [new FakeLocks(), new FakeChannels(), newName()];
  const tab = (which: string): object => ({
    ledger,
    name,
    multiInstance: true,
    platform: { locks, openChannel: channels.for(which) },
  });
  const leader = await openDevice(server, tab('leader'));
  await until(() => leader.status().leader && isSynced(leader));
  const follower = await openDevice(server, tab('follower'));
  await until(() => isSynced(follower));
  expect(await leader.id()).not.toBe(await again.id());
  await follower.notes.insert({ id: 'a', title: 'x' });
  const stamp = (await follower.read('a'))?.clk?.['*'] ?? '';
  expect(deviceOf(stamp)).toBe(await leader.id());
});

test('an announcement that is no such thing is told so', async () => {
  const server = await startRestorable([notes]);
  const key = await server.live().keyFor('ada');
  const wrong = [
    {},
    { device: '0000000000', was: '', now: 'ab' },
    { device: 'abcdef0123', was: 'a/b', now: 'ab' },
    { device: 'abcdef0123', was: '', now: '' },
  ];
  for (const body of wrong)
    expect((await call(server.url(), key, '/api/sync/device', body)).status).toBe(400);
  const mine = { device: 'abcdef0123', was: '', now: 'ab' };
  const answers: unknown[] = [];
  for (const body of [mine, mine, { ...mine, now: 'cd' }])
    answers.push((await call(server.url(), key, '/api/sync/device', body)).json()['copied']);
  expect(answers).toEqual([false, false, true]);
  // Another member's device of that id is another device.
  const bob = await server.live().keyFor('bob');
  const theirs = await call(server.url(), bob, '/api/sync/device', { ...mine, now: 'ef' });
  expect(theirs.json()['copied']).toBe(false);
});

test('what a crash has kept RxDB from noting is no operation of the copy that the server refuses', async () => {
  const server = await startRestorable([notes]);
  const first = await openDevice(server);
  const bob = await openDevice(server);
  await first.notes.insert({ id: 'd', title: 'one' });
  await until(() => isSynced(first));
  await until(async () => (await bob.read('d')) !== undefined && isSynced(bob));
  await first.sync.stop();
  const ledger = await copyOf(first);
  const original = await openDevice(server, { ledger: first.ledger, name: newName() });
  await until(() => isSynced(original));
  await original.sync.stop();
  await (await bob.notes.findOne('d').exec(true)).incrementalPatch({ title: 'of bob' });
  await until(() => isSynced(bob));
  // Between a document that was received and RxDB's note of it.
  const { storageInstance } = first.notes;
  const [previous] = await storageInstance.findDocumentsById(['d'], true);
  const document = { ...previous, ...(await bob.read('d')) };
  await storageInstance.bulkWrite(
    [{ previous, document } as Parameters<typeof storageInstance.bulkWrite>[0][number]],
    'replication-downstream-x',
  );
  const wire = server.wire();
  const gate = door();
  wire.beforeAnswer = (path) => (path === '/api/sync/device' ? gate.opened : undefined);
  const copy = await openDevice(server, { ledger, database: first.database }, wire);
  await copy.notes.insert({ id: 'after', title: 'x' });
  await until(() => copy.status().pending === 2);
  gate.open();
  await until(() => wire.pushed.some(({ doc }) => doc['id'] === 'd'), 'the row');
  await until(() => copy.status().pending === 0);
  expect(copy.refused()).toEqual([]);
});
