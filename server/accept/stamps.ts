// What becomes of a row's stamps before anything is merged: those of refused rows are lost, those
// from the future are replaced, always by the same one.

import {
  CREATED,
  DELETED,
  MAX_DRIFT_MS,
  stampAt,
  setValueAt,
  timeOf,
  valueAt,
  type WireDocument,
} from '../../replication/core.ts';
import type { StampedCandidate } from './candidate.ts';
import type { Circumstances } from './circumstances.ts';
import { recordedStamp } from './recorded.ts';
import type { Entry, WorkingSet } from './working-set.ts';

/** The stamps that a row brings: those that its base does not have. */
export const newStamps = (row: StampedCandidate): readonly string[] => {
  const base = new Set(Object.values(row.base?.clk ?? {}));
  return [...new Set(Object.values(row.clk))].filter((stamp) => !base.has(stamp));
};

export interface Settled {
  readonly doc: WireDocument;
  readonly clk: Readonly<Record<string, string>>;
  /** Entries taken back because their write was refused earlier. */
  readonly lost: number;
}

/**
 * The row with its stamps settled; undefined where it stands on an insert or delete that was
 * refused.
 */
export function settleStamps(
  row: StampedCandidate,
  stored: Entry | undefined,
  set: WorkingSet,
  { author, clock, nowMs }: Pick<Circumstances, 'author' | 'clock' | 'nowMs'>,
): Settled | undefined {
  const replaced = new Map<string, string>();
  const refused = new Set<string>();
  for (const stamp of newStamps(row)) {
    const fate = set.fate(recordedStamp(stamp, author.user));
    if (fate?.kind === 'refused') refused.add(stamp);
    else if (fate?.kind === 'replaced') replaced.set(stamp, fate.by);
    else if (timeOf(stamp) > nowMs + MAX_DRIFT_MS) {
      const by = clock.tick(stored?.doc.clk);
      set.setFate(recordedStamp(stamp, author.user), { kind: 'replaced', by });
      replaced.set(stamp, by);
    }
  }
  if (replaced.size === 0 && refused.size === 0) return { doc: row.doc, clk: row.clk, lost: 0 };

  const doc: Record<string, unknown> = { ...row.doc };
  const clk: Record<string, string> = {};
  let lost = 0;
  for (const [entry, stamp] of Object.entries(row.clk)) {
    if (!refused.has(stamp)) {
      clk[entry] = replaced.get(stamp) ?? stamp;
      continue;
    }
    if (entry === CREATED || entry === DELETED || stored === undefined) return undefined;
    lost += 1;
    clk[entry] = stampAt(stored.doc.clk ?? {}, entry);
    setValueAt(row.collection, doc, entry, valueAt(row.collection, stored.doc, entry));
  }
  doc['clk'] = clk;
  return { doc, clk, lost };
}
