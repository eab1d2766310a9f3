// How much MongoDB takes in one go: what is more is split or refused before it is sent.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { operationId } from '../../replication/index.ts';
import { StoreLimitError, type Store } from '../../server/store/port/port.ts';
import { MAX_COMMIT_BYTES, MAX_IDS, MAX_ROW_BYTES } from '../../server/store/mongo/limits.ts';
import { openMongoStore, type MongoStoreOptions } from '../../server/store/mongo/store.ts';
import { startMongo, type TestMongo } from '../support/mongo.ts';
import { operation } from './commits.ts';
import { HERE, knownOf, put, read } from './place.ts';

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo.stop());

const opened: Store[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
let places = 0;
const fresh = (): string => mongo.urlOf(`limits-${(places += 1)}`);
const open = async (url: string, options: Partial<MongoStoreOptions> = {}): Promise<Store> => {
  const store = await openMongoStore({ url, ...options });
  opened.push(store);
  return store;
};

describe('what MongoDB takes in one go', () => {
  const bytes = (size: number): string => `{"t":"${'x'.repeat(size - 8)}"}`;

  it('a document near 16 MB is kept, a larger one is refused before anything is written', async () => {
    const store = await open(fresh());
    const text = bytes(MAX_ROW_BYTES - 1_000);
    await put(store, [{ id: 'a', text }]);
    expect((await read(store)).text === text).toBe(true);
    const large = put(store, [{ id: 'b', text: bytes(MAX_ROW_BYTES + 1) }]);
    await expect(large).rejects.toThrow(StoreLimitError);
    await expect(
      store.writeRecords([{ kind: 'user', id: 'a', value: bytes(MAX_ROW_BYTES) }]),
    ).rejects.toThrow(StoreLimitError);
    expect((await store.head(HERE)).seq).toBe(1);
  });

  it('a commit larger than the memory of a transaction is refused whole', async () => {
    const store = await open(fresh());
    const part = bytes(MAX_ROW_BYTES - 1_000);
    const parts = Array.from({ length: Math.ceil(MAX_COMMIT_BYTES / part.length) + 1 });
    const large = put(
      store,
      parts.map((_, index) => ({ id: `${index}`, text: part })),
    );
    await expect(large).rejects.toThrow(StoreLimitError);
    expect(await store.head(HERE)).toMatchObject({ seq: 0 });
  });

  it('ids that do not fit into one command are asked for in several', async () => {
    const store = await open(fresh());
    const ops = Array.from({ length: MAX_IDS + 1 }, (_, index) => operationId(`op-${index}`));
    await put(store, [{ id: 'a' }], { operations: [operation(`op-${MAX_IDS}`)] });
    const known = await knownOf(store, { operations: ops });
    expect([...known.operations.keys()]).toEqual([`op-${MAX_IDS}`]);
  });

  it('a commit of many rows takes as many commands as one of a single row', async () => {
    const sent: string[] = [];
    const store = await open(fresh(), {
      beatMs: 600_000,
      onCommand: ({ commandName }) => sent.push(commandName),
    });
    await put(store, [{ id: 'first' }], { fates: [['s', { kind: 'refused' }]] });
    const commandsOf = async (count: number): Promise<readonly string[]> => {
      const rows = Array.from({ length: count }, (_, index) => ({ id: `${count}-${index}` }));
      await put(store, rows);
      sent.length = 0;
      const names = rows.map(({ id }) => `op-${id}`);
      await put(store, [...rows.map((row) => ({ ...row, keys: ['x'] })), { id: `new-${count}` }], {
        operations: names.map((name) => operation(name)),
        fates: names.map((name) => [name, { kind: 'refused' }] as const),
      });
      return sent.filter((name) => name !== 'getMore');
    };
    const one = await commandsOf(1);
    expect(one.length).toBeGreaterThan(5);
    expect(await commandsOf(300)).toEqual(one);
  });

  it('promise 13: a purge of more rows than a transaction should have goes in several', async () => {
    const store = await open(fresh(), { now: () => 1_000 });
    for (let from = 0; from < 1_200; from += 400)
      await put(
        store,
        Array.from({ length: 400 }, (_, index) => ({ id: `d-${from + index}`, deleted: true })),
      );
    expect(await store.purge(HERE, 2_000)).toEqual({ floor: 2, documents: 800, more: true });
    expect(await store.purge(HERE, 2_000)).toEqual({ floor: 3, documents: 400, more: false });
  });
});
