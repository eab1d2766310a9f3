// Stored documents when the server starts with a later version of their collection.

import { expect, it } from 'vitest';
import { workspaceId, type WireDocument, type WorkspaceId } from '../../replication/core.ts';
import type { Collection } from '../../schemas/index.ts';
import type { Store } from '../../server/store/port/port.ts';
import { lists, tasksAfter, tasksBefore, tasksLater } from '../support/changed-schema.ts';
import { makeDevice } from '../support/device.ts';
import { call, startLiveServer } from '../support/live-server.ts';
import { openTestStore } from '../support/store.ts';

const device = makeDevice('aaaaaaaaaa');
/** Three commits' worth. */
const MANY = 1_100;

/** A store that outlives its servers. */
const lasting = (store = openTestStore()): Store => ({ ...store, close: () => Promise.resolve() });

const workspaceOf = async (store: Store): Promise<WorkspaceId> =>
  workspaceId((await store.records('workspace', ''))[0]?.id ?? '');
const storedIn = async (store: Store): Promise<readonly WireDocument[]> =>
  (await store.scan(await workspaceOf(store), 'tasks', '', 5_000)).map(
    ({ text }) => JSON.parse(text) as WireDocument,
  );
const headOf = async (store: Store): Promise<number> =>
  (await store.head(await workspaceOf(store))).seq;

/** What one run of a server, from its start to its end, gives. */
async function during<T>(
  store: Store,
  collections: readonly Collection[],
  work: (url: string, key: string) => Promise<T>,
): Promise<T> {
  const live = await startLiveServer({ store, collections });
  try {
    return await work(live.url, await live.keyFor('ada'));
  } finally {
    await live.stop();
  }
}
const start = (store: Store, ...collections: readonly Collection[]): Promise<void> =>
  during(store, collections, () => Promise.resolve());

async function push(url: string, key: string, docs: readonly WireDocument[]): Promise<void> {
  const rows = docs.map((doc) => device.row(tasksBefore, doc));
  const body = { device: device.id, schema: { tasks: 0 }, rows };
  const answer = await call(url, key, '/api/sync/push', body);
  const { results } = answer.json() as { results: { verdict: string }[] };
  expect(results.every(({ verdict }) => verdict === 'accepted')).toBe(true);
}

/** A store with tasks of the first version, one of them deleted. */
async function filled(count = 3): Promise<Store> {
  const store = lasting();
  const docs = Array.from({ length: count }, (_, index) =>
    device.make(tasksBefore, { id: `t${index}`, name: `task ${index}`, note: '', urgent: true }),
  );
  await during(store, [tasksBefore, lists], async (url, key) => {
    for (let from = 0; from < count; from += 1_000)
      await push(url, key, docs.slice(from, from + 1_000));
    const last = device.make(tasksBefore, { id: 'gone', name: 'gone', note: '' });
    await push(url, key, [device.remove(last)]);
  });
  return store;
}

it('they are moved before it answers, in commits that devices receive', async () => {
  const store = await filled();
  const before = await headOf(store);
  const page = await during(store, [tasksAfter, lists], async (url, key) => {
    const first = await call(url, key, '/api/sync/pull', { collections: { tasks: null } });
    return first.json() as { collections: { tasks: { documents: WireDocument[] } } };
  });
  const { documents } = page.collections.tasks;
  expect(documents).toHaveLength(4);
  for (const document of documents) {
    expect(document).not.toHaveProperty('name');
    expect(document.rev).toBe(before + 1);
  }
  expect(documents.find(({ id }) => id === 't0')).toMatchObject({ title: 'task 0', priority: 2 });
  expect(documents.find(({ id }) => id === 'gone')).toMatchObject({
    title: 'gone',
    _deleted: true,
  });
});

it('they are moved once: the next start changes nothing', async () => {
  const store = await filled();
  await start(store, tasksAfter);
  const [head, documents] = [await headOf(store), await storedIn(store)];
  await start(store, tasksAfter);
  expect([await headOf(store), await storedIn(store)]).toEqual([head, documents]);
});

it('a start that is cut off is followed by one that goes on, and moves none twice', async () => {
  const store = await filled(MANY);
  let left = 2;
  const dying: Store = {
    ...store,
    commit: (...asked) =>
      (left -= 1) < 0 ? Promise.reject(new Error('killed')) : store.commit(...asked),
  };
  await expect(start(dying, tasksLater)).rejects.toThrow('killed');
  const halfway = await storedIn(store);
  expect(halfway.filter((document) => 'title' in document)).toHaveLength(1_000);
  await start(store, tasksLater);
  const documents = await storedIn(store);
  expect(documents).toHaveLength(MANY + 1);
  expect(new Set(documents.map(({ priority }) => priority))).toEqual(new Set([3, 1]));
});

it('one that is cut off is finished by a server that is two versions further', async () => {
  const store = await filled(MANY);
  let left = 1;
  const dying: Store = {
    ...store,
    commit: (...asked) =>
      (left -= 1) < 0 ? Promise.reject(new Error('killed')) : store.commit(...asked),
  };
  await expect(start(dying, tasksAfter)).rejects.toThrow('killed');
  await start(store, tasksLater);
  const documents = await storedIn(store);
  expect(new Set(documents.map(({ priority }) => priority))).toEqual(new Set([3, 1]));
});

it('where one does not fit afterwards, nothing is changed and the server does not start', async () => {
  const store = await filled();
  const before = await storedIn(store);
  const short: Collection = {
    ...tasksAfter,
    migrations: { 1: (document) => ({ ...tasksAfter.migrations[1]?.(document), priority: 10 }) },
  };
  await expect(start(store, short)).rejects.toThrow(
    'The task "t0" cannot be brought to version 1: "priority" is more than 9.',
  );
  expect(await storedIn(store)).toEqual(before);
  await start(store, tasksBefore);
});

it('data of a later version are not touched by an earlier one', async () => {
  const store = await filled();
  await start(store, tasksAfter);
  await expect(start(store, tasksBefore)).rejects.toThrow('The data are of a later version');
});

it('while another process uses the data, the server does not start', async () => {
  const store = await filled();
  const shared: Store = { ...store, isShared: () => Promise.resolve(true) };
  await expect(start(shared, tasksAfter)).rejects.toThrow('Stop all of them');
  await start(shared, tasksBefore);
});

it('a store from before versions were noted is one of the first', async () => {
  const store = await filled();
  const records = await store.records('schema', '');
  expect(records.map(({ id }) => id)).toEqual(['lists', 'tasks']);
  await store.writeRecords(records.map(({ id }) => ({ kind: 'schema', id, value: undefined })));
  await start(store, tasksAfter);
  expect((await storedIn(store))[0]).toHaveProperty('title');
});

it('a collection that is new to a store begins with its present version', async () => {
  const store = lasting();
  await start(store, lists);
  await start(store, lists, tasksLater);
  expect(await store.record('schema', 'tasks')).toEqual({ version: 2 });
});
