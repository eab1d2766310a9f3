// Promise 13: purging moves the floor and takes what lies at or below it, all at once.

import { expect, it } from 'vitest';
import { operationId } from '../../replication/index.ts';
import { keyOf, MARK_INTERVAL_MS, type Store } from '../../server/store/port/port.ts';
import { operation } from './commits.ts';
import { openerOf, type Contract } from './opener.ts';
import { HERE, knownOf, put, read } from './place.ts';

const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
const DAY_MS = 86_400_000;
/** The moment just after the commit of a day, which is the commit's seq too. */
const after = (seq: number): number => START_MS + seq * DAY_MS + 1;

async function purgeAll(store: Store, beforeMs: number): Promise<number> {
  let documents = 0;
  for (;;) {
    const step = await store.purge(HERE, beforeMs);
    documents += step.documents;
    expect((await store.head(HERE)).floor).toBe(step.floor);
    if (!step.more) return documents;
  }
}

const ids = async (store: Store): Promise<readonly string[]> => (await read(store)).ids;

export function purgeContract(contract: Contract): void {
  const open = openerOf(contract);
  const clock = { ms: START_MS };
  /** Each commit on a day of its own. */
  const openDaily = async (place = open.fresh()): Promise<Store> => {
    clock.ms = START_MS;
    return open(place, { now: () => (clock.ms += DAY_MS) });
  };

  it('promise 13: tombstones at or below the floor go, and nothing else of the documents', async () => {
    const store = await openDaily();
    await put(store, [{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    await put(store, [{ id: 'a', deleted: true }]);
    await put(store, [{ id: 'b', deleted: true }]);
    expect(await purgeAll(store, after(0))).toBe(0);
    expect((await store.head(HERE)).floor).toBe(0);
    expect(await purgeAll(store, after(2))).toBe(1);
    expect(await store.head(HERE)).toMatchObject({ seq: 3, floor: 2 });
    expect(await ids(store)).toEqual(['c', 'b']);
    expect(await store.get(HERE, [{ collection: 'pins', id: 'a' }])).toEqual([]);
    expect(await purgeAll(store, after(2))).toBe(0);
    // A moment in the past never takes the floor back, one in the future never beyond the head.
    await purgeAll(store, after(1));
    expect((await store.head(HERE)).floor).toBe(2);
    await purgeAll(store, after(99));
    expect((await store.head(HERE)).floor).toBe(3);
    expect(await ids(store)).toEqual(['c']);
    expect((await put(store, [{ id: 'd' }])).head).toBe(4);
  });

  it('promise 13: what was purged is known by its place, until it is there again', async () => {
    const store = await openDaily();
    const place = { collection: 'pins', id: 'a' };
    await put(store, [{ id: 'a' }, { id: 'b' }]);
    await put(store, [{ id: 'a', deleted: true }]);
    const needs = {
      documents: [
        place,
        { ...place, id: 'b' },
        { ...place, id: 'x' },
        { ...place, collection: 'forms' },
      ],
    };
    expect([...(await knownOf(store, needs)).purged]).toEqual([]);
    await purgeAll(store, after(2));
    const known = await knownOf(store, needs);
    expect([...known.purged]).toEqual([keyOf('pins', 'a')]);
    expect([...known.documents.keys()]).toEqual([keyOf('pins', 'b')]);
    await put(store, [{ id: 'a' }]);
    expect([...(await knownOf(store, needs)).purged]).toEqual([]);
  });

  it('promise 13: operations and fates live as long as the tombstones of their commits', async () => {
    const store = await openDaily();
    const needs = {
      operations: ['op-1', 'op-2', 'op-3'].map(operationId),
      stamps: ['s-1', 's-2'],
    };
    await put(store, [{ id: 'a' }], {
      operations: [operation('op-1')],
      fates: [['s-1', { kind: 'refused' }]],
    });
    await put(store, [{ id: 'b' }], {
      operations: [operation('op-2')],
      fates: [['s-2', { kind: 'replaced', by: 's-9' }]],
    });
    // Without a document it has no seq of its own: it goes with the next commit, never with the last.
    await put(store, [], { operations: [operation('op-3', { verdict: 'rejected' })] });
    await purgeAll(store, after(1));
    const known = await knownOf(store, needs);
    expect([...known.operations.keys()]).toEqual(['op-2', 'op-3']);
    expect([...known.fates.keys()]).toEqual(['s-2']);
    await purgeAll(store, after(2));
    expect([...(await knownOf(store, needs)).operations.keys()]).toEqual(['op-3']);
    expect([...(await knownOf(store, needs)).fates.keys()]).toEqual([]);
  });

  it('promise 13: `left` rows at or below the floor go', async () => {
    const store = await openDaily();
    await put(store, [
      { id: 'a', keys: ['x'] },
      { id: 'b', keys: ['x'] },
    ]);
    await put(store, [{ id: 'a', keys: ['y'] }]);
    await put(store, [{ id: 'b', keys: ['y'] }]);
    const gone = async (): Promise<readonly string[]> =>
      (await read(store, { scopeKeys: ['x'], after: 1 })).ids;
    expect(await gone()).toEqual(['a', 'b']);
    await purgeAll(store, after(2));
    expect(await gone()).toEqual(['b']);
  });

  it('promise 13: a large purge goes in parts, each of which leaves floor and tombstones as one', async () => {
    const store = await openDaily();
    const batch = (from: number, deleted: boolean) =>
      Array.from({ length: 500 }, (_, index) => ({ id: `d-${from + index}`, deleted }));
    for (const deleted of [false, true])
      for (let from = 0; from < 3_000; from += 500) await put(store, batch(from, deleted));
    let purged = 0;
    for (let more = true; more;) {
      const step = await store.purge(HERE, after(12));
      purged += step.documents;
      ({ more } = step);
      const { rows } = await read(store, { limit: 5_000 });
      expect(rows.length + purged).toBe(3_000);
      for (const { rev = 0 } of rows) expect(rev).toBeGreaterThan(step.floor);
    }
    expect(purged).toBe(3_000);
    expect((await store.head(HERE)).floor).toBe(12);
  });

  it('promise 13: commits that lie close together are purged together, at most that much too late', async () => {
    clock.ms = START_MS;
    const store = await open(open.fresh(), { now: () => clock.ms });
    await put(store, [{ id: 'a', deleted: true }]);
    clock.ms += 5;
    await put(store, [{ id: 'b', deleted: true }]);
    clock.ms += MARK_INTERVAL_MS;
    await put(store, [{ id: 'c', deleted: true }]);
    clock.ms += 2 * MARK_INTERVAL_MS;
    await put(store, [{ id: 'd' }]);
    await purgeAll(store, START_MS + 5);
    expect([1, 2]).toContain((await store.head(HERE)).floor);
    await purgeAll(store, START_MS + 2 * MARK_INTERVAL_MS);
    expect((await store.head(HERE)).floor).toBe(3);
  });

  it('promise 11: a purge of one workspace leaves the others as they are', async () => {
    const store = await openDaily();
    const workspace = 'there' as typeof HERE;
    await put(store, [{ id: 'a', deleted: true }]);
    await put(store, [{ id: 'a', deleted: true }], { workspace });
    await purgeAll(store, after(99));
    expect(await ids(store)).toEqual([]);
    expect((await read(store, { workspace })).ids).toEqual(['a']);
    const needs = { documents: [{ collection: 'pins', id: 'a' }] };
    expect((await knownOf(store, needs, workspace)).purged.size).toBe(0);
    expect((await store.head(workspace)).floor).toBe(0);
  });

  it('promise 10: a scan gives all documents with what is kept beside them, in the order of ids', async () => {
    const store = await openDaily();
    await put(store, [{ id: 'c', keys: ['x'] }, { id: 'a' }, { id: 'b', deleted: true }]);
    await put(store, [{ id: 'z', collection: 'forms' }]);
    const first = await store.scan(HERE, 'pins', '', 2);
    expect(first.map(({ id, deleted }) => [id, deleted])).toEqual([
      ['a', false],
      ['b', true],
    ]);
    expect(await store.scan(HERE, 'pins', 'b', 2)).toMatchObject([
      {
        id: 'c',
        seq: 1,
        text: '{"id":"c","rev":1}',
        scopeKeys: ['x'],
        indexed: { kind: 'site', amount: 1, void: false },
      },
    ]);
    expect(await store.scan(HERE, 'none', '', 2)).toEqual([]);
  });

  if (!contract.durable) return;
  it('promise 13: the floor, and what was purged, are known after opening again', async () => {
    const place = open.fresh();
    const before = await openDaily(place);
    await put(before, [{ id: 'a', deleted: true }]);
    await purgeAll(before, after(1));
    await before.close();
    const again = await open(place);
    expect((await again.head(HERE)).floor).toBe(1);
    const needs = { documents: [{ collection: 'pins', id: 'a' }] };
    expect([...(await knownOf(again, needs)).purged]).toEqual(['pins/a']);
  });
}
