// Promises 1, 2, 5, 6, 7 and 11: what commits do to each other and to what is known.

import { expect, it } from 'vitest';
import { operationId, workspaceId } from '../../replication/index.ts';
import { keyOf, type OperationRecord } from '../../server/store/port/port.ts';
import { openerOf, type Contract } from './opener.ts';
import { HERE, knownOf, NOTHING, put, read } from './place.ts';

const THERE = workspaceId('there');
const PIN = { collection: 'pins', id: 'a' };

export const operation = (name: string, more: Partial<OperationRecord> = {}): OperationRecord => ({
  op: operationId(name),
  verdict: 'accepted',
  ...PIN,
  ...more,
});

export function commitsContract(contract: Contract): void {
  serialContract(contract);
  decisionContract(contract);
  clockContract(contract);
  isolationContract(contract);
}

function serialContract(contract: Contract): void {
  const open = openerOf(contract);

  it('promise 1: commits made at once get one seq each, without gaps, each after the one before', async () => {
    const store = await open(open.fresh());
    const count = 20;
    const needs = { ...NOTHING, documents: [PIN] };
    const commits = await Promise.all(
      Array.from({ length: count }, () =>
        store.commit(HERE, needs, (known, turn) => ({
          result: { saw: known.documents.get(keyOf('pins', 'a'))?.seq ?? 0, seq: turn.seq },
          write: {
            documents: [
              { ...PIN, deleted: false, text: '{"id":"a"}', scopeKeys: ['workspace'], indexed: {} },
            ],
            operations: [],
            fates: [],
          },
        })),
      ),
    );
    const seqs = commits.map(({ result }) => result.seq).toSorted((one, other) => one - other);
    expect(seqs).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    for (const { result, head } of commits) {
      expect(result.saw).toBe(result.seq - 1);
      expect(head).toBe(result.seq);
    }
  });

  it('promise 1: the seq given to a decision is the seq of its documents and then the head', async () => {
    const store = await open(open.fresh());
    expect((await store.head(HERE)).seq).toBe(0);
    const { result } = await put(store, [{ id: 'a' }, { id: 'b' }]);
    const head = await store.head(HERE);
    expect(result.seq).toBe(1);
    expect(head).toMatchObject({ seq: 1, updatedAt: result.updatedAt });
    expect((await store.get(HERE, [PIN]))[0]?.seq).toBe(1);
    expect((await put(store, [{ id: 'a' }])).head).toBe(2);
    expect((await store.get(HERE, [PIN]))[0]?.seq).toBe(2);
  });

  it('promise 2: pages read together with a head are of one commit, also while others commit', async () => {
    const store = await open(open.fresh());
    const pair = [{ id: 'a' }, { id: 'a', collection: 'forms' }];
    await put(store, pair);
    const work = Array.from({ length: 10 }, async () => {
      await put(store, pair);
      const { head, pages } = await store.pages(HERE, ({ seq }) =>
        ['pins', 'forms'].map((collection) => ({
          collection,
          scopeKeys: ['workspace'],
          limit: 10,
          primaryKey: 'id',
          after: seq,
          upTo: seq,
        })),
      );
      expect(pages.map(({ reached }) => reached)).toEqual([head.seq, head.seq]);
      const both = await store.get(HERE, [PIN, { ...PIN, collection: 'forms' }]);
      expect(new Set(both.map((row) => row.seq)).size).toBe(1);
      expect(both[0]?.seq).toBeGreaterThanOrEqual(head.seq);
    });
    await Promise.all(work);
  });

  it('promise 2: a page shows nothing above `upTo` and takes no `upTo` above the head', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a' }]);
    await put(store, [{ id: 'b' }]);
    expect(await read(store, { upTo: 1 })).toMatchObject({ ids: ['a'], reached: 1, more: false });
    expect(await read(store, { upTo: 99 })).toMatchObject({ ids: ['a', 'b'], reached: 2 });
  });
}

function decisionContract(contract: Contract): void {
  const open = openerOf(contract);

  it('promise 5: a decision knows what it asked for and was committed, and nothing else', async () => {
    const store = await open(open.fresh());
    const operations = [operation('op-1', { code: 'merged_away' }), operation('op-2')];
    const fates = [
      ['s-1', { kind: 'refused' }],
      ['s-2', { kind: 'replaced', by: 's-9' }],
      ['s-3', { kind: 'refused' }],
    ] as const;
    await put(store, [{ id: 'a', keys: ['z', 'b', 'z'], deleted: true }, { id: 'b' }], {
      operations,
      fates,
    });
    const known = await knownOf(store, {
      documents: [PIN, { ...PIN, id: 'none' }, { ...PIN, collection: 'none' }],
      operations: [operationId('op-1'), operationId('none')],
      stamps: ['s-1', 's-2', 'none'],
    });
    const text = '{"id":"a","rev":1}';
    expect([...known.documents]).toEqual(
      [['pins/a', { ...PIN, seq: 1, deleted: true, text, scopeKeys: ['b', 'z'] }]].map(
        ([key, document]) => [key, expect.objectContaining(document as object) as unknown],
      ),
    );
    expect([...known.operations]).toEqual([['op-1', operations[0]]]);
    expect([...known.fates]).toEqual(fates.slice(0, 2).map(([stamp, fate]) => [stamp, fate]));
  });

  it('promise 5: a decision that throws changes nothing, uses no seq and rejects with its error', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a' }]);
    const before = await store.head(HERE);
    const heard: number[] = [];
    store.onCommit(({ seq }) => heard.push(seq));
    await expect(
      store.commit(HERE, NOTHING, () => {
        throw new RangeError('no');
      }),
    ).rejects.toThrow(RangeError);
    expect(await store.head(HERE)).toEqual(before);
    expect((await put(store, [{ id: 'b', keys: ['new'] }])).head).toBe(2);
    expect(await read(store, { scopeKeys: ['new'] })).toMatchObject({ ids: ['b'] });
    await expect.poll(() => heard).toEqual([2]);
  });

  it('promise 5: a document that was not asked for is written over all the same', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a', keys: ['x'] }]);
    const row = { ...PIN, deleted: false, text: '{"id":"a","v":2}', scopeKeys: ['y'], indexed: {} };
    await store.commit(HERE, NOTHING, () => ({
      result: 0,
      write: { documents: [row], operations: [], fates: [] },
    }));
    expect(await store.get(HERE, [PIN])).toMatchObject([
      { text: row.text, scopeKeys: ['y'], seq: 2 },
    ]);
    expect((await read(store, { scopeKeys: ['x'], after: 1 })).rows).toEqual([
      { id: 'a', _deleted: true },
    ]);
  });

  it('promise 6: a commit without documents uses no seq, but keeps its operations and fates', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a' }]);
    const before = await store.head(HERE);
    const refused = operation('op-1', { verdict: 'rejected', code: 'forbidden', id: 'b' });
    const { head } = await put(store, [], {
      operations: [refused],
      fates: [['s-1', { kind: 'refused' }]],
    });
    expect(head).toBe(1);
    expect(await store.head(HERE)).toEqual(before);
    const known = await knownOf(store, { operations: [refused.op], stamps: ['s-1'] });
    expect(known.operations.get(refused.op)).toEqual(refused);
    expect(known.fates.get('s-1')).toEqual({ kind: 'refused' });
    expect((await put(store, [{ id: 'a' }])).head).toBe(2);
  });

  it('promise 6: an operation keeps the verdict that it got first', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a' }], { operations: [operation('op-1')] });
    await put(store, [], {
      operations: [operation('op-1', { verdict: 'rejected', code: 'late' })],
    });
    const known = await knownOf(store, { operations: [operationId('op-1')] });
    expect(known.operations.get(operationId('op-1'))).toEqual(operation('op-1'));
  });
}

function clockContract(contract: Contract): void {
  const open = openerOf(contract);

  it('promise 7: the time rises with every commit, also when the clock stands still or is set back', async () => {
    const clock = { ms: Date.parse('2026-03-01T12:00:00.000Z') };
    const store = await open(open.fresh(), { now: () => clock.ms });
    const times: string[] = [];
    for (const step of [0, 0, -3_600_000, 0, 3_600_000, 5_000, -1]) {
      clock.ms += step;
      times.push((await put(store, [{ id: 'a' }])).result.updatedAt);
      expect((await store.head(HERE)).updatedAt).toBe(times.at(-1));
    }
    expect(times).toEqual([
      '2026-03-01T12:00:00.000Z',
      '2026-03-01T12:00:00.001Z',
      '2026-03-01T12:00:00.002Z',
      '2026-03-01T12:00:00.003Z',
      '2026-03-01T12:00:00.004Z',
      '2026-03-01T12:00:05.000Z',
      '2026-03-01T12:00:05.001Z',
    ]);
  });
}

function isolationContract(contract: Contract): void {
  const open = openerOf(contract);

  it('promise 11: equal ids, operations, stamps and keys of two workspaces stay apart', async () => {
    const store = await open(open.fresh());
    const extra = {
      operations: [operation('op-1')],
      fates: [['s-1', { kind: 'refused' }]],
    } as const;
    await put(store, [{ id: 'a', text: '{"id":"a","at":"here"}' }], extra);
    await put(store, [{ id: 'b' }]);

    expect(await store.head(THERE)).toMatchObject({ seq: 0 });
    expect(await read(store, { workspace: THERE, upTo: 2 })).toMatchObject({ ids: [], reached: 0 });
    expect(await store.get(THERE, [PIN])).toEqual([]);
    const asked = { documents: [PIN], operations: [operationId('op-1')], stamps: ['s-1'] };
    const sizes = async (): Promise<readonly number[]> => {
      const { documents, operations, fates } = await knownOf(store, asked, THERE);
      return [documents.size, operations.size, fates.size];
    };
    expect(await sizes()).toEqual([0, 0, 0]);
    await put(store, [], { workspace: THERE, fates: [['s-2', { kind: 'refused' }]] });
    expect(await sizes()).toEqual([0, 0, 0]);

    const { head } = await put(store, [{ id: 'a', keys: ['workspace', 'more'] }], {
      workspace: THERE,
    });
    expect(head).toBe(1);
    await put(store, [{ id: 'a', keys: [] }], { workspace: THERE });
    expect((await store.head(HERE)).seq).toBe(2);
    expect((await read(store)).text).toBe('{"id":"a","at":"here"},{"id":"b","rev":2}');
    expect((await read(store, { after: 1, scopeKeys: ['more', 'workspace'] })).ids).toEqual(['b']);
    expect((await read(store, { after: 1, workspace: THERE })).ids).toEqual(['a']);
  });
}
