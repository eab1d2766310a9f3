// Merging by field: of two states of one document, each field (or key of a per-key field) keeps the
// value with the higher stamp. Commutative, associative and idempotent, so the order in which
// versions meet does not matter.

import type { Clock, Collection } from '../../schemas/index.ts';
import type { WireDocument } from '../protocol/index.ts';
import { canonical } from '../stamp/canonical.ts';
import {
  CREATED,
  DELETED,
  entriesOf,
  NO_STAMP,
  setValueAt,
  stampAt,
  stampedEntries,
  valueAt,
} from '../stamp/clock.ts';
import { isLater } from '../stamp/stamp.ts';

const later = (left: string | undefined, right: string | undefined): string =>
  isLater(left ?? NO_STAMP, right ?? NO_STAMP) ? (left ?? NO_STAMP) : (right ?? NO_STAMP);

/** Equal stamps mean equal writes, but for a copied device: then the canonical text decides. */
const leftWins = (leftStamp: string, rightStamp: string, left: unknown, right: unknown): boolean =>
  leftStamp === rightStamp ? canonical(left) >= canonical(right) : isLater(leftStamp, rightStamp);

/**
 * The state in which `left` and `right` meet. Fields of the envelope other than the clock and the
 * deleted flag are `left`'s: the server decides them.
 */
export function mergeFieldLww(
  collection: Collection,
  left: WireDocument,
  right: WireDocument,
): WireDocument {
  const leftClk = left.clk ?? {};
  const rightClk = right.clk ?? {};
  const created = later(leftClk[CREATED], rightClk[CREATED]);
  const clk: Record<string, string> = { [CREATED]: created };
  const merged: Record<string, unknown> = { ...left };

  const entries = entriesOf(collection, left, right);
  for (const clock of [leftClk, rightClk])
    for (const entry of stampedEntries(collection, clock)) entries.add(entry);
  for (const entry of entries) {
    const leftStamp = stampAt(leftClk, entry);
    const rightStamp = stampAt(rightClk, entry);
    const leftValue = valueAt(collection, left, entry);
    const rightValue = valueAt(collection, right, entry);
    const keepsLeft = leftWins(leftStamp, rightStamp, leftValue, rightValue);
    if (!keepsLeft) setValueAt(collection, merged, entry, rightValue);
    const stamp = keepsLeft ? leftStamp : rightStamp;
    if (isLater(stamp, created)) clk[entry] = stamp;
  }

  const deletedAt = later(leftClk[DELETED], rightClk[DELETED]);
  if (deletedAt !== NO_STAMP) clk[DELETED] = deletedAt;
  merged['clk'] = clk satisfies Clock;
  if (left._deleted === true || right._deleted === true) merged['_deleted'] = true;
  return merged;
}
