// A document that comes down while it goes up: whichever answer comes last, the newest version stays.

import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { change, door, live, titles } from './support/feed.ts';
import { FakeServer, type Fate } from './support/fake-server.ts';
import { holdNext, withContext } from './support/storage.ts';
import { foreign, isSynced, notes, openClient } from './support/world.ts';

test('a page that overtakes the answer to a push wins over it', async () => {
  const server = new FakeServer([notes]);
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  const before = await openClient(server);
  await before.notes.insert({ id: 'a', title: 'mine' });
  await before.sync.stop();
  server.fate = () => 'go';
  const [answered, pushed] = [door(), door()];
  server.beforeAnswer = async ({ path }) => {
    if (path !== '/api/sync/push') return;
    pushed.open();
    await answered.opened;
  };
  // The pull reaches the server after the push and a later change; its answer comes first.
  server.fate = async ({ path }): Promise<Fate> => {
    if (path !== '/api/sync/pull' || server.count('/api/sync/pull') > 1) return 'go';
    await pushed.opened;
    change(server, 'a', 'theirs');
    return 'go';
  };
  const client = await openClient(server, { database: before.database });
  await until(() => server.streams.length === 1);
  answered.open();
  await until(() => isSynced(client));
  expect(await client.read('a')).toMatchObject({ title: 'theirs', rev: 2 });
});

test('a page for a document whose answer RxDB is still writing waits for it', async () => {
  const server = new FakeServer([notes]);
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  const before = await openClient(server);
  await before.notes.insert({ id: 'a', title: 'mine' });
  await before.sync.stop();
  const pulled = door();
  server.fate = async ({ path }): Promise<Fate> => {
    if (path !== '/api/sync/pull') return 'go';
    await pulled.opened;
    return 'go';
  };
  const hold = holdNext(before.notes, 'bulkWrite', withContext('replication-up-write-conflict'));
  const client = await openClient(server, { database: before.database });
  await until(() => hold.isHolding());
  change(server, 'a', 'theirs');
  pulled.open();
  await until(() => server.streams.length === 1);
  hold.release();
  await until(async () => (await client.read('a'))?.['title'] === 'theirs');
  expect(await client.read('a')).toMatchObject({ rev: 2 });
});

test('a page that RxDB is slow to store does not go over a later answer', async () => {
  const server = new FakeServer([notes]);
  server.write('notes', foreign('a', 'first'));
  const client = await openClient(server);
  await live(server, client);
  const mine = await client.notes.findOne('a').exec();
  const seen = titles(client, 'a');
  // RxDB has the page and does not look yet at what is stored.
  server.deliver = () => [];
  server.write('notes', foreign('b', 'x'));
  change(server, 'a', 'second');
  const hold = holdNext(client.notes, 'findDocumentsById', () => true);
  client.sync.syncNow();
  await until(() => hold.isHolding());
  await mine?.incrementalPatch({ title: 'third' });
  await until(
    () => server.stored('notes', 'a')?.['title'] === 'third' && client.status().pending === 0,
  );
  hold.release();
  await until(async () => (await client.read('b')) !== undefined && isSynced(client));
  expect((await client.read('a'))?.['title']).toBe('third');
  expect(new Set(seen.slice(seen.indexOf('third')))).toEqual(new Set(['third']));
});

test('a document that is here in the same version is not written again', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await live(server, client);
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => server.rows.length === 1 && isSynced(client));
  const written: string[] = [];
  client.notes.eventBulks$.subscribe(({ context }) => written.push(context));
  // The same versions from a new history, with their fields in another order.
  server.epoch = 'e2';
  for (const [key, document] of server.documents)
    server.documents.set(key, Object.fromEntries(Object.entries(document).toReversed()));
  client.sync.syncNow();
  await until(() => server.count('/api/sync/pull') === 3 && isSynced(client));
  server.write('notes', foreign('end', 'x'));
  await until(async () => (await client.read('end')) !== undefined);
  expect(written.length).toBe(1);
});

test('nothing is taken back while a person types', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server, { timing: { collectMs: 1 } });
  await live(server, client);
  const typed = await client.notes.insert({ id: 'a', title: '0' });
  const seen: number[] = [];
  client.notes.findOne('a').$.subscribe((found) => seen.push(Number(found?.get('title') ?? -1)));
  for (let edit = 1; edit <= 120; edit += 1) {
    await typed.incrementalPatch({ title: String(edit) });
    const reached = server.rows.length;
    if (edit % 3 === 0) await until(() => server.rows.length > reached || isSynced(client));
    // Somebody else works on another field.
    if (edit % 5 === 0 && server.stored('notes', 'a') !== undefined) {
      const stored = server.stored('notes', 'a');
      const stamp = `${Date.now().toString(16).padStart(12, '0')}${edit.toString(16).padStart(6, '0')}-ffffffffff000000`;
      server.write('notes', { ...stored, body: `b${edit}`, clk: { ...stored?.clk, body: stamp } });
    }
  }
  await until(() => server.stored('notes', 'a')?.['title'] === '120' && isSynced(client));
  await until(async () => (await client.read('a'))?.['body'] === 'b120');
  expect(seen.filter((title, index) => title < (seen[index - 1] ?? -1))).toEqual([]);
});
