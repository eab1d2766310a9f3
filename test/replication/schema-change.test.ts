// A client with unsent work meets a server with a later version of its collections: nothing is sent,
// nothing is lost, and the next version of the client sends it. Real RxDB clients, a real server.

import 'fake-indexeddb/auto';
import { createRxDatabase } from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { expect, test } from 'vitest';
import {
  createMemoryLedger,
  type Ledger,
  type PushRow,
  type WireDocument,
} from '../../replication/index.ts';
import { createDexieLedger } from '../../replication/outbox/dexie-ledger.ts';
import type { Collection } from '../../schemas/index.ts';
import type { Store } from '../../server/store/port/port.ts';
import { lists, tasksAfter, tasksBefore } from '../support/changed-schema.ts';
import { call, startLiveServer, type LiveServer } from '../support/live-server.ts';
import { openTestStore } from '../support/store.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { atEnd, isSynced, newName, openClient, type Client } from './support/world.ts';

const BEFORE: readonly Collection[] = [tasksBefore, lists];
const AFTER: readonly Collection[] = [tasksAfter, lists];

interface Server {
  readonly live: () => LiveServer;
  readonly become: (collections: readonly Collection[]) => Promise<void>;
}

/** One that can be replaced by another version, on the same data and at the same address. */
async function startServer(collections: readonly Collection[]): Promise<Server> {
  const opened: Store = openTestStore({ usual: 'sqlite' });
  const store: Store = { ...opened, close: () => Promise.resolve() };
  let live = await startLiveServer({ collections, store });
  const port = Number(new URL(live.url).port);
  atEnd(() => live.stop());
  return {
    live: () => live,
    become: async (now) => {
      await live.stop();
      live = await startLiveServer({ collections: now, store, port });
    },
  };
}

interface Network {
  isOnline: boolean;
  losesAnswers: boolean;
  /** Rows that the server took. */
  readonly taken: PushRow[];
  readonly refused: string[];
  readonly fetch: FakeServer['fetch'];
}

function makeNetwork(): Network {
  const network: Network = {
    isOnline: true,
    losesAnswers: false,
    taken: [],
    refused: [],
    fetch: async (url, request) => {
      if (!network.isOnline) throw new TypeError('offline');
      const response = await fetch(url, request as RequestInit);
      const { pathname } = new URL(url);
      if (response.status === 426) network.refused.push(pathname);
      else if (pathname === '/api/sync/push')
        network.taken.push(...(JSON.parse(request.body ?? '') as { rows: PushRow[] }).rows);
      if (network.losesAnswers) throw new TypeError('the answer was lost');
      return response;
    },
  };
  return network;
}

const reading = async ({ live }: Server): Promise<ReadonlyMap<string, WireDocument>> => {
  const key = await live().keyFor('reader');
  const answer = await call(live().url, key, '/api/sync/pull', { collections: { tasks: null } });
  const { collections } = answer.json() as {
    collections: { tasks: { documents: WireDocument[] } };
  };
  return new Map(collections.tasks.documents.map((document) => [String(document['id']), document]));
};

const STORAGES = ['memory', 'dexie'] as const;

/** Opens a version of the app on a device's database. */
async function opener(server: Server, kind: (typeof STORAGES)[number], network = makeNetwork()) {
  const name = newName();
  const ledger: Ledger = kind === 'dexie' ? createDexieLedger(name) : createMemoryLedger();
  const token = await server.live().keyFor('ada');
  const open = async (collections: readonly Collection[]): Promise<Client> =>
    openClient(network, {
      database: await (kind === 'dexie' ? dexie(name) : memory(name)),
      collections,
      ledger,
      token,
      url: server.live().url,
    });
  return { open, network, ledger };
}

const inMemory = getRxStorageMemory();

async function memory(name: string) {
  const database = await createRxDatabase({ name, storage: inMemory, multiInstance: false });
  atEnd(() => database.close());
  return database;
}

async function dexie(name: string) {
  const storage = getRxStorageDexie();
  const database = await createRxDatabase({ name, storage, multiInstance: false });
  atEnd(() => database.close());
  return database;
}

const SENT = ['deleted', 'edited', 'grouped', 'joined', 'list', 'new'];
const task = (id: string, name = id) => ({ id, name, note: '' });

/** Work of all kinds that the server has not got: two writes, a delete, a group. */
async function workOffline(client: Client): Promise<void> {
  const tasks = client.collection('tasks');
  await tasks.insert(task('new', 'made offline'));
  const edited = await tasks.findOne('edited').exec(true);
  await edited.incrementalPatch({ name: 'edited offline', urgent: true, color: 'red' });
  await (await tasks.findOne('deleted').exec(true)).incrementalRemove();
  await client.sync.atomic('A list with a task', [
    { collection: 'lists', insert: { id: 'list', title: 'list' } },
    { collection: 'tasks', insert: { ...task('grouped', 'made together'), urgent: true } },
    { collection: 'tasks', id: 'joined', update: { note: 'with the list' } },
  ]);
}

test.each(STORAGES)(
  'unsent work outlives a change of the schema, migrated and sent once (%s)',
  async (kind) => {
    const server = await startServer(BEFORE);
    const { open, network, ledger } = await opener(server, kind);
    const old = await open(BEFORE);
    const tasks = old.collection('tasks');
    await tasks.bulkInsert(['edited', 'deleted', 'joined', 'other'].map((id) => task(id)));
    await until(() => isSynced(old));
    network.isOnline = false;
    await workOffline(old);
    await server.become(AFTER);
    network.isOnline = true;
    network.taken.length = 0;
    old.sync.syncNow();

    await until(() => old.status().serverNewer === true);
    // Receiving waits for sending, so no pull was asked for.
    await until(() => new Set(network.refused).size === 2);
    expect(old.status()).toMatchObject({ state: 'waiting', pending: 6 });
    expect(old.status().lastError).toContain('Reload the page');
    expect(network.taken).toEqual([]);
    expect(await ledger.groups()).toHaveLength(1);
    expect(old.refused()).toEqual([]);
    await old.database.close();

    const fresh = await open(AFTER);
    await until(() => isSynced(fresh));
    await until(async () => (await fresh.read('list', 'lists'))?.rev !== 0);
    const stored = await reading(server);
    expect(stored.get('new')).toMatchObject({ title: 'made offline', note: '', priority: 0 });
    expect(stored.get('edited')).toMatchObject({ title: 'edited offline', priority: 2 });
    expect(Object.keys(stored.get('edited')?.clk ?? {}).toSorted()).toEqual([
      '*',
      'priority',
      'title',
    ]);
    expect(stored.get('deleted')).toMatchObject({ _deleted: true });
    expect(stored.get('grouped')).toMatchObject({ title: 'made together', priority: 2 });
    expect(stored.get('joined')).toMatchObject({ title: 'joined', note: 'with the list' });
    expect(stored.get('other')).toMatchObject({ title: 'other', priority: 0 });
    for (const document of stored.values()) expect(document).not.toHaveProperty('name');

    // By operation: RxDB may hand over what has gone with its group, which changes nothing.
    const sent = new Map(network.taken.map(({ op, doc }) => [op, String(doc['id'])]));
    expect([...sent.values()].toSorted()).toEqual(SENT);
    expect(await ledger.groups()).toEqual([]);
    expect(fresh.refused()).toEqual([]);
    await until(async () => {
      const shown = await fresh.collection('tasks').find().exec();
      return shown.every((one) => (stored.get(one.primary)?.rev ?? 0) === one.toJSON()['rev']);
    });
    expect(await fresh.sync.verify()).toMatchObject([{ equal: true }, { equal: true }]);
  },
);

test('a group whose answer was lost before the change has one effect', async () => {
  const server = await startServer(BEFORE);
  const { open, network, ledger } = await opener(server, 'memory');
  const old = await open(BEFORE);
  await old.collection('tasks').insert(task('joined'));
  await until(() => isSynced(old));
  network.losesAnswers = true;
  await old.sync.atomic('Two at once', [
    { collection: 'tasks', insert: { ...task('grouped'), urgent: true } },
    { collection: 'tasks', id: 'joined', update: { name: 'renamed' } },
  ]);
  await until(() => network.taken.some(({ doc }) => doc['id'] === 'grouped'));
  expect(await ledger.groups()).toMatchObject([{ frozen: true, schema: { tasks: 0 } }]);
  await old.database.close();
  await server.become(AFTER);
  const before = await reading(server);
  network.losesAnswers = false;
  const fresh = await open(AFTER);
  await until(async () => (await ledger.groups()).length === 0 && isSynced(fresh));
  expect(await reading(server)).toEqual(before);
  expect(before.get('joined')).toMatchObject({ title: 'renamed' });
  expect(fresh.refused()).toEqual([]);
});

test('a refused write is shown as the new version has it', async () => {
  const server = new FakeServer(BEFORE);
  server.judge = () => ({ verdict: 'rejected', code: 'x', message: 'No.' });
  const ledger = createMemoryLedger();
  const name = newName();
  const old = await openClient(server, { name, ledger, collections: BEFORE });
  await old.collection('tasks').insert({ ...task('bad', 'mine'), urgent: true });
  await until(() => old.refused().length === 1);
  await old.database.close();
  const fresh = await openClient(server, { name, ledger, collections: AFTER });
  await until(() => fresh.refused().length === 1);
  expect(fresh.refused()[0]?.doc).toMatchObject({ title: 'mine', priority: 2 });
});

test('a document that no migration fits does not keep the database from opening', async () => {
  const broken = { ...tasksAfter, migrations: { 1: () => JSON.parse('{') as never } };
  const server = await startServer(BEFORE);
  const { open, network } = await opener(server, 'memory');
  const old = await open(BEFORE);
  network.isOnline = false;
  await old.collection('tasks').insert(task('new', 'kept'));
  await old.database.close();
  const fresh = await open([broken, lists]);
  expect(await fresh.read('new', 'tasks')).toMatchObject({ name: 'kept' });
});

test('a server that is older than the app is waited for', async () => {
  const server = await startServer(BEFORE);
  const { open, network } = await opener(server, 'memory');
  const fresh = await open(AFTER);
  await fresh.collection('tasks').insert({ id: 'new', title: 'early', note: '', priority: 1 });
  await until(() => network.refused.length > 2);
  expect(fresh.status()).toMatchObject({ state: 'waiting', pending: 1 });
  expect(fresh.status().serverNewer).toBeUndefined();
  expect(fresh.status().lastError).toContain('The server is older');
  await server.become(AFTER);
  await until(() => isSynced(fresh));
  expect((await reading(server)).get('new')).toMatchObject({ title: 'early', priority: 1 });
});
