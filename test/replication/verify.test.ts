// What is here is compared with what the server has. Real RxDB clients, a real server.

import { addRxPlugin } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { FakeChannels, FakeLocks } from './support/realm.ts';
import { distort, startRestorable, type Restorable, type Wire } from './support/restorable.ts';
import { isSynced, newName, note, notes, openClient, type Client } from './support/world.ts';

// Two tabs in one realm need it.
disableWarnings();
addRxPlugin(RxDBDevModePlugin);

const others = note('others');
const collections = [notes, others];

async function openDevice(
  server: Restorable,
  name: string,
  given: object = {},
): Promise<Client & { readonly wire: Wire }> {
  const wire = server.wire();
  const token = await server.live().keyFor(name);
  const client = await openClient(wire, { url: server.url(), token, collections, ...given });
  return { ...client, wire };
}
const equal = (collection: string) => ({
  collection,
  equal: true,
  missing: [],
  extra: [],
  different: [],
});

test('a device that has what the server has is equal, with unsent work left out', async () => {
  const server = await startRestorable(collections);
  const ada = await openDevice(server, 'ada');
  const bob = await openDevice(server, 'bob');
  const rows = Array.from({ length: 1_200 }, (_, index) => ({ id: `n${index}`, title: 'x' }));
  await bob.notes.bulkInsert(rows);
  await bob.notes.bulkRemove(['n3', 'n4']);
  await until(async () => (await ada.notes.count().exec()) === 1_198 && isSynced(ada));
  ada.wire.instead = (path) => (path === '/api/sync/push' ? { status: 503, body: {} } : undefined);
  await ada.notes.insert({ id: 'unsent', title: 'x' });
  await (await ada.notes.findOne('n7').exec(true)).incrementalPatch({ title: 'unsent' });
  await until(() => ada.status().pending === 2);
  for (const device of [ada, bob])
    expect(await device.sync.verify()).toEqual([equal('notes'), equal('others')]);
});

test('what differs is named', async () => {
  const server = await startRestorable(collections);
  const ada = await openDevice(server, 'ada');
  const ids = ['a', 'b', 'c', 'd'];
  for (const id of ids) await ada.notes.insert({ id, title: id });
  await until(async () => {
    const stored = await Promise.all(ids.map((id) => ada.read(id)));
    return isSynced(ada) && stored.every((document) => (document?.rev ?? 0) > 0);
  });
  // Whatever the stream has still to say is said before.
  expect(await ada.sync.verify()).toEqual([equal('notes'), equal('others')]);
  distort(server, (documents) =>
    documents.flatMap((document) => {
      if (document['title'] === 'a') return [];
      if (document['title'] === 'b') return [{ ...document, rev: 1_000 }];
      return document['title'] === 'c' ? [document, { ...document, id: 'z' }] : [document];
    }),
  );
  const [first, second] = await ada.sync.verify();
  expect(first).toEqual({
    collection: 'notes',
    equal: false,
    missing: ['z'],
    extra: ['a'],
    different: ['b'],
  });
  expect(second).toEqual(equal('others'));
});

test('another tab asks the one that syncs', async () => {
  const server = await startRestorable(collections);
  const [locks, channels, name] = [new FakeLocks(), new FakeChannels(), newName()];
  const tab = (which: string): object => ({
    name,
    multiInstance: true,
    platform: { locks, openChannel: channels.for(which) },
  });
  const leader = await openDevice(server, 'ada', tab('leader'));
  await leader.notes.insert({ id: 'a', title: 'x' });
  await until(() => leader.status().leader && isSynced(leader));
  const follower = await openDevice(server, 'ada', { ...tab('follower'), ledger: leader.ledger });
  expect(await follower.sync.verify()).toEqual([equal('notes'), equal('others')]);
});

test('without the server nothing is compared, and a sentence says so', async () => {
  const server = await startRestorable(collections);
  const ada = await openDevice(server, 'ada', { timing: { requestTimeoutMs: 300 } });
  await until(() => isSynced(ada));
  ada.wire.isOnline = false;
  await expect(ada.sync.verify()).rejects.toThrow(
    'The server could not be reached, so nothing was compared. Try again online.',
  );
});
