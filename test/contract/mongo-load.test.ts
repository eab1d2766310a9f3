// What only the MongoDB store does for moves: it loads in batches, beside other processes, and begins
// an epoch after a database was put back.

import { EventEmitter, once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { workspaceId } from '../../replication/index.ts';
import { MongoHalfLoadedError } from '../../server/store/mongo/errors.ts';
import { openMongoStore, type MongoStoreOptions } from '../../server/store/mongo/store.ts';
import { openMemoryStore } from '../../server/store/memory/store.ts';
import { StoreNotEmptyError, type Part } from '../../server/store/port/dump.ts';
import type { Store } from '../../server/store/port/port.ts';
import { startMongo, type TestMongo } from '../support/mongo.ts';
import { until } from '../support/until.ts';
import { HERE, put, read } from './place.ts';

let mongo: TestMongo;
const opened: Store[] = [];
beforeAll(async () => {
  mongo = await startMongo();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(() => mongo.stop());

async function open(place: string, options: Partial<MongoStoreOptions> = {}): Promise<Store> {
  const store = await openMongoStore({ url: mongo.urlOf(place), beatMs: 50, ...options });
  opened.push(store);
  return store;
}
const filled = async (): Promise<Store> => {
  const store = openMemoryStore();
  await put(store, [{ id: 'a' }, { id: 'b' }]);
  await store.writeRecords([{ kind: 'user', id: 'ada', value: 1 }]);
  return store;
};
const partsOf = async (store: Store): Promise<readonly Part[]> => {
  const parts: Part[] = [];
  for await (const part of store.dump()) parts.push(part);
  return parts;
};

/** Loads all parts and is cut off before their end. */
async function loadHalf(place: string, from: Store): Promise<void> {
  const store = await open(place);
  const cut = new EventEmitter();
  let isAtEnd = false;
  const halted = async function* halted() {
    yield* from.dump();
    isAtEnd = true;
    await once(cut, 'off');
    throw new Error('cut off');
  };
  const loading = store.load(halted());
  await until(() => isAtEnd, 'the last part to be read');
  await store.close();
  cut.emit('off');
  await expect(loading).rejects.toThrow();
}

it('what a load has left that was cut off is opened by another load only, which starts anew', async () => {
  const from = await filled();
  await loadHalf('half', from);
  await expect(open('half')).rejects.toThrow(MongoHalfLoadedError);
  const again = await open('half', { toLoad: true });
  await again.load(from.dump());
  expect(await partsOf(again)).toEqual(await partsOf(from));
  expect((await read(await open('half'))).ids).toEqual(['a', 'b']);
});

it('a database that is loaded is opened by nobody else until it is whole', async () => {
  const from = await filled();
  const store = await open('loading');
  const seen: unknown[] = [];
  const looked = async function* looked() {
    for await (const part of from.dump()) {
      const other = openMongoStore({ url: mongo.urlOf('loading') });
      seen.push(await other.catch((error: unknown) => error));
      yield part;
    }
  };
  await store.load(looked());
  expect(seen.length).toBeGreaterThan(3);
  for (const error of seen) expect(error).toBeInstanceOf(MongoHalfLoadedError);
  expect((await read(await open('loading'))).ids).toEqual(['a', 'b']);
});

it('a database that another process uses is not loaded, and stays open to all', async () => {
  const from = await filled();
  const [store, other] = [await open('shared'), await open('shared')];
  expect(await store.isShared?.()).toBe(true);
  await expect(store.load(from.dump())).rejects.toThrow('Another process uses this database');
  await put(other, [{ id: 'c' }]);
  await other.close();
  expect(await store.isShared?.()).toBe(false);
  await expect(store.load(from.dump())).rejects.toThrow(StoreNotEmptyError);
  expect((await read(await open('shared'))).ids).toEqual(['c']);
});

it('what was dumped while a process was killed is no sign that it lives', async () => {
  const store = await open('silent');
  const left = await open('silent', { beatMs: 3_600_000 });
  expect(await store.isShared?.()).toBe(false);
  await left.close();
});

it('an epoch that begins knows how much of each earlier one survives', async () => {
  const other = workspaceId('other');
  const store = await open('epochs');
  for (const id of ['a', 'b', 'c']) await put(store, [{ id }]);
  await put(store, [{ id: 'a' }], { workspace: other });
  const first = await store.head(HERE);
  await store.beginEpoch?.();
  const second = await store.head(HERE);
  expect(second).toMatchObject({ seq: 3, updatedAt: first.updatedAt });
  expect(second.epoch).not.toBe(first.epoch);
  await put(store, [{ id: 'd' }]);
  await store.beginEpoch?.();
  const again = await open('epochs');
  const third = await again.head(HERE);
  expect(new Map(third.survives)).toEqual(
    new Map([
      [first.epoch, 3],
      [second.epoch, 4],
    ]),
  );
  const { epoch, survives } = await again.head(other);
  expect(new Map(survives)).toEqual(
    new Map([
      [first.epoch, 1],
      [second.epoch, 1],
    ]),
  );
  expect(epoch).toBe(third.epoch);
  for (const each of [store, again])
    expect((await each.head(workspaceId('new'))).epoch).toBe(third.epoch);
});
