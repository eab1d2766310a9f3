// What was let go, by a person or by this device, is on its way back: what is written, recorded or
// discarded at that moment is neither sent in part nor lost, and nothing stands still for it.

import { expect, test } from 'vitest';
import { operationOf } from '../../replication/stamp/clock.ts';
import { until } from '../support/until.ts';
import { door } from './support/feed.ts';
import { beforeNext } from './support/ledgers.ts';
import { edit, holdPushes, onceLetGo, opOf, pairWaits } from './support/letting-go.ts';
import { holdNext, withContext } from './support/storage.ts';
import { carriesGroup, isPush, openWatched, PAIR, servers } from './support/watched.ts';
import { foreign, isSynced, notes, UNTIL_ASKED } from './support/world.ts';

const NEXT = [{ collection: 'notes', id: 'a', update: { title: 'next' } }] as const;

test.each(['goes on', 'ends then'])(
  'a group over a record of a group that is discarded stops nothing when the page %s',
  async (how) => {
    const server = servers();
    const client = await openWatched(server);
    await until(() => isSynced(client));
    const gate = await holdPushes(client, server);
    await client.sync.atomic('A sale', PAIR);
    await pairWaits(client);
    onceLetGo(client, () => client.sync.atomic('Next', NEXT));
    const discarded = client.sync.discard([opOf(client, 'a')]);
    gate.open();
    await discarded;
    server.fate = () => 'go';
    if (how === 'ends then') await client.sync.stop();
    const { ledger, database } = client;
    const then = how === 'ends then' ? await openWatched(server, { ledger, database }) : client;
    await then.collection('places').insert({ id: 'other', title: 'x' });
    then.sync.syncNow();
    await until(() => server.stored('places', 'other') !== undefined, 'the other row');
    await until(() => then.status().pending === 0);
    expect(server.stored('notes', 'a')).toBeUndefined();
    expect(then.refused()).toMatchObject([{ id: 'a', code: 'refused_before' }]);
  },
);

test('nor does one over a record of a group that this device has refused', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  server.fate = (request) => (carriesGroup(request) ? { status: 413 } : 'go');
  const hold = holdNext(client.notes, 'bulkWrite', withContext('replication-up-write-conflict'));
  await client.sync.atomic('A pair', PAIR);
  await until(() => client.refused().length === 2 && hold.isHolding());
  await client.sync.atomic('Next', NEXT);
  hold.release();
  server.fate = () => 'go';
  await client.collection('places').insert({ id: 'other', title: 'x' });
  await until(() => server.stored('places', 'other') !== undefined, 'the other row');
});

test('a group over a record that is being discarded is sent, and the discard told as not done', async () => {
  const server = servers();
  server.write('notes', foreign('a', 'old'));
  const client = await openWatched(server);
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ body: 'mine' });
  await until(() => client.of('a') !== undefined && server.pushes.length > 0);
  onceLetGo(client, () => client.sync.atomic('Next', NEXT));
  await expect(client.sync.discard([opOf(client, 'a')])).rejects.toThrow('changed again');
  server.fate = () => 'go';
  client.sync.syncNow();
  await until(() => server.stored('notes', 'a')?.['title'] === 'next' && isSynced(client));
});

test('a page that ends when a refused group is to go back leaves no part of it to the next one', async () => {
  const server = servers();
  const client = await openWatched(server);
  const { ledger, database } = client;
  await until(() => isSynced(client));
  server.fate = (request) => (carriesGroup(request) ? { status: 413 } : 'go');
  let stopped: Promise<void> | undefined;
  onceLetGo(client, () => {
    stopped = client.sync.stop();
    return Promise.resolve();
  });
  await client.sync.atomic('A pair', PAIR);
  await until(() => stopped !== undefined);
  await stopped;
  server.fate = () => 'go';
  const then = await openWatched(server, { ledger, database });
  await until(async () => (await then.read('b', 'places'))?._deleted === true);
  await until(() => then.status().pending === 0 && then.status().state === 'attention');
  expect([...server.documents.keys()]).toEqual([]);
  await until(async () => (await ledger.tries()).length === 0);
});

test('a page that has ended refuses nothing that the next one sends', async () => {
  const server = servers();
  const client = await openWatched(server);
  const { ledger, database } = client;
  await until(() => isSynced(client));
  server.fate = (request) => (carriesGroup(request) ? { status: 413 } : 'go');
  const noteRun = ledger.noteRun.bind(ledger);
  const [held, go] = [door(), door()];
  let late: Promise<void> | undefined;
  ledger.noteRun = (run) => {
    ledger.noteRun = noteRun;
    held.open();
    return (late = go.opened.then(() => noteRun(run)));
  };
  await client.sync.atomic('A pair', PAIR);
  await held.opened;
  await client.sync.stop();
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  const then = await openWatched(server, { ledger, database });
  await until(() => then.status().pending === 2 && then.status().state === 'unreachable');
  go.open();
  await late;
  await then.notes.insert({ id: 'other', title: 'x' });
  await until(() => then.of('other') !== undefined);
  server.fate = () => 'go';
  then.sync.syncNow();
  await until(() => then.status().pending === 0);
  const alone = server.rows.filter(({ group }) => group === undefined);
  expect(alone.map(({ doc }) => doc['id'])).toEqual(['other']);
  expect(server.documents.size).toBe(3);
});

test.each(['takes the place of all of it', 'is followed by another one'])(
  'of what was discarded no tries are left where an edit meanwhile %s',
  async (how) => {
    const server = servers();
    if (how.startsWith('takes')) server.write('notes', foreign('a', 'old'));
    const client = await openWatched(server);
    await until(() => isSynced(client));
    const gate = await holdPushes(client, server);
    const [, insert] = PAIR;
    const update = { collection: 'notes', id: 'a', update: { title: 'mine' } };
    await client.sync.atomic('A sale', how.startsWith('takes') ? [update, insert] : PAIR);
    await pairWaits(client);
    onceLetGo(client, async () => {
      await edit(client, { title: 'later' });
      if (!how.startsWith('takes')) onceLetGo(client, () => edit(client, { title: 'later still' }));
    });
    const discarded = client.sync.discard([opOf(client, 'a')]);
    gate.open();
    await discarded;
    server.fate = () => 'go';
    client.sync.syncNow();
    await until(() => client.status().pending === 0);
    await until(async () => (await client.ledger.tries()).length === 0);
    expect(server.stored('places', 'b')).toBeUndefined();
  },
);

test('an earlier state of what is being discarded goes into no request', async () => {
  const server = servers();
  server.write('notes', foreign('a', 'theirs'));
  const client = await openWatched(server, { timing: UNTIL_ASKED });
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await edit(client, { title: 'one' });
  await until(() => client.status().pushing === 'waiting');
  await edit(client, { title: 'two' });
  server.fate = () => 'go';
  beforeNext(client.ledger, 'noteRun', () => {
    client.sync.syncNow();
    return until(() => client.status().pushing !== 'waiting');
  });
  await client.sync.discard([opOf(client, 'a')]);
  await until(() => isSynced(client));
  expect(server.stored('notes', 'a')).toMatchObject({ title: 'theirs' });
  expect(await client.read('a')).toMatchObject({ title: 'theirs' });
});

test('a discard before the device is announced sends nothing, and hides no trouble', async () => {
  const server = servers();
  let asked = 0;
  server.fate = ({ path }) => {
    if (path !== '/api/sync/device') return 'go';
    asked += 1;
    return { status: 401 };
  };
  const client = await openWatched(server, { timing: { collectMs: 1 } });
  await client.sync.atomic('A sale', PAIR);
  await client.notes.insert({ id: 'x', title: 'x' });
  await until(() => client.of('x') !== undefined && client.of('b') !== undefined);
  await until(() => client.status().state === 'loggedOut');
  await client.sync.discard([opOf(client, 'x')]);
  await until(async () => (await client.read('x'))?._deleted === true);
  const before = asked;
  client.sync.syncNow();
  await until(() => asked > before);
  await until(() => client.status().state === 'loggedOut');
  expect(server.pushes).toEqual([]);
  server.fate = () => 'go';
  client.sync.syncNow();
  await until(() => server.stored('places', 'b') !== undefined && isSynced(client));
});

test('of many groups that are discarded none takes what a member had unsent before', async () => {
  const server = servers();
  server.write('notes', foreign('a', 'old'));
  const client = await openWatched(server);
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
  const gate = await holdPushes(client, server);
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ body: 'typed before' });
  const some = (name: string, count: number) =>
    Array.from({ length: count }, (_, at) => ({
      collection: 'places',
      insert: { id: `${name}${at}`, title: 'x' },
    }));
  await client.sync.atomic('One', some('p', 400));
  await client.sync.atomic('Two', some('q', 400));
  await client.sync.atomic('Three', [...some('r', 300), ...NEXT]);
  await until(() => client.status().pending === 1_102);
  // More than the outbox lists.
  const ops = (await client.ledger.groups()).map(({ members: [member] }) =>
    operationOf(member?.doc.clk ?? {}, false, client.sync.device()),
  );
  const said = client.sync.discard(ops).catch(String);
  gate.open();
  expect(await said).toContain('had changes before');
  expect(await client.read('a')).toMatchObject({ body: 'typed before', title: 'next' });
});

test('what was let go of a collection that the next program does not open is not sent by the one after', async () => {
  const server = servers();
  const client = await openWatched(server);
  const { ledger, database } = client;
  await until(() => isSynced(client));
  const gate = await holdPushes(client, server);
  await client.sync.atomic('A pair', PAIR);
  await pairWaits(client);
  const dead = door();
  onceLetGo(client, async () => {
    dead.open();
    await new Promise(() => {});
  });
  void client.sync.discard([opOf(client, 'a')]);
  gate.open();
  await dead.opened;
  await client.sync.stop();
  server.fate = () => 'go';
  const fewer = await openWatched(server, { ledger, database, collections: [notes] });
  await until(() => server.stored('notes', 'flying') !== undefined && isSynced(fewer));
  await until(async () => (await fewer.read('a'))?._deleted === true);
  await fewer.sync.stop();
  const then = await openWatched(server, { ledger, database });
  await until(() => isSynced(then));
  await then.collection('places').insert({ id: 'other', title: 'x' });
  await until(() => server.stored('places', 'other') !== undefined && isSynced(then));
  expect([...server.documents.keys()].toSorted()).toEqual(['notes/flying', 'places/other']);
});
