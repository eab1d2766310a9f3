// What a person lets go of before it was sent: it is never sent, and documents go back at once.

import { expect, test } from 'vitest';
import { createMemoryLedger } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import type { Fate } from './support/fake-server.ts';
import { door } from './support/feed.ts';
import { beforeNext } from './support/ledgers.ts';
import { edit, holdPushes, onceLetGo, opOf, pairWaits } from './support/letting-go.ts';
import { tabsOf } from './support/tabs.ts';
import { isPush, letGo, openWatched, PAIR, servers } from './support/watched.ts';
import { foreign, isSynced } from './support/world.ts';

test('a waiting write that is discarded is never sent, and its document goes back', async () => {
  const server = servers();
  server.write('notes', foreign('a', 'theirs'));
  const client = await openWatched(server);
  await until(async () => isSynced(client) && (await client.read('a')) !== undefined);
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ title: 'mine' });
  await client.notes.insert({ id: 'new', title: 'new' });
  await client.notes.insert({ id: 'stays', title: 'stays' });
  await until(() => client.of('stays') !== undefined);
  const ops = ['a', 'new'].map((id) => opOf(client, id));
  await client.sync.discard(ops);
  await until(async () => (await client.read('a'))?.['title'] === 'theirs');
  await until(async () => (await client.read('new'))?._deleted === true);
  const before = server.rows.length;
  server.fate = () => 'go';
  client.sync.syncNow();
  await until(() => server.stored('notes', 'stays') !== undefined && isSynced(client));
  expect(server.rows.slice(before).map(({ doc }) => doc['id'])).toEqual(['stays']);
  expect([server.stored('notes', 'a')?.['title'], server.stored('notes', 'new')]).toEqual([
    'theirs',
    undefined,
  ]);
  await until(async () => (await client.ledger.tries()).length === 0);
});

test('when nothing is left to be sent, its last failure is over', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await client.notes.insert({ id: 'a', title: 'a' });
  await until(() => client.of('a') !== undefined && client.status().state === 'unreachable');
  await client.sync.discard([opOf(client, 'a')]);
  await until(() => isSynced(client), 'the state without a trouble');
});

test('what was discarded before a crash is not sent after it', async () => {
  const server = servers();
  const ledger = createMemoryLedger();
  const first = await openWatched(server, { ledger });
  await until(() => isSynced(first));
  server.fate = (request) => (isPush(request) ? 'hang' : 'go');
  // RxDB has these under way, so the next one is not handed over before they are settled.
  await first.notes.insert({ id: 'flying', title: 'x' });
  await until(() => server.pushes.length === 1);
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await first.collection('places').insert({ id: 'p', title: 'x' });
  await until(() => first.of('p') !== undefined);
  const op = opOf(first, 'p');
  await ledger.judged(letGo(op));
  await first.sync.stop();
  server.fate = () => 'go';
  const second = await openWatched(server, { ledger, database: first.database });
  await until(() => server.stored('notes', 'flying') !== undefined && isSynced(second));
  await until(async () => (await second.read('p', 'places'))?._deleted === true);
  expect(server.stored('places', 'p')).toBeUndefined();
});

test('a group that no request has carried can be discarded as a whole; one that may have arrived can’t', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  const gate = door();
  server.fate = async (request): Promise<Fate> => {
    if (isPush(request)) await gate.opened;
    return 'go';
  };
  await client.notes.insert({ id: 'flying', title: 'x' });
  await until(() => server.pushes.length === 1);
  await client.sync.atomic('A sale', PAIR);
  await pairWaits(client);
  const discarded = client.sync.discard([opOf(client, 'a')]);
  server.fate = (request) => (isPush(request) ? 'lose answer' : 'go');
  gate.open();
  await discarded;
  await until(async () => (await client.read('b', 'places'))?._deleted === true);
  expect(await client.ledger.groups()).toEqual([]);
  expect(server.rows.every(({ group }) => group === undefined)).toBe(true);

  await client.sync.atomic('Another', [{ collection: 'notes', insert: { id: 'c', title: 'c' } }]);
  await until(() => server.rows.some(({ group }) => group !== undefined));
  await until(() => client.of('c') !== undefined);
  await expect(client.sync.discard([opOf(client, 'c')])).rejects.toThrow('reached the server');
  server.fate = () => 'go';
  await until(() => isSynced(client));
  expect(server.stored('notes', 'c')).toMatchObject({ title: 'c' });
});

test('a record that was changed again after its group can’t be discarded alone, and the group is sent', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await client.sync.atomic('A sale', PAIR);
  await until(() => client.of('a')?.group !== undefined && server.pushes.length > 0);
  await edit(client, { title: 'later' });
  await expect(client.sync.discard([opOf(client, 'a')])).rejects.toThrow(
    'may have reached the server',
  );
  server.fate = () => 'go';
  client.sync.syncNow();
  await until(() => isSynced(client));
  expect(server.stored('notes', 'a')).toMatchObject({ title: 'later' });
  expect(server.stored('places', 'b')).toMatchObject({ title: 'b' });
});

test('a record that is edited while it is being discarded is not told to be gone', async () => {
  const server = servers();
  server.write('notes', foreign('a', 'old'));
  const client = await openWatched(server);
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ title: 'mine' });
  await until(() => client.of('a') !== undefined && server.pushes.length > 0);
  beforeNext(client.ledger, 'noteRun', () => edit(client, { body: 'typed now' }));
  await expect(client.sync.discard([opOf(client, 'a')])).rejects.toThrow('changed again');
  server.fate = () => 'go';
  client.sync.syncNow();
  await until(() => server.stored('notes', 'a')?.['body'] === 'typed now' && isSynced(client));
  expect(server.stored('notes', 'a')).toMatchObject({ title: 'mine' });
});

test.each(['goes on', 'ends then'])(
  'an edit of a discarded group, before its record is back, brings no part of it when the page %s',
  async (how) => {
    const server = servers();
    const ledger = createMemoryLedger();
    const client = await openWatched(server, { ledger });
    await until(() => isSynced(client));
    const gate = await holdPushes(client, server);
    await client.sync.atomic('A sale', PAIR);
    await pairWaits(client);
    const edited = door();
    onceLetGo(client, async () => {
      await edit(client, { title: 'later' });
      edited.open();
      if (how === 'ends then') await new Promise(() => {});
    });
    const said = client.sync.discard([opOf(client, 'a')]).catch(String);
    gate.open();
    await edited.opened;
    if (how === 'goes on') expect(await said).toBeUndefined();
    else await client.sync.stop();
    server.fate = () => 'go';
    const then =
      how === 'goes on' ? client : await openWatched(server, { ledger, database: client.database });
    then.sync.syncNow();
    await until(
      () => server.stored('notes', 'flying') !== undefined && then.status().pending === 0,
    );
    expect([server.stored('notes', 'a'), server.stored('places', 'b')]).toEqual([
      undefined,
      undefined,
    ]);
    expect(then.refused()).toMatchObject([{ id: 'a', code: 'refused_before' }]);
    await until(async () => (await ledger.tries()).length === 0);
  },
);

test('every tab shows the same outbox and may discard', async () => {
  const server = servers();
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  const timing = { heartbeatMs: 20, takeOverMs: 2_000 };
  const { open } = tabsOf(server, openWatched, { timing });
  const leader = await open('one');
  await until(() => leader.status().leader);
  const follower = await open('two');
  await follower.notes.insert({ id: 'a', title: 'x' });
  await until(() => follower.of('a') !== undefined && leader.of('a') !== undefined);
  expect(follower.of('a')?.op).toBe(leader.of('a')?.op);
  expect(follower.status().leader).toBe(false);
  await follower.sync.discard([opOf(follower, 'a')]);
  await until(async () => (await follower.read('a'))?._deleted === true);
  await until(() => follower.of('a') === undefined && follower.status().pending === 0);
});
