// What a crash between two of RxDB's own writes leaves behind; the deaths themselves are played in
// test/simulator/crash.

import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { foreign, isSynced, notes, openClient } from './support/world.ts';

test('a document that a refusal took away just before a crash is not sent as a delete', async () => {
  const server = new FakeServer([notes]);
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  const before = await openClient(server);
  await before.notes.insert({ id: 'refused', title: 'no' });
  await before.sync.stop();
  // It has gone, and RxDB has not noted yet that this came from the server.
  const { storageInstance } = before.notes;
  const [previous] = await storageInstance.findDocumentsById(['refused'], true);
  if (previous === undefined) throw new Error('It was not inserted.');
  const document = { ...previous, _deleted: true };
  await storageInstance.bulkWrite([{ previous, document }], 'replication-up-write-conflict');

  server.fate = () => 'go';
  server.requests.length = 0;
  const { database, ledger } = before;
  const client = await openClient(server, { database, ledger });
  await client.notes.insert({ id: 'after', title: 'after' });
  await until(() => server.stored('notes', 'after') !== undefined && isSynced(client));
  expect(server.rows.map(({ doc }) => doc['id'])).toEqual(['after']);
  expect(client.refused()).toEqual([]);
  await client.notes.insert({ id: 'refused', title: 'again' });
  await until(() => server.stored('notes', 'refused') !== undefined && isSynced(client));
  expect(server.stored('notes', 'refused')).toMatchObject({ title: 'again' });
});

test('a newer version from the server that a crash has kept RxDB from noting is not sent back', async () => {
  const server = new FakeServer([notes]);
  const note = foreign('a', 'one');
  server.write('notes', note);
  const before = await openClient(server);
  await until(() => isSynced(before));
  await before.sync.stop();
  // What the server computes has no stamps: the version is another and its clock the same.
  server.write('notes', { ...note, body: 'computed' });
  const { storageInstance } = before.notes;
  const [previous] = await storageInstance.findDocumentsById(['a'], true);
  if (previous === undefined) throw new Error('It has not arrived.');
  const document = { ...previous, ...server.stored('notes', 'a') };
  await storageInstance.bulkWrite([{ previous, document }], 'replication-downstream-cut-off');

  const { database, ledger } = before;
  const client = await openClient(server, { database, ledger });
  await until(() => isSynced(client));
  server.write('notes', foreign('a', 'two', Date.now() + 1));
  await until(async () => (await client.read('a'))?.['title'] === 'two');
  expect(server.rows).toEqual([]);
});
