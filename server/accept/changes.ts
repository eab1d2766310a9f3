// What a row changed, by its stamps.

import { CREATED, deviceOf, entriesOf, stampAt } from '../../replication/core.ts';
import type { StampedCandidate } from './candidate.ts';
import type { Settled } from './stamps.ts';
import type { Entry } from './working-set.ts';

/** The entries that a row changed: where its stamp is not its base's. */
export function changesOf(
  row: StampedCandidate,
  settled: Settled,
  stored: Entry,
): readonly string[] {
  const before = row.base?.clk ?? stored.doc.clk ?? {};
  const entries = entriesOf(row.collection, settled.doc, stored.doc);
  for (const entry of Object.keys(settled.clk)) entries.add(entry);
  entries.delete(CREATED);
  const started = row.base === undefined;
  return [...entries].filter((entry) => {
    const stamp = stampAt(settled.clk, entry);
    return entry in settled.clk || started ? stamp !== stampAt(before, entry) : false;
  });
}

/** A change is concurrent where somebody else wrote the field after what the row started from. */
export function isConcurrent(
  row: StampedCandidate,
  stored: Entry,
  entry: string,
  device: string,
): boolean {
  const there = stampAt(stored.doc.clk ?? {}, entry);
  const from = row.base === undefined ? undefined : stampAt(row.base.clk, entry);
  return there !== from && deviceOf(there) !== device;
}
