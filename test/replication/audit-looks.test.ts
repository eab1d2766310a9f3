// What an audit sees, and what it leaves alone: nothing that is on its way by itself. Real RxDB clients.

import 'fake-indexeddb/auto';
import { createRxDatabase, now } from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { expect, test } from 'vitest';
import { look, mend } from '../../replication/plugin/audit.ts';
import { until } from '../support/until.ts';
import {
  AT_ONCE,
  crash,
  hide,
  HOUR_MS,
  isPushedOnce,
  leave,
  moveCheckpoint,
  NEVER,
  placeOf,
  reopen,
  rested,
  writesOf,
} from './support/audited.ts';
import { edit, inStep, onServer } from './support/devices.ts';
import { FakeServer, type Fate } from './support/fake-server.ts';
import { door, live } from './support/feed.ts';
import { holdNext, withContext } from './support/storage.ts';
import { atEnd, isSynced, newName, notes, openClient } from './support/world.ts';

test('a start after a crash writes nothing where nothing is wrong', async () => {
  const { server, device } = await rested();
  await device.collection('parts').insert({ id: 'probe', title: 'x' });
  device.wire.isOnline = false;
  const offline = await reopen(server, device, { timing: NEVER });
  await moveCheckpoint(device.collection('parts'), now());
  await crash(offline);
  device.wire.isOnline = true;
  const writes = writesOf(device.notes);
  const then = await reopen(server, device);
  // The other collection's audit comes after this one's.
  await until(() => then.reports.length > 0);
  await inStep(then);
  expect(then.reports).toEqual([{ collection: 'parts', reason: 'unsent', ids: ['probe'] }]);
  expect(writes).toEqual([]);
  expect(device.wire.pushed).toHaveLength(4);
});

test('a session that ends at rest is noted as ended cleanly, one that is cut off is not', async () => {
  const { server, device } = await rested();
  const { ledger } = device;
  // Ahead until all has been looked at.
  await leave(ledger, { endedCleanly: false, clockMs: Date.now() + HOUR_MS });
  const then = await reopen(server, device);
  await until(async () => ((await ledger.lastRun())?.clockMs ?? 0) < Date.now() + 1);
  expect(await ledger.lastRun()).toMatchObject({ endedCleanly: false });
  await then.sync.verify();
  await then.stop();
  expect(await ledger.lastRun()).toMatchObject({ endedCleanly: true });
  device.wire.isOnline = false;
  const offline = await reopen(server, device);
  await until(async () => (await ledger.lastRun())?.endedCleanly === false);
  await offline.stop();
  expect(await ledger.lastRun()).toMatchObject({ endedCleanly: false });
});

test('at the start exactly what lies past the checkpoint is found, and shown as waiting', async () => {
  const { server, device } = await rested();
  await edit(device, 'a', 'two');
  await hide(server, device, now());
  await edit(device, 'b', 'two');
  await device.notes.insert({ id: 'new', title: 'one' });
  await device.notes.findOne('c').remove();
  device.wire.isOnline = false;
  const then = await reopen(server, device);
  await until(() => then.status().pendingKeys.length === 3);
  expect(then.status().pendingKeys.toSorted()).toEqual(['notes/b', 'notes/c', 'notes/new']);
  const seen = async (mode: 'new' | 'all') => look(placeOf(then.notes), mode, then.sync.device());
  const fresh = await seen('new');
  expect(fresh?.pending.map(({ id }) => id).toSorted()).toEqual(['b', 'c', 'new']);
  expect(fresh?.suspects).toEqual([]);
  const assumed = fresh?.pending.map((found) => [found.id, found.assumed?.['title']]);
  expect(new Map(assumed as [string, unknown][])).toEqual(
    new Map([
      ['b', 'one'],
      ['c', 'one'],
      ['new', undefined],
    ]),
  );
  const all = await seen('all');
  expect(all?.pending.map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c', 'new']);
  expect(all?.suspects.map(({ id }) => id)).toEqual(['a']);
  device.wire.isOnline = true;
  then.sync.syncNow();
  await until(() => then.reports.length > 0 && device.wire.pushed.length === 7);
  await inStep(then);
  expect(isPushedOnce(device)).toBe(true);
});

test('what was settled before the look at the start ends does not wait for ever', async () => {
  const server = new FakeServer([notes]);
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  const before = await openClient(server, { timing: NEVER });
  await before.notes.insert({ id: 'a', title: 'x' });
  await before.sync.stop();
  // It has seen the document waiting, and goes on only when that is settled.
  const [seen, goOn] = [door(), door()];
  const { storageInstance } = before.notes;
  const find = storageInstance.findDocumentsById.bind(storageInstance);
  storageInstance.findDocumentsById = async (...given) => {
    storageInstance.findDocumentsById = find;
    const found = await find(...given);
    seen.open();
    await goOn.opened;
    return found;
  };
  server.fate = async ({ path }): Promise<Fate> => {
    if (path === '/api/sync/push') await seen.opened;
    return 'go';
  };
  const { database, ledger } = before;
  const then = await openClient(server, { database, ledger, timing: AT_ONCE });
  await until(() => server.stored('notes', 'a') !== undefined && isSynced(then));
  const shown = then.statuses.length;
  goOn.open();
  await until(() => then.statuses.slice(shown).some(({ pending }) => pending === 1));
  await until(() => then.status().pending === 0);
});

test('a tombstone that nobody deleted is neither shown nor touched nor sent', async () => {
  const { server, device } = await rested();
  const [stored] = await device.notes.storageInstance.findDocumentsById(['a'], true);
  if (stored === undefined) throw new Error('It is not stored.');
  const document = { ...stored, id: 'refused', rev: 0, _deleted: true, _rev: '1-x' };
  await device.notes.storageInstance.bulkWrite([{ document }], 'replication-test');
  await edit(device, 'b', 'two');
  await hide(server, device, now());
  const writes = writesOf(device.notes);
  const then = await reopen(server, device);
  await until(() => then.reports.length > 0 && device.wire.pushed.length > 3);
  await inStep(then);
  expect(then.reports).toEqual([{ collection: 'notes', reason: 'unsent', ids: ['b'] }]);
  expect(writes.filter(([, id]) => id === 'refused')).toEqual([]);
  expect(device.wire.pushed.map(({ doc }) => doc['id'])).toEqual(['a', 'b', 'c', 'b']);
});

test('a document whose answer is being written is not touched, whoever says that all is at rest', async () => {
  const { server, device } = await rested();
  const then = await reopen(server, device);
  await inStep(then);
  const writes = writesOf(then.notes);
  const hold = holdNext(then.notes, 'bulkWrite', withContext('replication-up-write-conflict'));
  await edit(then, 'a', 'two');
  await until(() => hold.isHolding());
  await moveCheckpoint(then.notes, now());
  const place = placeOf(then.notes);
  const device0 = then.sync.device();
  const seen = await look(place, 'all', device0);
  expect(seen?.suspects.map(({ id }) => id)).toEqual(['a']);
  const mended = mend(place, seen?.suspects ?? [], {
    device: device0,
    isAtRest: () => true,
    missing: () => Promise.resolve(),
  });
  hold.release();
  expect((await mended)?.unsent ?? []).toEqual([]);
  await inStep(then);
  expect(writes.filter(([context]) => context === 'holdfast-audit')).toEqual([]);
  expect(device.wire.pushed).toHaveLength(4);
  expect(then.reports).toEqual([]);
});

test('a document that is written between look and mending goes its own way, once', async () => {
  const { server, device } = await rested();
  await edit(device, 'a', 'two');
  await hide(server, device, now());
  const then = await reopen(server, device, { timing: NEVER });
  await inStep(then);
  const place = placeOf(then.notes);
  const device0 = then.sync.device();
  const seen = await look(place, 'all', device0);
  await edit(then, 'a', 'three');
  await until(() => isSynced(then) && device.wire.pushed.length === 4);
  const given = { device: device0, isAtRest: () => true, missing: () => Promise.resolve() };
  expect(await mend(place, seen?.suspects ?? [], given)).toMatchObject({ unsent: [] });
  await inStep(then);
  expect(device.wire.pushed).toHaveLength(4);
  expect((await onServer(server)).get('a')).toMatchObject({ title: 'three' });
});

const onDexie = async () => {
  const server = new FakeServer([notes]);
  const database = await createRxDatabase({
    name: newName(),
    storage: getRxStorageDexie(),
    multiInstance: false,
  });
  atEnd(() => database.close());
  const client = await openClient(server, { database, timing: NEVER });
  await live(server, client);
  const seen = async () => {
    const { pending, suspects } =
      (await look(placeOf(client.notes), 'all', client.sync.device())) ?? {};
    return [pending?.map(({ id }) => id).toSorted(), suspects?.map(({ id }) => id).toSorted()];
  };
  return { server, client, seen };
};

test('on Dexie the same is found, also where one id begins with another', async () => {
  const { server, client, seen } = await onDexie();
  const ids = ['a', 'a-b', 'ab', 'abc', 'a|0', 'up', 'z'];
  await client.notes.bulkInsert(ids.map((id) => ({ id, title: 'x' })));
  await until(() => isSynced(client) && server.rows.length === ids.length);
  await client.notes.findOne('abc').remove();
  await until(() => isSynced(client) && server.rows.length === ids.length + 1);
  expect(await seen()).toEqual([[], []]);
  server.fate = () => 'lose request';
  await client.notes.findOne('a-b').remove();
  const found = await client.notes.findOne('z').exec(true);
  await found.incrementalPatch({ title: 'y' });
  await client.notes.insert({ id: 'new', title: 'x' });
  expect(await seen()).toEqual([['a-b', 'new', 'z'], []]);
  await moveCheckpoint(client.notes, now() + HOUR_MS);
  expect((await seen())[1]).toEqual(['a-b', 'new', 'z']);
});

test('on Dexie the same is found in many pages, also where one ends between such ids', async () => {
  const { server, client, seen } = await onDexie();
  const pairs = Array.from({ length: 400 }, (_, at) => `n${String(at).padStart(3, '0')}`);
  const ids = ['a', ...pairs.flatMap((id) => [id, `${id}-b`])];
  await client.notes.bulkInsert(ids.map((id) => ({ id, title: 'x' })));
  await until(() => isSynced(client) && server.rows.length === ids.length);
  expect(await seen()).toEqual([[], []]);
  server.fate = () => 'lose request';
  const edited = ['a', 'n124', 'n124-b', 'n249-b', 'n399-b'];
  for (const id of edited) await (await client.notes.findOne(id).exec(true)).patch({ title: 'y' });
  expect(await seen()).toEqual([edited, []]);
});
