// Promise 9 on random histories, against a model that keeps whole commits and never shares code
// with a store: every page holds what it must, cuts no commit and is as full as it can be.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { workspaceId } from '../../replication/index.ts';
import { SEED } from '../support/seed.ts';
import { openerOf, type Contract } from './opener.ts';
import { put, read } from './place.ts';

interface Row {
  readonly collection: string;
  readonly id: string;
  readonly keys: readonly string[];
}
type Commit = readonly Row[];

interface Case {
  readonly history: readonly Commit[];
  readonly reader: readonly string[];
  readonly collection: string;
  readonly limit: number;
  readonly from: number;
  readonly to: number;
}

const keys = fc.subarray(['k0', 'k1', 'k2']);
const row: fc.Arbitrary<Row> = fc.record({
  collection: fc.constantFrom('pins', 'pins', 'forms'),
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
  keys,
});
const commit = fc.uniqueArray(row, {
  minLength: 1,
  maxLength: 4,
  selector: ({ collection, id }) => `${collection}/${id}`,
});
const cases: fc.Arbitrary<Case> = fc.record({
  history: fc.array(commit, { minLength: 1, maxLength: 12 }),
  reader: keys,
  collection: fc.constantFrom('pins', 'forms'),
  limit: fc.integer({ min: 1, max: 5 }),
  from: fc.nat({ max: 6 }),
  to: fc.nat({ max: 14 }),
});

const meet = (one: readonly string[], other: readonly string[]): boolean =>
  one.some((key) => other.includes(key));

/** What a reader is due of one commit: `id` of a document, `-id` of one that left. */
const dueOf = ({ history, reader, collection }: Case, index: number, left: boolean): string[] =>
  (history[index] ?? []).flatMap((written) => {
    if (written.collection !== collection) return [];
    const same = (other: Row): boolean =>
      other.id === written.id && other.collection === collection;
    const last = history.findLastIndex((rows) => rows.some(same));
    const now = history[last]?.find(same)?.keys ?? [];
    if (meet(now, reader)) return last === index ? [written.id] : [];
    const before = history.slice(0, index).flat().findLast(same)?.keys ?? [];
    const lost = before.filter((key) => !written.keys.includes(key));
    return left && meet(lost, reader) ? [`-${written.id}`] : [];
  });

/** The commits of a range of which the reader is due something, in order. */
const due = (
  all: Case,
  after: number,
  upTo: number,
): readonly { readonly seq: number; readonly rows: readonly string[] }[] =>
  all.history
    .map((_, index) => ({ seq: index + 1, rows: dueOf(all, index, after > 0) }))
    .filter(({ seq, rows }) => seq > after && seq <= upTo && rows.length > 0);

/** Reads one page, compares it with the model and returns where the next one begins. */
async function checkedPage(
  all: Case,
  ask: Parameters<typeof read>,
  after: number,
  upTo: number,
): Promise<number | undefined> {
  const [store, base] = ask;
  const page = await read(store, { ...base, after, upTo });
  const commits = due(all, after, upTo);
  let fitting = 0;
  for (let size = 0; fitting < commits.length; fitting += 1) {
    size += commits[fitting]?.rows.length ?? 0;
    if (size > all.limit && fitting > 0) break;
  }
  const taken = commits.slice(0, fitting);
  const next = commits[fitting];
  const rows = page.rows.map(({ id, _deleted }) => (_deleted === true ? `-${id}` : id));
  expect(rows).toEqual([...new Set(taken.flatMap((each) => each.rows))]);
  expect(page.count).toBe(rows.length);
  expect(page.more).toBe(next !== undefined);
  if (next === undefined) {
    expect(page.reached).toBe(Math.max(after, upTo));
    return undefined;
  }
  expect(page.reached).toBeGreaterThanOrEqual(taken.at(-1)?.seq ?? Number.POSITIVE_INFINITY);
  expect(page.reached).toBeLessThan(next.seq);
  return page.reached;
}

export function pagingContract(contract: Contract): void {
  const open = openerOf(contract);

  it('promise 9: pages of random histories hold what they must, cut no commit and are full', async () => {
    const store = await open(open.fresh());
    let workspaces = 0;
    const property = fc.asyncProperty(cases, async (all) => {
      const workspace = workspaceId(`w${(workspaces += 1)}`);
      for (const rows of all.history) await put(store, rows, { workspace });
      const upTo = Math.min(all.to, all.history.length);
      const { collection, limit, reader } = all;
      const base = { workspace, collection, limit, scopeKeys: reader };
      let after: number | undefined = all.from;
      while (after !== undefined) after = await checkedPage(all, [store, base], after, upTo);
    });
    await fc.assert(property, { seed: SEED, numRuns: contract.runs });
    expect(workspaces).toBe(contract.runs);
  });
}
