// Rows of clients without clocks (stock RxDB clients, REST, imports). What they changed is what
// differs by value between the state they assumed and the new one; it is stamped as of arrival and
// then decided like any other row.

import {
  advanceVector,
  canonical,
  changedEntries,
  CREATED,
  DELETED,
  setValueAt,
  valueAt,
  type WireDocument,
} from '../../replication/core.ts';
import type { Collection } from '../../schemas/index.ts';
import { REFUSALS, type Outcome, type PlainCandidate, type StampedCandidate } from './candidate.ts';
import type { Circumstances } from './circumstances.ts';
import { decideRow } from './decide-row.ts';
import { unfit } from './fit.ts';
import { ownFieldsOf } from './own-fields.ts';
import { isAboutAnother } from './settlement.ts';
import type { Entry, WorkingSet } from './working-set.ts';

const OVERTAKEN: Outcome = {
  verdict: 'superseded',
  code: 'overtaken',
  message: 'It was changed meanwhile. The version on the server stands.',
};

/** Whether two states agree in what clients own: their fields and whether they are deleted. */
export const sameContent = (
  collection: Collection,
  left: WireDocument,
  right: WireDocument,
): boolean =>
  (left._deleted === true) === (right._deleted === true) &&
  canonical(ownFieldsOf(collection, left)) === canonical(ownFieldsOf(collection, right));

export function decidePlain(
  row: PlainCandidate,
  set: WorkingSet,
  circumstances: Circumstances,
): Outcome {
  const stored = set.get(row.collection, row.id);
  if (row.onto !== undefined) return decideChange(row, row.onto, stored, set, circumstances);
  if (stored === undefined) return decideRow(asInsert(row, circumstances), set, circumstances);
  if (sameContent(row.collection, stored.doc, row.doc)) return { verdict: 'accepted' };
  // An insert once more, of something that has changed since: it brings nothing that was not there.
  if (row.assumed === undefined) return OVERTAKEN;
  if (row.collection === circumstances.rules.inbox && isAboutAnother(stored, row.doc))
    return { verdict: 'rejected', code: 'immutable', message: REFUSALS.immutable };
  return decideEdit(asEdit(row, row.assumed, stored, circumstances), stored, set, circumstances);
}

/** A change whose author saw, at most, when the stored version was written. */
function decideChange(
  row: PlainCandidate,
  { seenAt }: NonNullable<PlainCandidate['onto']>,
  stored: Entry | undefined,
  set: WorkingSet,
  circumstances: Circumstances,
): Outcome {
  if (stored === undefined)
    return { verdict: 'rejected', code: 'not_there', message: REFUSALS.not_there };
  const { _deleted, ...there } = stored.doc;
  const whole = { ...row, doc: { ...there, ...row.doc } };
  if (sameContent(row.collection, stored.doc, whole.doc)) return { verdict: 'accepted' };
  const edit = asEdit(whole, stored.doc, stored, circumstances);
  if (seenAt === undefined || seenAt === stored.doc.updatedAt)
    return decideEdit(edit, stored, set, circumstances);
  if (row.deleted) return OVERTAKEN;
  // What its author saw is not kept: everything that the row changes counts as changed meanwhile.
  const { base: _unknown, ...late } = edit;
  const contested = changedEntries(row.collection, stored.doc, whole.doc);
  return decideEdit({ ...late, contested }, stored, set, circumstances);
}

function decideEdit(
  edit: StampedCandidate,
  stored: Entry,
  set: WorkingSet,
  circumstances: Circumstances,
): Outcome {
  const misfit = stored.deleted ? undefined : unfit(edit.collection, edit.doc);
  if (misfit !== undefined) return { verdict: 'rejected', ...misfit };
  return decideRow(edit, set, circumstances);
}

const asStamped = (
  row: PlainCandidate,
  doc: WireDocument,
  clk: Readonly<Record<string, string>>,
  stamp: string,
): StampedCandidate => {
  const vector = row.collection.versionVector ? { vv: advanceVector(doc.vv, stamp) } : {};
  return {
    kind: 'stamped',
    op: row.op as StampedCandidate['op'],
    collection: row.collection,
    id: row.id,
    deleted: row.deleted,
    clk,
    doc: { ...doc, ...vector, clk },
  };
};

function asInsert(row: PlainCandidate, { clock }: Circumstances): StampedCandidate {
  const stamp = clock.tick();
  const clk = { [CREATED]: stamp, ...(row.deleted ? { [DELETED]: stamp } : {}) };
  return asStamped(row, row.doc, clk, stamp);
}

function asEdit(
  row: PlainCandidate,
  assumed: WireDocument,
  stored: Entry,
  { clock }: Circumstances,
): StampedCandidate {
  const stamp = clock.tick(stored.doc.clk);
  const doc: Record<string, unknown> = { ...stored.doc };
  const clk: Record<string, string> = { ...stored.doc.clk };
  if (row.deleted) {
    doc['_deleted'] = true;
    clk[DELETED] = stamp;
  }
  for (const entry of changedEntries(row.collection, assumed, row.doc)) {
    const value = valueAt(row.collection, row.doc, entry);
    if (canonical(value) === canonical(valueAt(row.collection, stored.doc, entry))) continue;
    setValueAt(row.collection, doc, entry, value);
    clk[entry] = stamp;
  }
  const was: Record<string, unknown> = {};
  for (const entry of changedEntries(row.collection, assumed, row.doc))
    was[entry] = valueAt(row.collection, assumed, entry);
  // What others changed after the assumed state. All of it where the document is settled as a whole.
  const overtaken = changedEntries(row.collection, assumed, stored.doc);
  const asWhole = row.collection.policy.kind !== 'fieldLww';
  return {
    ...asStamped(row, doc, clk, stamp),
    base: { rev: stored.doc.rev ?? 0, clk: stored.doc.clk ?? {}, was },
    contested:
      asWhole && overtaken.length > 0
        ? Object.keys(was)
        : overtaken.filter((entry) => entry in was || row.deleted),
  };
}
