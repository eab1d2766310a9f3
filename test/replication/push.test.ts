import { expect, test } from 'vitest';
import { createMemoryLedger } from '../../replication/index.ts';
import { FAILED_AFTER } from '../../replication/outbox/waiting.ts';
import { until } from '../support/until.ts';
import { door } from './support/feed.ts';
import { FakeServer } from './support/fake-server.ts';
import { foreign, isSynced, note, notes, openClient } from './support/world.ts';

const isPush = (request: { readonly path: string }): boolean => request.path === '/api/sync/push';
test('a write that waits in each of twelve collections goes with the others in one request', async () => {
  const twelve = Array.from({ length: 12 }, (_, index) => note(`notes${index}`));
  const server = new FakeServer(twelve);
  // Nothing gets through until a request has them all.
  server.fate = (request) =>
    isPush(request) && (server.pushes.at(-1)?.rows.length ?? 0) < 12 ? { status: 503 } : 'go';
  const client = await openClient(server, { collections: twelve });
  for (const { name } of twelve) await client.collection(name).insert({ id: 'a', title: name });
  await until(() => server.documents.size === 12 && isSynced(client));
  expect(server.pushes.filter(({ rows }) => rows.length === 12).length).toBe(1);
});

test('an accepted, a merged and a refused row are each pushed exactly once', async () => {
  const server = new FakeServer([notes]);
  server.write('notes', foreign('merged', 'theirs'), foreign('refused', 'theirs'));
  server.judge = ({ doc }) =>
    doc['title'] === 'bad' ? { verdict: 'rejected', code: 'no', message: 'No.' } : undefined;
  const client = await openClient(server);
  await until(async () => (await client.read('refused')) !== undefined && isSynced(client));
  server.fate = () => ({ status: 503 });
  await client.notes.insert({ id: 'accepted', title: 'mine' });
  await (await client.notes.findOne('merged').exec())?.incrementalPatch({ title: 'mine' });
  await (await client.notes.findOne('refused').exec())?.incrementalPatch({ title: 'bad' });
  server.write('notes', { ...server.stored('notes', 'merged'), body: 'theirs' });
  server.requests.length = 0;
  server.fate = () => 'go';
  await until(() => client.status().state === 'attention');
  await until(async () => (await client.read('refused'))?.['title'] === 'theirs');
  client.sync.syncNow();
  await until(() => server.count('/api/sync/pull') > 0 && client.status().pending === 0);
  const sent = server.rows.map(({ doc }) => String(doc['id'])).toSorted();
  expect(sent).toEqual(['accepted', 'merged', 'refused']);
  expect(await client.read('merged')).toMatchObject({ title: 'mine', body: 'theirs' });
  expect(await client.read('merged')).toMatchObject({ rev: server.stored('notes', 'merged')?.rev });
});

test('a lost answer is asked for again with the same operation, and nothing happens twice', async () => {
  const server = new FakeServer([notes]);
  let lost = 0;
  server.fate = (request) => (isPush(request) && (lost += 1) <= 2 ? 'lose answer' : 'go');
  const client = await openClient(server);
  await client.notes.insert({ id: 'a', title: 'one' });
  await until(() => lost > 2 && isSynced(client));
  expect(new Set(server.rows.map(({ op }) => op)).size).toBe(1);
  expect(server.seq).toBe(1);
  expect(await client.read('a')).toMatchObject({ title: 'one', rev: 1 });
});

test('an answer that hangs is given up after the time limit', async () => {
  const server = new FakeServer([notes]);
  let pushes = 0;
  server.fate = (request) => (isPush(request) && (pushes += 1) === 1 ? 'hang' : 'go');
  const client = await openClient(server, { timing: { requestTimeoutMs: 30 } });
  await client.notes.insert({ id: 'a', title: 'one' });
  await until(() => server.stored('notes', 'a') !== undefined && isSynced(client));
});

test('what a slow network can’t carry in time goes in smaller requests', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server, { timing: { requestTimeoutMs: 30 } });
  await until(() => isSynced(client));
  server.fate = (request) =>
    isPush(request) && (server.pushes.at(-1)?.rows.length ?? 0) > 10 ? 'hang' : 'go';
  await client.notes.bulkInsert(
    Array.from({ length: 100 }, (_, index) => ({ id: `n${index}`, title: 'x' })),
  );
  await until(() => server.documents.size === 100 && isSynced(client));
  expect(client.status().failed).toBe(0);
});

test('an insert that is deleted before its first push goes as one tombstone without a base', async () => {
  const server = new FakeServer([notes]);
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  const database = await openClient(server);
  await database.sync.stop();
  const inserted = await database.notes.insert({ id: 'a', title: 'one' });
  await inserted.remove();
  server.fate = () => 'go';
  server.requests.length = 0;
  const client = await openClient(server, { database: database.database });
  await until(() => server.stored('notes', 'a')?._deleted === true && isSynced(client));
  expect(server.rows.length).toBe(1);
  expect(server.rows[0]?.base).toBeUndefined();
  expect(server.rows[0]?.doc.clk?.['-']).toBeDefined();
});

test('an edit while the push is under way stays, and is pushed after it', async () => {
  const server = new FakeServer([notes]);
  const gate = door();
  server.beforeAnswer = (request) =>
    isPush(request) && server.pushes.length === 1 ? gate.opened : undefined;
  const client = await openClient(server);
  const inserted = await client.notes.insert({ id: 'a', title: 'one' });
  const seen: unknown[] = [];
  client.notes.findOne('a').$.subscribe((found) => seen.push(found?.get('title')));
  await until(() => server.pushes.length === 1);
  await inserted.incrementalPatch({ title: 'two' });
  gate.open();
  await until(() => server.stored('notes', 'a')?.['title'] === 'two' && isSynced(client));
  expect(await client.read('a')).toMatchObject({ title: 'two', rev: 2 });
  expect(seen.slice(seen.indexOf('two'))).not.toContain('one');
  expect(server.rows.length).toBe(2);
});

test('a refused insert is kept in the ledger first, then goes away, and its id can be used again', async () => {
  const server = new FakeServer([notes]);
  server.judge = ({ doc }) =>
    doc['title'] === 'bad'
      ? { verdict: 'rejected', code: 'no_bad', message: 'Not this.' }
      : undefined;
  const ledger = createMemoryLedger();
  const gate = door();
  const slow = {
    ...ledger,
    judged: (judged: Parameters<typeof ledger.judged>[0]) =>
      gate.opened.then(() => ledger.judged(judged)),
  };
  const client = await openClient(server, { ledger: slow });
  await client.notes.insert({ id: 'a', title: 'bad' });
  await until(() => server.pushes.length === 1);
  await until(() => client.statuses.some(({ state }) => state === 'sending'));
  expect((await client.read('a'))?._deleted).toBe(false);
  gate.open();
  await until(async () => (await client.read('a'))?._deleted === true);
  await until(() => client.refused().length === 1);
  expect(client.refused()[0]).toMatchObject({
    id: 'a',
    code: 'no_bad',
    message: 'Not this.',
    doc: { title: 'bad' },
  });
  expect((await client.read('a'))?.clk?.['-']).toBeUndefined();

  await client.notes.insert({ id: 'a', title: 'good' });
  await until(() => server.stored('notes', 'a') !== undefined);
  expect(server.rows.at(-1)?.base).toBeUndefined();
  await until(async () => (await client.read('a'))?.rev === 1);
  expect(server.rows.length).toBe(2);
});

test('a refused edit goes back to the server’s version and the refused one is kept', async () => {
  const server = new FakeServer([notes]);
  server.write('notes', foreign('a', 'theirs'));
  server.judge = () => ({ verdict: 'superseded' });
  const client = await openClient(server);
  await until(async () => (await client.read('a')) !== undefined);
  await (await client.notes.findOne('a').exec())?.incrementalPatch({ title: 'mine' });
  await until(
    async () => (await client.read('a'))?.['title'] === 'theirs' && client.refused().length === 1,
  );
  expect(client.refused()[0]).toMatchObject({ verdict: 'superseded', doc: { title: 'mine' } });
  expect(server.rows[0]?.base).toMatchObject({ rev: 1, was: { title: 'theirs' } });
  await until(() => client.status().state === 'attention');
  await client.sync.discard([client.refused()[0]?.op ?? '']);
  await until(() => isSynced(client));
});

test('a row that no request can hold is refused here, and its neighbours go', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await until(() => isSynced(client));
  await client.notes.bulkInsert([
    { id: 'big', title: 'big', body: 'ü'.repeat(2_200_000) },
    { id: 'small', title: 'small' },
  ]);
  await until(() => server.stored('notes', 'small') !== undefined && client.refused().length === 1);
  expect(client.refused()[0]).toMatchObject({ id: 'big', code: 'too_large' });
  await until(async () => (await client.read('big'))?._deleted === true);
  expect(server.rows.map(({ doc }) => doc['id'])).toEqual(['small']);
});

test('a request that the server finds too large is halved until it passes', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await until(() => isSynced(client));
  server.fate = ({ path, body }) =>
    path === '/api/sync/push' && (body as { rows: unknown[] }).rows.length > 3
      ? { status: 413 }
      : 'go';
  await client.notes.bulkInsert(
    Array.from({ length: 10 }, (_, index) => ({ id: `n${index}`, title: 'x' })),
  );
  await until(() => server.documents.size === 10 && isSynced(client));
});

test('documents that others refer to go first, then the lower priority, then the older', async () => {
  const sales = note('sales', 10, { parent: 'products' });
  const products = note('products', 40);
  const expenses = note('expenses', 30);
  const server = new FakeServer([sales, products, expenses]);
  const collections = [expenses, products, sales];
  const client = await openClient(server, { collections, timing: { collectMs: 100 } });
  await until(() => isSynced(client));
  await client.collection('products').bulkInsert([
    { id: 'p2', title: 'x' },
    { id: 'p1', title: 'x' },
  ]);
  await client.collection('expenses').insert({ id: 'e1', title: 'x' });
  await client.collection('sales').bulkInsert([
    { id: 's1', title: 'x', parent: 'p1' },
    { id: 's2', title: 'x' },
  ]);
  await until(() => server.documents.size === 5);
  const order = server.rows.map(({ doc }) => doc['id']);
  expect(order).toEqual(['p1', 's1', 's2', 'e1', 'p2']);
});

test('without a log-in nothing more is tried until somebody asks for it', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await until(() => isSynced(client));
  server.fate = (request) =>
    isPush(request) ? { status: 401, body: { detail: 'Log in.' } } : 'go';
  await client.notes.insert({ id: 'a', title: 'one' });
  await until(() => client.status().state === 'loggedOut');
  expect(client.status()).toMatchObject({
    pending: 1,
    pendingKeys: ['notes/a'],
    lastError: 'Log in.',
  });
  expect(server.pushes.length).toBe(1);
  server.fate = () => 'go';
  client.sync.syncNow();
  await until(() => isSynced(client));
  expect(server.pushes.length).toBe(2);
});

test('who is no member any more loses nothing, and goes on without being asked once let in again', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await until(() => isSynced(client));
  server.fate = () => ({ status: 403, body: { code: 'not_a_member', detail: 'Out.' } });
  await client.notes.insert({ id: 'a', title: 'one' });
  await until(() => server.pushes.length > FAILED_AFTER + 1);
  expect(client.status()).toMatchObject({
    state: 'notMember',
    pending: 1,
    failed: 0,
    refused: 0,
    lastError: 'Out.',
  });
  server.fate = () => 'go';
  await until(() => isSynced(client));
  expect(server.stored('notes', 'a')).toMatchObject({ title: 'one' });
});

test('a write that changes nothing is not pushed and not pending', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  const inserted = await client.notes.insert({ id: 'a', title: 'one' });
  await until(() => server.rows.length === 1 && isSynced(client));
  await inserted.incrementalPatch({ title: 'one' });
  await client.notes.insert({ id: 'b', title: 'last' });
  await until(() => server.stored('notes', 'b') !== undefined && isSynced(client));
  expect(server.rows.map(({ doc }) => doc['id'])).toEqual(['a', 'b']);
});

test('work that was under way when sync stopped is sent by the next start', async () => {
  const server = new FakeServer([notes]);
  server.fate = (request) => (isPush(request) ? 'hang' : 'go');
  const first = await openClient(server);
  await first.notes.bulkInsert(
    Array.from({ length: 1_500 }, (_, index) => ({ id: `n${index}`, title: 'x' })),
  );
  await until(() => server.pushes.length === 1);
  await first.sync.stop();
  server.fate = () => 'go';
  const second = await openClient(server, { database: first.database });
  await until(() => server.documents.size === 1_500 && isSynced(second));
});
