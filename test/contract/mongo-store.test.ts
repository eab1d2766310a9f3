// What only a store on MongoDB can get wrong: other processes, failures on the way, limits.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MongoClient } from 'mongodb';
import { MONGO_BUDGET_MS } from '../../server/config.ts';
import { operationId } from '../../replication/index.ts';
import {
  CommitUnknownError,
  keyOf,
  StoreFailedError,
  StoreUnavailableError,
  type CommitNotice,
  type Store,
} from '../../server/store/port/port.ts';
import { openMongoStore, type MongoStoreOptions } from '../../server/store/mongo/store.ts';
import { cutAbove } from '../support/cut-link.ts';
import { startMongo, type Failure, type TestMongo } from '../support/mongo.ts';
import { until } from '../support/until.ts';
import { operation } from './commits.ts';
import { HERE, knownOf, put, read } from './place.ts';

const VICTIM = fileURLToPath(new URL('./mongo-victim.ts', import.meta.url));

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo.stop());

const opened: Store[] = [];
const links: { readonly stop: () => void }[] = [];
afterEach(async () => {
  if (mongo.isOwn) await mongo.failNext(0, { failCommands: [] });
  await Promise.all(opened.splice(0).map((store) => store.close()));
  for (const link of links.splice(0)) link.stop();
});
let places = 0;
const fresh = (): string => mongo.urlOf(`store-${(places += 1)}`);
const open = async (url: string, options: Partial<MongoStoreOptions> = {}): Promise<Store> => {
  const store = await openMongoStore({ url, ...options });
  opened.push(store);
  return store;
};

describe('several processes on one MongoDB', () => {
  it('may make an empty database their own at once, and agree on its epoch', async () => {
    const url = fresh();
    const stores = await Promise.all([0, 1, 2, 3].map(() => open(url)));
    const epochs = await Promise.all(stores.map(async (store) => (await store.head(HERE)).epoch));
    expect(new Set(epochs).size).toBe(1);
    await Promise.all(stores.map((store, index) => put(store, [{ id: `${index}` }])));
    expect((await read(stores[0] ?? (await open(url)))).ids.toSorted()).toEqual([
      '0',
      '1',
      '2',
      '3',
    ]);
  });

  it('promises 1 and 4: number their commits without gaps, and each hears of the others in order', async () => {
    const url = fresh();
    const stores = await Promise.all([open(url), open(url)]);
    const heard = stores.map((store) => {
      const notices: CommitNotice[] = [];
      store.onCommit((notice) => notices.push(notice));
      return notices;
    });
    for (const store of stores) await read(store);
    const seqs = await Promise.all(
      stores.flatMap((store, index) =>
        Array.from({ length: 15 }, async (_, count) => {
          return (await put(store, [{ id: `${index}-${count}` }])).head;
        }),
      ),
    );
    const all = Array.from({ length: 30 }, (_, index) => index + 1);
    expect(seqs.toSorted((one, other) => one - other)).toEqual(all);
    for (const [index, notices] of heard.entries()) {
      await expect.poll(() => notices.at(-1)?.seq).toBe(30);
      const told = notices.map(({ seq }) => seq);
      expect(told).toEqual([...new Set(told)].toSorted((one, other) => one - other));
      const withChanges = notices.filter(({ changes }) => changes !== undefined);
      expect(withChanges.map(({ seq }) => seq)).toEqual(
        seqs.slice(index * 15, (index + 1) * 15).toSorted((one, other) => one - other),
      );
      for (const { seq } of withChanges) if (seq > 1) expect(told).toContain(seq - 1);
    }
  });

  it('end the transaction of one that was killed in the middle of it', async () => {
    const url = fresh();
    const store = await open(url, { beatMs: 100 });
    const victim = spawn(process.execPath, ['--import', 'tsx', VICTIM, url], { stdio: 'inherit' });
    expect(await once(victim, 'exit')).toEqual([null, 'SIGKILL']);
    // Its workspace is locked; MongoDB itself would give the lock up a minute later.
    expect((await put(store, [{ id: 'a' }])).head).toBe(1);
    expect((await read(store)).ids).toEqual(['a']);
  });

  it('refuses a database of a newer version', async () => {
    const url = fresh();
    await open(url);
    const client = new MongoClient(url);
    await client
      .db()
      .collection<{ _id: string }>('store')
      .updateOne({ _id: 'store' }, { $set: { layout: 99 } });
    await client.close();
    await expect(openMongoStore({ url })).rejects.toMatchObject({ code: 'store_too_new' });
  });
});

/** A server that others use too is not harmed. */
const onlyOwn = (): void =>
  beforeEach(({ skip }) => {
    if (!mongo.isOwn) skip('HOLDFAST_MONGO_URL names a server that others may use');
  });

describe('a MongoDB that fails on the way', () => {
  onlyOwn();

  it('promise 4: what the change stream does not tell is found by looking', async () => {
    const url = fresh();
    // The change stream is an aggregate, and begins anew a second after it failed.
    await mongo.failNext(1_000, { failCommands: ['aggregate'], errorCode: 1 });
    const reader = await open(url, { pollMs: 50 });
    const heard: number[] = [];
    reader.onCommit(({ seq, changes }) => heard.push(changes === undefined ? seq : 0));
    await reader.pages(HERE, () => []);
    const writer = await open(url);
    await put(writer, [{ id: 'a' }]);
    await expect.poll(() => heard).toEqual([1]);
    await put(writer, [{ id: 'a' }]);
    await expect.poll(() => heard).toEqual([1, 2]);
  });

  const passing: Readonly<Record<string, Failure>> = {
    'write conflicts': {
      failCommands: ['findAndModify'],
      errorCode: 112,
      errorLabels: ['TransientTransactionError'],
    },
    'a primary that steps down': { failCommands: ['find'], errorCode: 189 },
    'connections that close': { failCommands: ['update', 'insert'], closeConnection: true },
    'commits of which it does not say whether they were made': {
      failCommands: ['commitTransaction'],
      errorCode: 91,
      errorLabels: ['UnknownTransactionCommitResult', 'RetryableWriteError'],
    },
  };
  it.each(Object.entries(passing))('costs a retry, never a commit: %s', async (_name, failure) => {
    const failed: string[] = [];
    const store = await open(fresh(), {
      onCommand: ({ commandName }) => failed.push(commandName),
    });
    await put(store, [{ id: 'a' }]);
    failed.length = 0;
    await mongo.failNext(3, failure);
    let decisions = 0;
    const needs = { documents: [{ collection: 'pins', id: 'a' }], operations: [], stamps: [] };
    const { head, result } = await store.commit(HERE, needs, (known, { seq }) => {
      decisions += 1;
      const text = JSON.stringify({ id: 'a', rev: seq });
      const row = {
        collection: 'pins',
        id: 'a',
        deleted: false,
        text,
        scopeKeys: ['workspace'],
        indexed: {},
      };
      return {
        result: known.documents.get(keyOf('pins', 'a'))?.seq,
        write: { documents: [row], operations: [operation('op-1')], fates: [] },
      };
    });
    expect({ head, result }).toEqual({ head: 2, result: 1 });
    const tries = failed.filter((name) => failure.failCommands.includes(name)).length;
    expect(Math.max(tries, decisions)).toBeGreaterThan(3);
    expect(await read(store)).toMatchObject({ rows: [{ id: 'a', rev: 2 }], reached: 2 });
  });

  it('says where it stays unknown whether a commit was made; sent again, it is settled', async () => {
    const store = await open(fresh(), { budgetMs: 1_000 });
    await put(store, [{ id: 'a' }]);
    const heard: number[] = [];
    store.onCommit(({ seq }) => heard.push(seq));
    await mongo.failNext(1_000, { failCommands: ['commitTransaction'], closeConnection: true });
    const again = { operations: [operation('op-1')] };
    await expect(put(store, [{ id: 'a' }], again)).rejects.toThrow(CommitUnknownError);
    await mongo.failNext(0, { failCommands: [] });
    const known = await knownOf(store, { operations: [operationId('op-1')] });
    const wasMade = known.operations.size === 1;
    expect((await store.head(HERE)).seq).toBe(wasMade ? 2 : 1);
    if (wasMade) await expect.poll(() => heard).toEqual([2]);
    expect((await put(store, [{ id: 'a' }])).head).toBe(wasMade ? 3 : 2);
  });

  it('promise 5: what stays refused to the end of its time changes nothing and says to come again', async () => {
    const store = await open(fresh(), { budgetMs: 200 });
    await put(store, [{ id: 'a' }]);
    const conflict = { errorCode: 112, errorLabels: ['TransientTransactionError'] };
    await mongo.failNext(1_000, { failCommands: ['findAndModify'], ...conflict });
    await expect(put(store, [{ id: 'b' }])).rejects.toThrow(StoreUnavailableError);
    await mongo.failNext(0, { failCommands: [] });
    expect(await read(store)).toMatchObject({ ids: ['a'], reached: 1 });
    expect((await put(store, [{ id: 'b' }])).head).toBe(2);
  });

  it('promise 5: a connection that breaks while it is written to changes nothing and says to come again', async () => {
    const url = new URL(fresh());
    const link = await cutAbove(500_000, Number(url.port));
    links.push(link);
    url.port = String(link.port);
    url.searchParams.set('directConnection', 'true');
    const store = await open(String(url), { budgetMs: 300 });
    await put(store, [{ id: 'a' }]);
    const large = put(store, [{ id: 'b', text: `{"t":"${'x'.repeat(12_000_000)}"}` }]);
    await expect(large).rejects.toThrow(StoreUnavailableError);
    expect(link.cuts()).toBeGreaterThan(0);
    expect(await read(store)).toMatchObject({ ids: ['a'], reached: 1 });
    expect((await put(store, [{ id: 'c' }])).head).toBe(2);
  });

  it('is named without its password where it cannot be reached, and soon', async () => {
    const url = 'mongodb://ada:secret-word@127.0.0.1:1/holdfast';
    for (const address of [url, url.replace('mongodb', 'mango'), `${url}?w=nobody&tls=maybe`]) {
      const error = await openMongoStore({ url: address, selectMs: 100 }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(StoreFailedError);
      expect(String(error)).not.toContain('secret-word');
    }
  });
});

describe('a MongoDB that is killed and comes back', () => {
  onlyOwn();

  it('promises 3 and 4: has what it acknowledged, and is found again by those that were connected', async () => {
    const url = fresh();
    const [store, reader] = await Promise.all([open(url, { selectMs: 200 }), open(url)]);
    const heard: number[] = [];
    reader.onCommit(({ seq }) => heard.push(seq));
    await read(reader);
    await put(store, [{ id: 'a' }]);
    await mongo.kill();
    const startMs = performance.now();
    await expect(put(store, [{ id: 'b' }])).rejects.toThrow(StoreUnavailableError);
    await expect(store.head(HERE)).rejects.toThrow(StoreUnavailableError);
    expect(performance.now() - startMs).toBeLessThan(MONGO_BUDGET_MS);
    await mongo.restart();
    // It waits 200 ms for a primary, which is too little to find it in.
    const found = await until(() => read(store).catch(() => undefined), 'MongoDB to be found');
    expect(found).toMatchObject({ ids: ['a'], reached: 1 });
    expect((await put(store, [{ id: 'c' }])).head).toBe(2);
    await expect.poll(() => heard, { timeout: 30_000 }).toEqual([1, 2]);
  });
});
