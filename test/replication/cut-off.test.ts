// What a crash between two of RxDB's own writes leaves behind; the deaths themselves are played in
// test/simulator/crash.

import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { isSynced, notes, openClient } from './support/world.ts';

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
