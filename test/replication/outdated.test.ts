import 'fake-indexeddb/auto';
import { createRxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { Dexie } from 'dexie';
import { expect, test } from 'vitest';
import { isOutdated } from '../../replication/index.ts';
import { createDexieLedger } from '../../replication/outbox/dexie-ledger.ts';
import { DATA_VERSION } from '../../replication/plugin/data-version.ts';
import { collections } from '../../schemas/index.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { nothing, write } from './support/ledgers.ts';
import { tabsOf, type Given } from './support/tabs.ts';
import { atEnd, isSynced, newName, notes, openClient, type Client } from './support/world.ts';

/** Tabs of one browser, and a way to speak as a tab of another version does. */
const browser = (server: FakeServer, given?: Given) => {
  const tabs = tabsOf(server, openClient, given);
  return { ...tabs, stranger: tabs.channels.for('stranger')(`holdfast:${tabs.name}`) };
};
const storage = wrappedValidateAjvStorage({ storage: getRxStorageMemory() });
const leads = (client: Client): boolean => client.status().leader;
const refusal = (writing: Promise<unknown>): Promise<unknown> =>
  writing.then(
    () => undefined,
    (error: unknown) => error,
  );
/** Neither leads nor writes, and says so. */
const expectOutdated = async (client: Client, server: FakeServer): Promise<void> => {
  await until(() => client.status().outdated === true && !leads(client));
  const requests = server.requests.length;
  expect(isOutdated(await refusal(client.notes.insert({ id: 'late', title: 'x' })))).toBe(true);
  expect(await client.read('late')).toBeUndefined();
  const together = client.sync.atomic('A sale', [
    { collection: 'notes', insert: { id: 'late', title: 'x' } },
  ]);
  expect(isOutdated(await refusal(together))).toBe(true);
  client.sync.syncNow();
  expect(server.requests.length).toBe(requests);
};

test('a leader that hears a newer tab ends its session, writes nothing and lets go of the lock', async () => {
  const server = new FakeServer([notes]);
  const { open, stranger, locks, name } = browser(server);
  const old = await open('old');
  await until(() => isSynced(old) && leads(old));
  stranger.post({ kind: 'ask', version: 2 });
  await expectOutdated(old, server);
  // Free for the newer one.
  await locks.request(`holdfast:${name}`, { steal: false }, () => Promise.resolve());
});

test('a tab that is outdated lets go of nothing that the newer version has', async () => {
  const server = new FakeServer([notes]);
  const { open, stranger, ledger } = browser(server);
  const old = await open('old');
  await until(() => isSynced(old) && leads(old));
  await ledger.judged({ ...nothing, refused: [write('o', 1)] });
  await until(() => old.refused().length === 1);
  stranger.post({ kind: 'ask', version: 2 });
  await until(() => old.status().outdated === true);
  expect(isOutdated(await refusal(old.sync.discard(['o'])))).toBe(true);
  expect(old.refused().length).toBe(1);
});

test('a newer version that is noted in the ledger stops the leader at its next look', async () => {
  const server = new FakeServer([notes]);
  const { open, ledger } = browser(server);
  const old = await open('old');
  await until(() => isSynced(old) && leads(old));
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  await ledger.meetVersion(2);
  await old.notes.insert({ id: 'a', title: 'x' });
  await expectOutdated(old, server);
  expect(server.pushes).toEqual([]);
});

test('a follower whose turn comes looks into the ledger before it leads', async () => {
  const server = new FakeServer([notes]);
  const { open, ledger } = browser(server);
  const [first, second] = [await open('first'), await open('second')];
  await until(() => isSynced(first) && isSynced(second));
  const raised = await ledger.leader();
  await ledger.meetVersion(2);
  await first.sync.stop();
  await expectOutdated(second, server);
  expect(await ledger.leader()).toBe(raised);
});

test('a program that is older than the ledger does not open it', async () => {
  const { open, ledger } = browser(new FakeServer([notes]));
  await ledger.meetVersion(2);
  expect(isOutdated(await refusal(open('old')))).toBe(true);
});

test('a tab that hears an older leader replaces it, whether it answers or not', async () => {
  const server = new FakeServer([notes]);
  const { open, stranger, locks, ledger, name } = browser(server);
  const raised = await ledger.raiseLeader();
  // As the first version does: it holds the lock, answers every question, and says no version.
  const old = { kind: 'status', offsetMs: 0, device: '0123456789', status: {} };
  const status = { state: 'synced', pendingKeys: [], pending: 0, refused: 0, conflicts: 0 };
  let isStolen = false;
  const held = locks.request(`holdfast:${name}`, { steal: false }, () => new Promise(() => {}));
  held.catch(() => (isStolen = true));
  stranger.listen(() => stranger.post({ ...old, status }));
  const young = await open('young');
  await until(() => isStolen && leads(young) && isSynced(young));
  expect(await ledger.leader()).toBeGreaterThan(raised);
  expect(young.sync.device()).not.toBe('0123456789');
  await young.notes.insert({ id: 'a', title: 'x' });
  await until(() => server.stored('notes', 'a') !== undefined);
});

/** Another version of the program opens the ledger with other tables. */
const openOther = (name: string, version: number): Dexie => {
  const database = new Dexie(name);
  database.version(version).stores({ notes: 'name', later: 'id' });
  atEnd(() => Promise.resolve(database.close()));
  return database;
};

test('a ledger that a newer version takes over is closed, and its tab is told', async () => {
  const server = new FakeServer([notes]);
  const name = newName();
  const ledger = createDexieLedger(name);
  atEnd(() => ledger.close());
  const { open } = browser(server, { ledger });
  const old = await open('old');
  await until(() => isSynced(old) && leads(old));
  const requests = server.requests.length;
  await openOther(name, 900).open();
  await until(() => old.status().outdated === true && !leads(old));
  await expect(ledger.leader()).rejects.toThrow();
  expect(isOutdated(await refusal(old.notes.insert({ id: 'a', title: 'x' })))).toBe(true);
  expect(server.requests.length).toBe(requests);
});

test('a ledger of a newer version is not opened', async () => {
  const name = newName();
  const newer = openOther(name, 900);
  await newer.open();
  newer.close();
  const ledger = createDexieLedger(name);
  atEnd(() => ledger.close());
  expect(isOutdated(await refusal(ledger.meetVersion(1)))).toBe(true);
  await ledger.outdated;
});

test('a ledger that waits for a tab of an older version says so, and goes on by itself', async () => {
  const name = newName();
  const said: boolean[] = [];
  const request = indexedDB.open(name, 1);
  const old = await new Promise<IDBDatabase>((resolve) => {
    request.addEventListener('success', () => resolve(request.result));
  });
  const ledger = createDexieLedger(name, { blocked: (is) => said.push(is) });
  atEnd(() => ledger.close());
  const opening = ledger.leader();
  await until(() => said.at(-1) === true);
  old.close();
  expect(await opening).toBe(0);
  expect(said.at(-1)).toBe(false);
});

test('older tabs are told before anything that they write to is changed', async () => {
  const server = new FakeServer([notes]);
  const { open, stranger, name } = browser(server);
  const heard: string[] = [];
  stranger.listen((message) => heard.push(JSON.stringify(message)));
  const database = await createRxDatabase({ name, storage });
  atEnd(() => database.close());
  const add: unknown = database.addCollections.bind(database);
  let before: readonly string[] = [];
  Reflect.set(database, 'addCollections', (...given: readonly unknown[]): unknown => {
    before = [...heard];
    return typeof add === 'function' ? Reflect.apply(add, database, given) : undefined;
  });
  await open('new', { database });
  expect(before.join()).toContain(`"version":${DATA_VERSION}`);
});

test('a collection of another version comes with another version of the data', () => {
  const versions = Object.values(collections).reduce((sum, { version }) => sum + version, 0);
  // Raise both together, or older tabs go on writing to what a newer one has migrated.
  expect([DATA_VERSION, versions]).toEqual([1, 0]);
});
