// Promises 15 and 16: a whole store goes from one kind of store to another and is the same there.

import { expect, it } from 'vitest';
import { operationId, workspaceId } from '../../replication/index.ts';
import { openMemoryStore } from '../../server/store/memory/store.ts';
import { StoreNotEmptyError, type Part } from '../../server/store/port/dump.ts';
import { MARK_INTERVAL_MS, type Store } from '../../server/store/port/port.ts';
import { operation } from './commits.ts';
import { openerOf, type Contract } from './opener.ts';
import { HERE, knownOf, put, read } from './place.ts';

const THERE = workspaceId('there');
const NEVER = workspaceId('never written to');
const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
const ODD_TEXT =
  '{"id":"c","$set":{"a.b":1.0},"t":"é 😀 \\u0000\u2028\ufeff\\ud83d","__proto__":{}}';

/** Every kind of thing that a store keeps, in two workspaces. */
async function fill(store: Store): Promise<void> {
  await put(
    store,
    [
      { id: 'a', keys: ['x', 'y'] },
      { id: 'b', keys: ['workspace', 'x'] },
      { id: 'c', text: ODD_TEXT },
      { id: '\u{1f600}', collection: 'forms' },
    ],
    {
      operations: [operation('op-gone'), operation('op-\u{1f600}'), operation('op-\uffee')],
      fates: [['s-gone', { kind: 'refused' }]],
    },
  );
  await put(store, [
    { id: 'deleted', deleted: true },
    { id: 'deleted too', deleted: true },
  ]);
  expect((await store.purge(HERE, Number.MAX_SAFE_INTEGER)).documents).toBe(2);
  await put(store, [{ id: 'a', keys: ['z'] }, { id: 'later' }], {
    operations: [operation('op-1', { code: 'kept', verdict: 'rejected' }), operation('op-2')],
    fates: [
      ['s-1', { kind: 'replaced', by: 's-9' }],
      ['s-2', { kind: 'refused' }],
    ],
  });
  await put(store, [{ id: 'buried', deleted: true }]);
  await put(store, [], { workspace: THERE, operations: [operation('op-1', { code: 'there' })] });
  await store.head(NEVER);
  await store.writeRecords([
    { kind: 'user', id: '\u{1f600}', value: { $a: { 'b.c': [1, null, '😀'] } } },
    { kind: 'user', id: '\uffee', value: null },
    { kind: 'key', id: 'k', value: 'secret' },
  ]);
}

const partsOf = async (store: Store): Promise<readonly Part[]> => {
  const parts: Part[] = [];
  for await (const part of store.dump()) parts.push(part);
  return parts;
};
async function* given(parts: readonly Part[]): AsyncGenerator<Part> {
  yield* parts;
}
const openEmpty = (clock: { ms: number }) => ({ now: () => (clock.ms += MARK_INTERVAL_MS) });

export function dumpContract(contract: Contract): void {
  const open = openerOf(contract);
  const openFilled = async (): Promise<Store> => {
    const store = await open(open.fresh(), openEmpty({ ms: START_MS }));
    await fill(store);
    return store;
  };

  it('promise 15: a dump has everything that the store keeps, in its order', async () => {
    const parts = await partsOf(await openFilled());
    expect(
      parts.map((one) => {
        const place = 'workspace' in one ? `${one.workspace} ` : '';
        const name = 'id' in one ? one.id : 'stamp' in one ? one.stamp : '';
        const at = 'seq' in one ? ` ${one.seq}` : '';
        return `${place}${one.part} ${'op' in one ? one.op : name}${at}`;
      }),
    ).toEqual([
      'store ',
      'record k',
      'record \uffee',
      'record \u{1f600}',
      'here workspace  4',
      'here mark  2',
      'here mark  3',
      'here mark  4',
      'here document \u{1f600} 1',
      'here document b 1',
      'here document c 1',
      'here document a 3',
      'here document later 3',
      'here document buried 4',
      'here left a 3',
      'here left a 3',
      'here operation op-1 3',
      'here operation op-2 3',
      'here fate s-1 3',
      'here fate s-2 3',
      'here purged ',
      'here purged ',
      'there workspace  0',
      'there operation op-1 1',
    ]);
    expect(parts).toContainEqual({
      part: 'document',
      workspace: HERE,
      collection: 'pins',
      id: 'c',
      seq: 1,
      pos: 2,
      deleted: false,
      text: ODD_TEXT,
      scopeKeys: ['workspace'],
      indexed: { kind: 'site', amount: 1, void: false },
    });
  });

  it('promise 15: every kind of store dumps the same, also after a way through another kind', async () => {
    const store = await openFilled();
    const parts = await partsOf(store);
    const memory = openMemoryStore({ now: openEmpty({ ms: START_MS }).now });
    await fill(memory);
    const [, ...ofMemory] = await partsOf(memory);
    expect(parts.slice(1)).toEqual(ofMemory);
    const between = openMemoryStore();
    await between.load(store.dump());
    const back = await open(open.fresh());
    await back.load(between.dump());
    expect(await partsOf(back)).toEqual(parts);
  });

  it('promise 15: a dump during commits is of one moment', async ({ skip }) => {
    if (!contract.snapshots) {
      process.stderr.write('NOT RUN: a dump during commits, which only a real MongoDB makes.\n');
      skip('SecantusDB reads in no snapshot session');
    }
    const store = await open(open.fresh());
    const pair = [{ id: 'a' }, { id: 'a', collection: 'forms' }];
    await put(store, pair);
    const seen: Part[] = [];
    for await (const part of store.dump()) {
      seen.push(part);
      await put(store, [...pair, { id: `more-${seen.length}` }]);
    }
    const head = seen.find((one) => one.part === 'workspace')?.seq;
    const ofA = seen.filter((one) => one.part === 'document' && one.id === 'a');
    expect(ofA.map((one) => ('seq' in one ? one.seq : 0))).toEqual([head, head]);
    for (const one of seen) if ('seq' in one) expect(one.seq).toBeLessThanOrEqual(head ?? 0);
  });

  it('promise 16: a loaded store is the one that was dumped, and goes on from there', async () => {
    const store = await openFilled();
    const place = open.fresh();
    const loaded = await open(place, { now: () => START_MS });
    await loaded.load(store.dump());
    const needs = {
      documents: ['a', 'deleted', 'deleted too', 'none'].map((id) => ({ collection: 'pins', id })),
      operations: ['op-gone', 'op-1', 'op-2'].map(operationId),
      stamps: ['s-gone', 's-1', 's-2'],
    };
    const compare = async (other: Store): Promise<void> => {
      for (const workspace of [HERE, THERE, NEVER])
        expect(await other.head(workspace)).toEqual(await store.head(workspace));
      for (const scopeKeys of [['workspace'], ['x'], ['y', 'z']])
        for (const after of [0, 1, 2])
          expect(await read(other, { scopeKeys, after })).toEqual(
            await read(store, { scopeKeys, after }),
          );
      expect(await knownOf(other, needs)).toEqual(await knownOf(store, needs));
      expect(await other.scan(HERE, 'pins', '', 99)).toMatchObject([
        ...(await store.scan(HERE, 'pins', '', 99)),
      ]);
      expect(await other.records('user', '')).toEqual(await store.records('user', ''));
    };
    await compare(loaded);
    // Promise 7: the clock of this store is behind.
    const { result } = await put(loaded, [{ id: 'a', keys: ['x'] }]);
    const after = Date.parse((await store.head(HERE)).updatedAt) + 1;
    expect(result).toMatchObject({ seq: 5, updatedAt: new Date(after).toISOString() });
    expect((await read(loaded, { scopeKeys: ['z'], after: 4 })).ids).toEqual(['a']);
    // What was purged before stays so; marks say what may go next.
    const purged = await loaded.purge(HERE, START_MS + 4 * MARK_INTERVAL_MS);
    expect(purged).toMatchObject({ floor: 4, documents: 1 });
    if (!contract.durable) return;
    await loaded.close();
    const again = await open(place);
    expect(await again.head(HERE)).toMatchObject({ seq: 5, floor: 4, epoch: result.epoch });
  });

  it('promise 16: a store that keeps anything refuses to be loaded and stays as it is', async () => {
    const full = await openFilled();
    const before = await partsOf(full);
    await expect(full.load(given(before))).rejects.toThrow(StoreNotEmptyError);
    expect(await partsOf(full)).toEqual(before);
    const set = await open(open.fresh());
    await set.writeRecords([{ kind: 'user', id: 'a', value: 1 }]);
    await expect(set.load(given(before))).rejects.toThrow(StoreNotEmptyError);
    expect(await set.records('user', '')).toEqual([{ id: 'a', value: 1 }]);
    expect((await set.head(HERE)).seq).toBe(0);
  });

  it('promise 16: where the parts end in an error, nothing is kept, and loading again works', async () => {
    const parts = await partsOf(await openFilled());
    const store = await open(open.fresh());
    const empty = await partsOf(store);
    for (let good = 0; good <= parts.length; good += 1) {
      const broken = async function* broken() {
        yield* parts.slice(0, good);
        throw new RangeError('cut off');
      };
      await expect(store.load(broken())).rejects.toThrow(RangeError);
      expect(await partsOf(store)).toEqual(empty);
      expect(await read(store)).toMatchObject({ ids: [], reached: 0 });
    }
    await store.load(given(parts));
    expect(await partsOf(store)).toEqual(parts);
  });

  it('promise 16: ten thousand documents are loaded with those that are much larger', async () => {
    const store = await open(open.fresh());
    const large = JSON.stringify({ id: 'large', t: 'x'.repeat(4_000_000) });
    for (let batch = 0; batch < 10; batch += 1)
      await put(
        store,
        Array.from({ length: 1_000 }, (_, index) => ({ id: `${batch}-${index}`, keys: ['x'] })),
      );
    await put(store, [{ id: 'large', text: large }]);
    const loaded = await open(open.fresh());
    await loaded.load(store.dump());
    expect((await read(loaded, { after: 10 })).text).toBe(large);
    const page = { scopeKeys: ['x'], limit: 10_000 };
    expect((await read(loaded, page)).text).toBe((await read(store, page)).text);
  });
}
