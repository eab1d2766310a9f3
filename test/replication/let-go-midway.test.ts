// A discard that is being decided while rows are handed over, requests begin and newer versions pass.

import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import type { FakeServer, Fate } from './support/fake-server.ts';
import { door } from './support/feed.ts';
import { afterNext, beforeNext } from './support/ledgers.ts';
import { edit, holdPushes, opOf, pairWaits } from './support/letting-go.ts';
import { carries, isPush, openWatched, PAIR, servers, type Watched } from './support/watched.ts';
import { foreign, isSynced, UNTIL_ASKED } from './support/world.ts';

/** A group waits behind a request that was lost, until somebody asks for it. */
async function waitingPair(server: FakeServer): Promise<Watched> {
  const client = await openWatched(server, { timing: UNTIL_ASKED });
  await until(() => isSynced(client));
  const gate = await holdPushes(client, server);
  await client.sync.atomic('A sale', PAIR);
  await pairWaits(client);
  gate.open();
  await until(() => client.status().pushing === 'waiting');
  return client;
}

test('an earlier state that waits for the device to be announced is not sent', async () => {
  const server = servers();
  server.fate = ({ path }) => (path === '/api/sync/device' ? 'lose request' : 'go');
  const client = await openWatched(server);
  await until(() => server.streams.length === 1);
  await client.notes.insert({ id: 'a', title: 'one' });
  await until(() => client.of('a') !== undefined);
  // RxDB has read it when the next write of it has been told, too.
  await client.collection('places').insert({ id: 'before', title: 'x' });
  await until(() => client.of('before') !== undefined);
  await edit(client, { title: 'two' });
  await client.sync.discard([opOf(client, 'a')]);
  await until(async () => (await client.read('a'))?._deleted === true);
  server.fate = () => 'go';
  client.sync.syncNow();
  await until(() => server.stored('places', 'before') !== undefined && isSynced(client));
  expect(server.stored('notes', 'a')).toBeUndefined();
});

test('no member of its group goes in a request that begins meanwhile', async () => {
  const server = servers();
  const client = await waitingPair(server);
  beforeNext(client.ledger, 'judged', async () => {
    await edit(client, { title: 'later' });
    server.fate = () => 'go';
    client.sync.syncNow();
    await until(() => server.stored('notes', 'flying') !== undefined);
    // RxDB hands over what it has kept back, and nothing of it can go.
    await until(() => client.status().pushing === 'held');
  });
  await client.sync.discard([opOf(client, 'b')]);
  await until(() => client.status().pending === 0);
  expect([...server.documents.keys()]).toEqual(['notes/flying']);
});

test('a discard by which a newer version comes to stand is told as done', async () => {
  const server = servers();
  server.write('notes', foreign('a', 'old'));
  const client = await openWatched(server);
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
  const gate = door();
  let pulls = 0;
  server.deliver = () => [];
  server.write('notes', foreign('z', 'x'));
  server.fate = async (request): Promise<Fate> => {
    if (isPush(request)) return 'lose request';
    if (request.path === '/api/sync/pull') {
      pulls += 1;
      await gate.opened;
    }
    return 'go';
  };
  client.sync.syncNow();
  await until(() => pulls > 0);
  const found = await client.notes.findOne('a').exec(true);
  await Promise.all([
    client.notes.insert({ id: 'other', title: 'x' }),
    found.incrementalPatch({ body: 'mine' }),
  ]);
  await until(
    () => client.of('a') !== undefined && server.rows.some(({ doc }) => doc['id'] === 'a'),
  );
  const old = server.stored('notes', 'a') ?? {};
  const time = (Date.now() + 5).toString(16).padStart(12, '0');
  const clk = { ...old.clk, title: `${time}000000-ffffffffff000000` };
  server.write('notes', { ...old, title: 'theirs', clk });
  gate.open();
  await until(async () => (await client.read('z')) !== undefined);
  await client.sync.discard([opOf(client, 'a')]);
  expect(await client.read('a')).toMatchObject({ title: 'theirs' });
});

// The moment that matters is a turn or two of the event loop long: one of these meets it.
test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
  'a group that is kept after all while a request is put together goes whole (%i)',
  async (turns) => {
    const server = servers();
    const client = await waitingPair(server);
    const { ledger } = client;
    const [held, failed] = [door(), door()];
    beforeNext(ledger, 'noteRun', async () => {
      held.open();
      await failed.opened;
      throw new Error('The disk is full.');
    });
    const said = client.sync.discard([opOf(client, 'b')]).catch(String);
    await held.opened;
    server.fate = () => 'go';
    client.sync.syncNow();
    await until(() => client.status().pushing === 'held');
    // The groups are read, and then nothing is let go any more.
    afterNext(ledger, 'groups', async () => {
      failed.open();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    });
    expect(await said).toContain('The disk is full');
    await until(() => client.status().pending === 0);
    const alone = server.rows
      .filter(({ group }) => group === undefined)
      .map(({ doc }) => doc['id']);
    expect(new Set(alone)).toEqual(new Set(['flying']));
  },
);

test('what has come back from the server meanwhile is not told as discarded', async () => {
  const server = servers();
  server.write('notes', foreign('a', 'old'));
  const client = await openWatched(server);
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
  const gate = door();
  server.deliver = () => [];
  server.write('notes', foreign('z', 'x'));
  let isPulling = false;
  let isTaken = false;
  server.fate = async (request): Promise<Fate> => {
    if (isPush(request)) {
      const isFirst = !isTaken && carries(request, 'a');
      isTaken ||= isFirst;
      return isFirst ? 'lose answer' : 'lose request';
    }
    if (request.path !== '/api/sync/pull') return 'go';
    isPulling = true;
    await gate.opened;
    return 'go';
  };
  client.sync.syncNow();
  await until(() => isPulling);
  const found = await client.notes.findOne('a').exec(true);
  // In one batch of RxDB, which stays open.
  await Promise.all([
    client.notes.insert({ id: 'other', title: 'x' }),
    found.incrementalPatch({ body: 'mine' }),
  ]);
  await until(() => client.of('a') !== undefined && isTaken);
  gate.open();
  await until(async () => (await client.read('z')) !== undefined);
  await expect(client.sync.discard([opOf(client, 'a')])).rejects.toThrow('changed again');
  expect(server.stored('notes', 'a')).toMatchObject({ body: 'mine' });
});
