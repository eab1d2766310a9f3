// Groups that nobody's page looks after: their documents are written and they are sent all the same, or
// they were never made.

import { expect, test } from 'vitest';
import { createMemoryLedger } from '../../replication/index.ts';
import type { Platform } from '../../replication/plugin/platform.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { door } from './support/feed.ts';
import { failNext, withContext } from './support/storage.ts';
import { openWatched, servers } from './support/watched.ts';
import { isSynced, note, notes } from './support/world.ts';

const insert = (collection: string, id: string) => ({ collection, insert: { id, title: id } });

test('a group of a tab that died before it wrote a document is sent while nothing else happens', async () => {
  const server = servers();
  const ledger = createMemoryLedger();
  const client = await openWatched(server, { ledger });
  await client.notes.insert({ id: 'before', title: 'x' });
  const isIdle = () => isSynced(client) && client.status().pushing === 'idle';
  await until(() => server.stored('notes', 'before') !== undefined && isIdle());
  const put = ledger.putGroup.bind(ledger);
  await new Promise<void>((died) => {
    ledger.putGroup = async (group, instead) => {
      await put(group, instead);
      died();
      return new Promise<never>(() => {});
    };
    void client.sync.atomic('A pair', [insert('notes', 'a'), insert('places', 'b')]);
  });
  await until(() => server.stored('places', 'b') !== undefined, 'the group to be sent');
  await until(async () => (await client.read('b', 'places'))?.rev === 2 && isSynced(client));
  expect(await client.read('a')).toMatchObject({ title: 'a', rev: 2 });
  expect(await ledger.groups()).toEqual([]);
});

test('a group whose documents find no place is never made, or kept when a request has it already', async () => {
  const server = servers();
  const ledger = createMemoryLedger();
  const client = await openWatched(server, { ledger });
  await until(() => isSynced(client));
  failNext(client.notes, 'bulkWrite', withContext('together'));
  await expect(client.sync.atomic('Not made', [insert('notes', 'a')])).rejects.toThrow('full');
  expect(await ledger.groups()).toEqual([]);

  // The leader has read the group when its documents find no place.
  const [read, withdrawn] = [door(), door()];
  const freezeGroups = ledger.freezeGroups.bind(ledger);
  const takeBackGroup = ledger.takeBackGroup.bind(ledger);
  ledger.freezeGroups = async (groups) => {
    read.open();
    await withdrawn.opened;
    return freezeGroups(groups);
  };
  ledger.takeBackGroup = async (...given) => {
    await read.opened;
    const isDone = await takeBackGroup(...given);
    withdrawn.open();
    return isDone;
  };
  failNext(client.notes, 'bulkWrite', withContext('together'));
  const made = client.sync.atomic('Nor this', [insert('notes', 'b')]);
  await client.collection('places').insert({ id: 'wakes the leader', title: 'x' });
  await expect(made).rejects.toThrow('full');
  await until(() => isSynced(client) && server.documents.size === 1);
  expect(server.rows.map(({ doc }) => doc['id'])).toEqual(['wakes the leader']);

  // A request has it by then.
  ledger.freezeGroups = async (groups) => {
    const isFrozen = await freezeGroups(groups);
    read.open();
    return isFrozen;
  };
  ledger.takeBackGroup = async (...given) => {
    await until(async () => (await ledger.groups()).every(({ frozen }) => frozen));
    return takeBackGroup(...given);
  };
  failNext(client.notes, 'bulkWrite', withContext('together'));
  const kept = client.sync.atomic('This one', [insert('notes', 'c')]);
  await client.collection('places').insert({ id: 'wakes it again', title: 'x' });
  await kept;
  await until(() => server.stored('notes', 'c') !== undefined && isSynced(client));
  await until(async () => (await client.read('c'))?.rev === server.stored('notes', 'c')?.rev);
});

test('a group that is taken for a dead tab’s is kept, not made in part', async () => {
  const server = servers();
  const ledger = createMemoryLedger();
  const timing = { firstRetryMs: 60_000, longestRetryMs: 60_000 };
  const client = await openWatched(server, { ledger, timing });
  await until(() => isSynced(client));
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  await client.notes.insert({ id: 'x', title: 'x' });
  await until(() => client.status().pushing === 'waiting');
  const takeBackGroup = ledger.takeBackGroup.bind(ledger);
  ledger.takeBackGroup = async (...given) => {
    // The tab is frozen here until the one that leads has completed its group.
    await until(async () => (await client.read('b', 'places')) !== undefined);
    return takeBackGroup(...given);
  };
  failNext(client.notes, 'bulkWrite', withContext('together'));
  await client.sync.atomic('A pair', [insert('notes', 'a'), insert('places', 'b')]);
  server.fate = () => 'go';
  client.sync.syncNow();
  await until(() => server.documents.size === 3 && isSynced(client));
  for (const member of ['a', 'b'])
    expect(server.rows.find(({ doc }) => doc['id'] === member)?.group?.size).toBe(2);
});

test('a group does not wait for another one whose collection can’t be opened yet', async () => {
  const others = note('others');
  const collections = [notes, others];
  const server = new FakeServer(collections);
  const ledger = createMemoryLedger();
  const before = await openWatched(server, { ledger, collections });
  await until(() => isSynced(before));
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  for (const [kind, id] of [
    ['others', 'a'],
    ['notes', 'b'],
  ] as const)
    await before.sync.atomic(`With ${id}`, [insert(kind, id)]);
  await before.sync.stop();
  const { storage, name } = before.database;
  const create = storage.createStorageInstance.bind(storage);
  const gate = door();
  let opened = 0;
  Reflect.set(storage, 'createStorageInstance', async (...given: Parameters<typeof create>) => {
    // The second one that is opened.
    if (given[0].databaseName === name && (opened += 1) === 2) await gate.opened;
    return create(...given);
  });
  server.fate = () => 'go';
  // What waits in it can't be counted, which others wait for only for so long.
  const delays = new Set<number>();
  const after: Platform['after'] = (delayMs, run) => {
    delays.add(delayMs);
    const timer = setTimeout(run, delayMs === 10_000 ? 10 : delayMs);
    return () => clearTimeout(timer);
  };
  const again = { ledger, collections, database: before.database, platform: { after } };
  const client = await openWatched(server, again);
  await until(() => server.stored('notes', 'b') !== undefined, 'the second group');
  expect(server.stored('others', 'a')).toBeUndefined();
  // What can't go is looked at less and less often.
  await until(() => [20, 40, 80, 160].every((delayMs) => delays.has(delayMs)));
  gate.open();
  Reflect.set(storage, 'createStorageInstance', create);
  await until(() => server.stored('others', 'a') !== undefined && isSynced(client));
});

test('a group that is recorded while an earlier one over the same record is read is not sent in part with it', async () => {
  const server = servers();
  const client = await openWatched(server);
  const { ledger } = client;
  await until(() => isSynced(client));
  const refusal = { verdict: 'rejected', code: 'rule', message: 'No.' } as const;
  server.judge = ({ doc, group }) =>
    group !== undefined && (doc['id'] === 'b' || server.pushes.length > 1) ? refusal : undefined;
  const groups = ledger.groups.bind(ledger);
  ledger.groups = async () => {
    const found = await groups();
    if (found.length === 1 && (await client.read('a')) !== undefined) {
      ledger.groups = groups;
      await client.sync.atomic('Second', [
        { collection: 'notes', id: 'a', update: { title: 'second' } },
        { collection: 'places', insert: { id: 'b', title: 'b' } },
      ]);
    }
    return found;
  };
  await client.sync.atomic('First', [{ collection: 'notes', insert: { id: 'a', title: 'first' } }]);
  await until(() => client.status().pending === 0 && client.refused().length > 0);
  expect(server.stored('notes', 'a')).toMatchObject({ title: 'first' });
  expect(server.stored('places', 'b')).toBeUndefined();
});
