import { expect, test } from 'vitest';
import type { StreamEvent } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import { change, door, live, titles } from './support/feed.ts';
import { FakeServer } from './support/fake-server.ts';
import { failNext, withContext } from './support/storage.ts';
import { foreign, isSynced, note, notes, openClient } from './support/world.ts';

test('a late and a repeated event change nothing', async () => {
  const server = new FakeServer([notes]);
  server.write('notes', foreign('a', 'one'));
  const client = await openClient(server);
  await live(server, client);
  const late: StreamEvent[] = [];
  server.deliver = (event) => {
    late.push(event);
    return [event, ...late];
  };
  const seen = titles(client, 'a');
  for (const title of ['two', 'three', 'four']) change(server, 'a', title);
  await until(async () => (await client.read('a'))?.['title'] === 'four');
  server.streams.at(-1)?.send(late[0] as StreamEvent);
  server.write('notes', foreign('b', 'end'));
  await until(async () => (await client.read('b')) !== undefined);
  expect((await client.read('a'))?.['title']).toBe('four');
  expect(server.count('/api/sync/pull')).toBe(1);
  const order = ['one', 'two', 'three', 'four'];
  const places = seen
    .filter((title) => title !== 'gone')
    .map((title) => order.indexOf(String(title)));
  expect(places).toEqual(places.toSorted((left, right) => left - right));
});

test('what a lost event held is pulled when the next event comes', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await live(server, client);
  server.deliver = () => [];
  server.write('notes', foreign('lost', 'lost'));
  server.deliver = (event) => [event];
  server.write('notes', foreign('next', 'next'));
  await until(
    async () =>
      (await client.read('lost')) !== undefined && (await client.read('next')) !== undefined,
  );
  expect(server.count('/api/sync/pull')).toBe(2);
});

test('a long pull says how far it has come, and of how many', async () => {
  const server = new FakeServer([notes]);
  server.pageSize = 4;
  for (let index = 0; index < 10; index += 1) server.write('notes', foreign(`n${index}`, 'one'));
  const client = await openClient(server);
  await until(() => isSynced(client));
  const shown = client.statuses
    .filter(({ state }) => state === 'receiving')
    .map(({ progress }) => `${progress?.done} of ${progress?.of}`);
  expect([...new Set(shown)]).toEqual(['0 of 10', '4 of 10', '8 of 10', '10 of 10']);
});

test('events that come while a pull is being stored are not lost', async () => {
  const other = note('others');
  const both = new FakeServer([notes, other]);
  both.pageSize = 2;
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) both.write('notes', foreign(id, 'pulled'));
  const gate = door();
  // The empty collection ends its pull first, which opens the stream; the other is in the middle.
  both.beforeAnswer = ({ path }) =>
    path === '/api/sync/pull' && both.count('/api/sync/pull') === 2 ? gate.opened : undefined;
  const client = await openClient(both, { collections: [notes, other] });
  await until(() => both.streams.length === 1);
  for (const id of ['x', 'y', 'a']) both.write('notes', foreign(id, 'event'));
  gate.open();
  await until(
    async () => (await client.read('y')) !== undefined && (await client.read('f')) !== undefined,
  );
  await until(
    async () =>
      (await client.read('a'))?.['title'] === 'event' && (await client.read('x')) !== undefined,
  );
});

test('a stream that breaks goes on from its last event', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await live(server, client);
  server.write('notes', foreign('a', 'one'));
  await until(async () => (await client.read('a')) !== undefined);
  server.streams[0]?.end();
  server.write('notes', foreign('b', 'while away'));
  await until(async () => (await client.read('b')) !== undefined);
  const opened = server.requests.filter(({ path }) => path === '/api/sync/stream');
  expect(opened[1]?.headers['Last-Event-ID']).toBe('e1:1');
  expect(server.count('/api/sync/pull')).toBe(1);
});

test('a silent stream is replaced, a heartbeat keeps it', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server, { timing: { streamSilenceMs: 60 } });
  await live(server, client);
  const [first] = server.streams;
  const startMs = performance.now();
  await until(() => {
    first?.write(': heartbeat\n\n');
    return performance.now() - startMs > 150;
  });
  expect(server.streams.length).toBe(1);
  await until(() => server.streams.length === 2);
  expect(first?.isOpen).toBe(false);
});

test('a goodbye reconnects, a resync pulls, an event that makes no sense pulls', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await live(server, client);
  server.streams[0]?.write('event: resync\ndata: {}\n\n');
  await until(() => server.count('/api/sync/pull') === 2 && isSynced(client));
  server.streams[0]?.write('data: nonsense\n\n');
  await until(() => server.count('/api/sync/pull') === 3 && isSynced(client));
  server.streams[0]?.write('event: bye\ndata: {}\n\n');
  await until(() => server.streams.length === 2);
});

test('a collection whose pushes fail does not keep the others from receiving', async () => {
  const other = note('others');
  const server = new FakeServer([notes, other]);
  const client = await openClient(server, { collections: [notes, other] });
  await live(server, client);
  server.fate = ({ path }) =>
    path === '/api/sync/push' ? { status: 503, headers: { 'Retry-After': '0' } } : 'go';
  await client.notes.insert({ id: 'a', title: 'stuck' });
  await until(() => client.status().state === 'waiting');
  server.write('others', foreign('live', 'x'));
  await until(async () => (await client.read('live', 'others')) !== undefined);
  server.deliver = () => [];
  server.write('others', foreign('pulled', 'x'));
  client.sync.syncNow();
  await until(async () => (await client.read('pulled', 'others')) !== undefined);
});

test('a foreign history is taken from the beginning, and unsent work is kept', async () => {
  const server = new FakeServer([notes]);
  server.seq = 500;
  server.write('notes', foreign('a', 'old history'));
  const client = await openClient(server);
  await live(server, client);
  await client.notes.insert({ id: 'sent', title: 'x' });
  await until(() => server.stored('notes', 'sent') !== undefined && isSynced(client));
  server.fate = () => 'lose request';
  server.streams.at(-1)?.end();
  await client.notes.insert({ id: 'mine', title: 'unsent' });
  server.epoch = 'e2';
  server.seq = 2;
  server.lose();
  server.write('notes', { ...foreign('a', 'new history') });
  server.fate = () => 'go';
  await until(async () => (await client.read('a'))?.['title'] === 'new history');
  await until(() => server.stored('notes', 'mine') !== undefined && isSynced(client));
  expect(server.stored('notes', 'sent')).toBeDefined();
  await until(() => server.streams.at(-1)?.isOpen === true);
  server.write('notes', { ...foreign('a', 'goes on') });
  await until(async () => (await client.read('a'))?.['title'] === 'goes on');
});

test('the next start goes on where this one was, also where nothing came', async () => {
  const other = note('others');
  const server = new FakeServer([notes, other]);
  for (let index = 0; index < 5; index += 1) server.write('notes', foreign(`n${index}`, 'x'));
  const collections = [notes, other];
  const client = await openClient(server, { collections });
  await live(server, client);
  await client.sync.stop();
  server.requests.length = 0;
  const again = await openClient(server, { collections, database: client.database });
  await until(() => isSynced(again));
  expect(server.requests[0]?.body).toEqual({
    collections: { notes: 'e1:5', others: 'e1:5' },
    schema: { notes: 0, others: 0 },
  });
});

test('an answer that makes no sense is tried again, and pulling goes on', async () => {
  const server = new FakeServer([notes]);
  server.write('notes', foreign('a', 'x'));
  const wrong = [
    { status: 200, body: { hello: 'proxy' } },
    { status: 500 },
    { status: 200, body: [] },
  ];
  server.fate = ({ path }) => (path === '/api/sync/pull' ? (wrong.shift() ?? 'go') : 'go');
  const client = await openClient(server);
  await until(async () => (await client.read('a')) !== undefined);
  expect(wrong).toEqual([]);
});

test('what RxDB failed to store is fetched again', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await live(server, client);
  failNext(client.notes, 'bulkWrite', withContext('replication-downstream'));
  server.write('notes', foreign('a', 'x'));
  await until(async () => (await client.read('a')) !== undefined);
  expect(client.statuses.some(({ lastError }) => lastError !== undefined)).toBe(true);
});

test('a bare tombstone takes away what is here and nothing else', async () => {
  const server = new FakeServer([notes]);
  server.write('notes', foreign('a', 'x'), foreign('b', 'x'));
  const client = await openClient(server);
  await live(server, client);
  server.write(
    'notes',
    { id: 'a', _deleted: true },
    { id: 'unknown', _deleted: true },
    foreign('c', 'x'),
  );
  await until(
    async () =>
      (await client.read('a'))?._deleted === true && (await client.read('c')) !== undefined,
  );
  expect(await client.read('a')).toMatchObject({ title: 'x' });
  expect(await client.read('unknown')).toBeUndefined();
  expect(server.rows).toEqual([]);
});
