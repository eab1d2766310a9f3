// What only shows once a whole push has been applied: references to documents that are not there,
// and sums over documents, which the server alone computes.

import type { WireDocument } from '../../replication/core.ts';
import type { Collection, SumRule } from '../../schemas/index.ts';
import { keyOf } from '../store/port/port.ts';
import { REFUSALS, type Candidate, type Outcome, type Refusal } from './candidate.ts';
import type { Circumstances, Rules } from './circumstances.ts';
import type { Sum } from './sums.ts';
import { newEntry, type Entry, type WorkingSet } from './working-set.ts';

/** Whether rows of a collection have to be looked at together with others. */
export const needsWhole = ({ sums }: Rules, { name, references }: Collection): boolean =>
  sums.has(name) || Object.keys(references).length > 0;

/** The documents that a row's references name. */
export const referencesOf = (
  { references }: Collection,
  doc: WireDocument,
): readonly { readonly field: string; readonly target: string; readonly id: string }[] =>
  Object.entries(references).flatMap(([field, target]) => {
    const id = doc[field];
    return typeof id === 'string' ? [{ field, target, id }] : [];
  });

/** Rows that stand or fall together, all of which took effect. */
export type Standing = readonly Candidate[];

/** What rows did to one sum. */
interface Delta {
  readonly sum: Sum;
  readonly id: string;
  readonly by: number;
  readonly row: Candidate;
}

export interface Look {
  /** Rows that can't stand, with the reason. */
  readonly offenders: ReadonlyMap<Candidate, Outcome>;
  /** Rows that stand although a sum fell below its floor. */
  readonly flagged: ReadonlySet<Candidate>;
}

/**
 * Looks at applied rows in their order. Where all of them can stand, their sums are written.
 *
 * @param before the working set without this push.
 */
export function lookAtWhole(
  units: readonly Standing[],
  after: WorkingSet,
  before: WorkingSet,
  circumstances: Circumstances,
): Look {
  const offenders = danglingIn(units, after, before, circumstances);
  const flagged = new Set<Candidate>();
  const running = new Map<string, { readonly sum: Sum; readonly id: string; value: number }>();
  const counted = new Set<string>();
  for (const rows of units) {
    if (rows.some((row) => offenders.has(row))) continue;
    const deltas = rows
      .flatMap((row) => deltasOf(row, after, before, circumstances.rules, counted))
      // What is gone has no sum that could fall.
      .filter(({ sum, id }) => after.get(sum.of, id)?.deleted === false);
    const values = new Map<string, number>();
    const low: Candidate[] = [];
    for (const { sum, id, by, row } of deltas) {
      const key = keyOf(sum.of.name, `${id}/${sum.field}`);
      const start = running.get(key)?.value ?? numberIn(after.get(sum.of, id)?.doc, sum.field);
      const value = (values.get(key) ?? start) + by;
      values.set(key, value);
      if (by < 0 && sum.floor !== undefined && value < sum.floor) low.push(row);
    }
    if (low.length > 0 && circumstances.belowFloor === 'reject') {
      for (const row of low) offenders.set(row, belowFloor());
      continue;
    }
    for (const row of low) flagged.add(row);
    for (const { sum, id } of deltas) {
      const key = keyOf(sum.of.name, `${id}/${sum.field}`);
      running.set(key, { sum, id, value: values.get(key) ?? 0 });
    }
  }
  if (offenders.size === 0)
    for (const { sum, id, value } of running.values())
      writeSum(after, sum, id, value, circumstances);
  return { offenders, flagged };
}

const belowFloor = (): Outcome => ({
  verdict: 'rejected',
  code: 'below_floor',
  message: REFUSALS.below_floor,
});

/**
 * Rows whose references lead nowhere, and rows that refer to what such rows would have made: found
 * at once, because a chain of a thousand would otherwise be applied again for each of its links.
 */
function danglingIn(
  units: readonly Standing[],
  after: WorkingSet,
  before: WorkingSet,
  circumstances: Circumstances,
): Map<Candidate, Outcome> {
  const offenders = new Map<Candidate, Outcome>();
  const fallen = new Set<Standing>();
  const madeBy = new Map<string, Standing>();
  const links: { unit: Standing; row: Candidate; there: Collection; key: string }[] = [];
  for (const unit of units)
    for (const row of unit) {
      const own = keyOf(row.collection.name, row.id);
      if (!madeBy.has(own)) madeBy.set(own, unit);
      for (const { there, id, lack } of newReferences(row, after, before, circumstances)) {
        if (lack === undefined) {
          const isNew = before.get(there, id) === undefined;
          if (isNew) links.push({ unit, row, there, key: keyOf(there.name, id) });
          continue;
        }
        offenders.set(row, missing(there, lack));
        fallen.add(unit);
      }
    }
  for (let known = -1; known < fallen.size;) {
    known = fallen.size;
    for (const { unit, row, there, key } of links) {
      const maker = madeBy.get(key);
      if (fallen.has(unit) || maker === undefined || !fallen.has(maker)) continue;
      offenders.set(row, missing(there, 'is not there'));
      fallen.add(unit);
    }
  }
  return offenders;
}

type Lack = 'is not there' | 'was deleted meanwhile';
const missing = ({ label }: Collection, lack: Lack): Outcome => ({
  verdict: 'rejected',
  code: 'missing_reference',
  message: `The ${label.one} that it belongs to ${lack}.`,
});

/**
 * The references that a row brought, and why one can't stand. What a device gives back to a restored
 * server was judged once: what it belongs to may have been deleted since, or come back later, from
 * another device. A sum can't wait for that.
 */
function newReferences(
  { collection, id }: Candidate,
  after: WorkingSet,
  before: WorkingSet,
  { rules: { collections, sums }, sameEpoch }: Circumstances,
): readonly { readonly there: Collection; readonly id: string; readonly lack?: Lack }[] {
  const entry = after.get(collection, id);
  if (entry === undefined || entry.deleted || !entry.written) return [];
  if (!sameEpoch && !sums.has(collection.name)) return [];
  const earlier = before.get(collection, id)?.doc;
  return referencesOf(collection, entry.doc).flatMap(({ field, target, id: other }) => {
    const there = collections.get(target);
    if (there === undefined || earlier?.[field] === other) return [];
    const found = after.get(there, other);
    const isGone = found?.deleted ?? after.isPurged(there, other);
    if (found === undefined && !isGone) return [{ there, id: other, lack: 'is not there' }];
    if (!isGone || collection.outlives.includes(field)) return [{ there, id: other }];
    return [{ there, id: other, lack: 'was deleted meanwhile' }];
  });
}

/** Whether rows add to sums of documents that are neither stored nor among them. */
export function lacksSum(
  rows: readonly (Candidate | Refusal)[],
  set: WorkingSet,
  { sums }: Rules,
): boolean {
  const candidates = rows.filter((row) => row.kind !== 'refused');
  const brought = new Set(candidates.map(({ collection, id }) => keyOf(collection.name, id)));
  return candidates.some(({ collection, doc, deleted }) =>
    (sums.get(collection.name) ?? []).some(({ of, by }) => {
      const id = doc[by];
      if (deleted || typeof id !== 'string' || brought.has(keyOf(of.name, id))) return false;
      return set.get(of, id) === undefined && !set.isPurged(of, id);
    }),
  );
}

/** What a row's document adds to sums now and did not before; each document counts once. */
function deltasOf(
  row: Candidate,
  after: WorkingSet,
  before: WorkingSet,
  { sums }: Rules,
  counted: Set<string>,
): readonly Delta[] {
  const { collection, id } = row;
  const key = keyOf(collection.name, id);
  const rules = sums.get(collection.name);
  if (rules === undefined || counted.has(key)) return [];
  counted.add(key);
  return rules.flatMap((sum) => {
    const was = partOf(sum, before.get(collection, id));
    const is = partOf(sum, after.get(collection, id));
    if (was?.id === is?.id)
      return is === undefined || was?.amount === is.amount
        ? []
        : [{ sum, row, id: is.id, by: is.amount - (was?.amount ?? 0) }];
    return [
      ...(was === undefined ? [] : [{ sum, row, id: was.id, by: -was.amount }]),
      ...(is === undefined ? [] : [{ sum, row, id: is.id, by: is.amount }]),
    ];
  });
}

const partOf = (
  { by, amount }: SumRule,
  entry: Entry | undefined,
): { readonly id: string; readonly amount: number } | undefined => {
  const id = entry?.deleted === true ? undefined : entry?.doc[by];
  return typeof id === 'string' ? { id, amount: numberIn(entry?.doc, amount) } : undefined;
};

const numberIn = (doc: WireDocument | undefined, field: string): number => {
  const value = doc?.[field];
  return typeof value === 'number' ? value : 0;
};

function writeSum(
  set: WorkingSet,
  { of, field }: Sum,
  id: string,
  value: number,
  { author }: Circumstances,
): void {
  const known = set.get(of, id);
  if (known === undefined || known.deleted || known.doc[field] === value) return;
  set.put(
    newEntry(of, id, {
      ...known.doc,
      [field]: value,
      rev: set.turn.seq,
      updatedAt: set.turn.updatedAt,
      updatedBy: author.user,
    }),
  );
}
