// What a row changed, by its stamps.

import { CREATED, deviceOf, entriesOf, isLater, stampAt } from '../../replication/core.ts';
import type { Clock } from '../../schemas/index.ts';
import type { StampedCandidate } from './candidate.ts';
import type { Circumstances } from './circumstances.ts';
import type { Settled } from './stamps.ts';
import type { Entry } from './working-set.ts';

/**
 * The clock that a row started from. A row without a base whose making stands here already comes
 * after an answer that was lost: it started from what it made.
 */
function startOf(
  row: StampedCandidate,
  clk: Clock,
  { doc: { clk: there = {} } }: Entry,
): Clock | undefined {
  const made = clk[CREATED];
  if (row.base !== undefined || made === undefined) return row.base?.clk;
  return made === there[CREATED] ? { [CREATED]: made } : undefined;
}

/** The entries that a row changed: where its stamp is not its base's. */
export function changesOf(
  row: StampedCandidate,
  settled: Settled,
  stored: Entry,
): readonly string[] {
  const start = startOf(row, settled.clk, stored);
  const before = start ?? stored.doc.clk ?? {};
  const entries = entriesOf(row.collection, settled.doc, stored.doc);
  for (const entry of Object.keys(settled.clk)) entries.add(entry);
  entries.delete(CREATED);
  for (const entry of settled.taken) entries.delete(entry);
  return [...entries].filter((entry) => {
    const stamp = stampAt(settled.clk, entry);
    return entry in settled.clk || start === undefined ? stamp !== stampAt(before, entry) : false;
  });
}

/**
 * A change is concurrent where somebody else wrote the field after what the row started from. Stamps
 * of a field only rise, but for a store that was restored from an older copy: what is older here than
 * where the row started is no answer to it. Such a store is healed by rows without a base, which
 * started from all that they hold.
 */
export function isConcurrent(
  row: StampedCandidate,
  settled: Settled,
  stored: Entry,
  entry: string,
  { device, sameEpoch }: Pick<Circumstances, 'device' | 'sameEpoch'>,
): boolean {
  const there = stampAt(stored.doc.clk ?? {}, entry);
  const own = stampAt(settled.clk, entry);
  if (there === own || deviceOf(there) === device) return false;
  const start = startOf(row, settled.clk, stored);
  if (start === undefined) return true;
  const heals = row.base === undefined && !sameEpoch;
  return isLater(there, heals ? own : stampAt(start, entry));
}
