// What the outbox shows of each write on its way. Real RxDB clients, a
// server whose answers the test chooses.

import { expect, test } from 'vitest';
import { createMemoryLedger } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { door } from './support/feed.ts';
import { parts } from './support/devices.ts';
import { isPush, openWatched, servers } from './support/watched.ts';
import { isSynced, note, notes } from './support/world.ts';

test('a write is pending, then syncing, then synced, with what people call it', async () => {
  const server = servers();
  const gate = door();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await client.collection('places').insert({ id: 'a', title: 'North\n gate' });
  await until(() => client.of('a')?.state === 'pending');
  expect(client.of('a')).toMatchObject({
    collection: 'places',
    kind: 'insert',
    label: 'New place “North gate”',
    attempts: 0,
    dependsOn: [],
  });
  server.fate = () => 'go';
  server.beforeAnswer = (request) => (isPush(request) ? gate.opened : undefined);
  client.sync.syncNow();
  await until(() => client.of('a')?.state === 'syncing');
  gate.open();
  await until(() => client.of('a')?.state === 'synced');
  expect(client.of('a')).toMatchObject({ verdict: 'accepted', label: 'New place “North gate”' });
  await until(() => client.activity().some(({ message }) => message === 'Sent 1 change.'));
  await until(() => client.metrics()?.averageLatencyMs !== undefined);
  expect(client.metrics()).toMatchObject({ queue: 0, failed: 0 });
});

test('what refers to an unsent document says so', async () => {
  const parents = note('parents');
  const children = note('children', 100, { parent: 'parents' });
  const server = new FakeServer([parents, children]);
  const client = await openWatched(server, { collections: [parents, children] });
  await until(() => isSynced(client));
  server.fate = () => 'lose request';
  await client.collection('parents').insert({ id: 'p', title: 'x' });
  await client.collection('children').insert({ id: 'c', title: 'x', parent: 'p' });
  await until(() => client.of('c') !== undefined);
  expect(client.of('c')?.dependsOn).toEqual(['parents/p']);
});

test('three answers without a verdict make a write failed and tell the person; being offline never does', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => server.pushes.length >= 6);
  expect(client.status()).toMatchObject({ failed: 0, pending: 1 });
  server.fate = (request) =>
    isPush(request) ? { status: 503, body: { code: 'busy', detail: 'Too busy.' } } : 'go';
  await until(() => client.status().failed === 1);
  expect(client.status().state).toBe('attention');
  await until(() => client.of('a')?.state === 'failed');
  expect(client.of('a')).toMatchObject({ lastError: 'Too busy.' });
  await until(() => client.activity().some(({ code }) => code === 'failed'));
  server.fate = () => 'go';
  await until(() => isSynced(client));
  expect([server.stored('notes', 'a')?.['title'], client.status().failed]).toEqual(['x', 0]);
  expect(await client.ledger.tries()).toEqual([]);
});

test('attempts are remembered over a restart, and a later write begins anew', async () => {
  const server = servers();
  const ledger = createMemoryLedger();
  const first = await openWatched(server, { ledger });
  await until(() => isSynced(first));
  server.fate = (request) => (isPush(request) ? { status: 503, body: {} } : 'go');
  await first.notes.insert({ id: 'a', title: 'x' });
  await until(() => first.status().failed === 1);
  await first.sync.stop();
  server.fate = (request) => (isPush(request) ? 'hang' : 'go');
  const second = await openWatched(server, { ledger, database: first.database });
  await until(() => second.status().failed === 1);
  await (await second.notes.findOne('a').exec(true)).incrementalPatch({ title: 'y' });
  await until(() => second.status().failed === 0);
  expect(second.status().pending).toBe(1);
});

test('what waits stands in the order in which it was written, also after a start', async () => {
  const server = servers();
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  const ledger = createMemoryLedger();
  const first = await openWatched(server, { ledger });
  for (const [collection, id] of [
    ['notes', 'a'],
    ['places', 'b'],
    ['notes', 'c'],
  ] as const) {
    await first.collection(collection).insert({ id, title: 'x' });
    const nowMs = Date.now();
    await until(() => Date.now() > nowMs);
  }
  await first.sync.stop();
  const next = await openWatched(server, { ledger, database: first.database });
  await until(() => next.all().length === 3);
  expect(next.all().map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

const breaksAtPoison: FakeServer['fate'] = ({ path, body }) => {
  const rows = path === '/api/sync/push' ? (body as { rows: { doc: object }[] }).rows : [];
  return rows.some(({ doc }) => 'title' in doc && doc.title === 'poison')
    ? { status: 500, body: { code: 'internal', detail: 'The server broke.' } }
    : 'go';
};

test('a row at which the server breaks goes last, is refused in the end and keeps no other back', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  server.fate = breaksAtPoison;
  await client.notes.bulkInsert(
    Array.from({ length: 40 }, (_, index) => ({
      id: `n${String(index).padStart(2, '0')}`,
      title: index === 3 ? 'poison' : 'good',
    })),
  );
  await client.notes.insert({ id: 'later', title: 'good' });
  await until(() => server.stored('notes', 'later') !== undefined);
  expect(server.documents.size).toBe(40);
  await until(() => client.refused().length === 1 && client.status().pending === 0);
  expect(client.refused()[0]).toMatchObject({ id: 'n03', code: 'server_breaks' });
});

test('a row at which the server breaks, and to which a group refers, keeps no other back', async () => {
  const collections = [notes, parts, note('others')];
  const server = new FakeServer(collections);
  const client = await openWatched(server, { collections });
  await until(() => isSynced(client));
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await client.notes.insert({ id: 'p', title: 'poison' });
  await client.sync.atomic('With it', [
    { collection: 'parts', insert: { id: 'q', title: 'good', parent: 'p' } },
  ]);
  server.fate = breaksAtPoison;
  client.sync.syncNow();
  await client.collection('others').insert({ id: 'o', title: 'good' });
  await until(() => server.stored('others', 'o') !== undefined);
  await until(() => client.refused().some(({ id }) => id === 'p'));
});

test('a row at which the server breaks keeps nothing back either when it was edited meanwhile', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  server.fate = breaksAtPoison;
  await client.notes.insert({ id: 'a', title: 'poison' });
  await until(() => server.pushes.length > 0);
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ title: 'good' });
  await client.collection('places').insert({ id: 'b', title: 'good' });
  await until(() => client.refused().length === 1 && client.status().pending === 0);
  expect(client.refused()[0]).toMatchObject({ id: 'a', code: 'server_breaks' });
  await until(() => isSynced(client) || client.status().state === 'attention');
  expect(server.stored('notes', 'a')).toMatchObject({ title: 'good' });
});
