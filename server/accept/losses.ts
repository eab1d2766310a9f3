// What a decision takes from somebody, and where it is kept: nothing that a person wrote goes
// without an entry of the inbox.

import {
  canonical,
  changedEntries,
  CREATED,
  DELETED,
  entriesOf,
  knows,
  stampAt,
  deviceOf,
  valueAt,
  type WireDocument,
} from '../../replication/core.ts';
import { REFUSALS, type Outcome, type StampedCandidate } from './candidate.ts';
import type { Circumstances } from './circumstances.ts';
import {
  keepLoss,
  openConflict,
  startOf,
  storedVersion,
  writtenBy,
  type Loss,
  type Written,
} from './inbox.ts';
import type { Settled } from './stamps.ts';
import type { Entry, WorkingSet } from './working-set.ts';

/** The pushed version with its author. */
const pushedVersion = (
  { collection }: StampedCandidate,
  settled: Settled,
  { author, device }: Circumstances,
): Written => ({
  ...writtenBy(settled.doc, author.user, device),
  doc: withoutDerived(collection.derived, settled.doc),
});

/** Nobody writes derived fields, so nobody loses them. */
function withoutDerived(derived: readonly string[], doc: WireDocument): WireDocument {
  if (derived.length === 0) return doc;
  return Object.fromEntries(Object.entries(doc).filter(([field]) => !derived.includes(field)));
}

export const lossOf = (
  row: StampedCandidate,
  settled: Settled,
  stored: Entry,
  fields: readonly string[],
  reason: Loss['reason'],
  circumstances: Circumstances,
): Loss => ({
  place: row,
  op: row.op,
  reason,
  fields,
  mine: pushedVersion(row, settled, circumstances),
  theirs: storedVersion(stored),
  ...(row.base?.was === undefined
    ? {}
    : { base: startOf(row.collection, settled.doc, fields, row.base.was) }),
});

/** An edit of something that is gone; `stored` is missing where even its tombstone was purged. */
export function loseToDelete(
  row: StampedCandidate,
  settled: Settled,
  stored: Entry | undefined,
  set: WorkingSet,
  circumstances: Circumstances,
): Outcome {
  const gone: Written = { doc: { _deleted: true }, by: '', device: '', atMs: Number.NaN };
  const fields = Object.keys(row.clk).filter((entry) => entry !== CREATED && entry !== DELETED);
  const mine = pushedVersion(row, settled, circumstances);
  const theirs = stored === undefined ? gone : storedVersion(stored);
  keepLoss({ place: row, op: row.op, reason: 'deleted', fields, mine, theirs }, set, circumstances);
  const code = stored === undefined ? 'gone' : 'deleted';
  return { verdict: 'superseded', code, message: REFUSALS[code] };
}

/**
 * Whether only a person can say which version stands: the policy asks for one, and the stored
 * version holds a write that the row's does not know. A delete needs nobody.
 */
export function isForAPerson(
  row: StampedCandidate,
  settled: Settled,
  stored: Entry,
  concurrent: readonly string[],
  device: string,
): boolean {
  if (row.collection.policy.kind !== 'manual' || row.deleted) return false;
  if (row.contested !== undefined) return row.contested.length > 0;
  // The base that a device names may be older than what it edited. Who pushes as somebody else's
  // device is taken at the base's word only.
  const known = device === '' ? row.base?.vv : (settled.doc.vv ?? row.base?.vv);
  if (known === undefined) return concurrent.length > 0;
  const { [device]: _own, ...others } = stored.doc.vv ?? {};
  return !knows(known, others);
}

export function leaveToPerson(
  row: StampedCandidate,
  settled: Settled,
  stored: Entry,
  changes: readonly string[],
  set: WorkingSet,
  circumstances: Circumstances,
): Outcome {
  const fields = changedEntries(row.collection, stored.doc, settled.doc);
  // Both wrote the same, or the row brings nothing: there is nothing to choose between.
  if (fields.length === 0 || changes.length === 0) return { verdict: 'accepted' };
  const loss = lossOf(row, settled, stored, fields, 'concurrent', circumstances);
  openConflict(loss, set, circumstances);
  return { verdict: 'conflict', code: 'concurrent', message: REFUSALS.concurrent };
}

interface Merge {
  readonly row: StampedCandidate;
  readonly settled: Settled;
  readonly stored: Entry;
  readonly standing: readonly string[];
  readonly lost: readonly string[];
  readonly concurrent: readonly string[];
}

/** What merging overwrote, on either side, and what a delete took along. */
export function keepLosses(merge: Merge, set: WorkingSet, circumstances: Circumstances): void {
  const { row, settled, stored, standing, lost, concurrent } = merge;
  const differs = (entry: string): boolean =>
    canonical(valueAt(row.collection, settled.doc, entry)) !==
    canonical(valueAt(row.collection, stored.doc, entry));
  const own = lost.filter(differs);
  if (own.length > 0)
    keepLoss(lossOf(row, settled, stored, own, 'overtaken', circumstances), set, circumstances);

  const theirs = row.deleted
    ? unseen(row, stored, circumstances)
    : standing.filter((entry) => concurrent.includes(entry) && differs(entry));
  const reason = row.deleted ? 'deleted' : 'overwritten';
  const pushed = pushedVersion(row, settled, circumstances);
  for (const [by, { device, fields }] of byWriter(theirs, stored, circumstances)) {
    const loser = { ...storedVersion(stored), by, device };
    const loss = { place: row, op: row.op, reason, fields, mine: loser, theirs: pushed } as const;
    keepLoss({ ...loss, wasStored: true }, set, circumstances);
  }
}

/** The stored values of a document by who wrote them; the last to change it, where nobody knows. */
function byWriter(
  entries: readonly string[],
  { doc }: Entry,
  { writerOf }: Circumstances,
): ReadonlyMap<string, { readonly device: string; readonly fields: readonly string[] }> {
  const writers = new Map<string, { readonly device: string; readonly fields: string[] }>();
  for (const entry of entries) {
    const device = deviceOf(stampAt(doc.clk ?? {}, entry));
    const by = writerOf(device) ?? doc.updatedBy ?? '';
    const known = writers.get(by) ?? { device, fields: [] };
    known.fields.push(entry);
    writers.set(by, known);
  }
  return writers;
}

/** What somebody else wrote into a document that the deleting device had not seen. */
const unseen = (
  row: StampedCandidate,
  stored: Entry,
  { device }: Circumstances,
): readonly string[] => {
  const seen = row.base?.clk ?? row.clk;
  return (
    row.contested ??
    [...entriesOf(row.collection, stored.doc)].filter((entry) => {
      const stamp = stampAt(stored.doc.clk ?? {}, entry);
      return stamp !== stampAt(seen, entry) && deviceOf(stamp) !== device;
    })
  );
};
