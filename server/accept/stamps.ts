// What becomes of a row's stamps before anything is merged: those of refused rows are lost, those
// from the future are replaced, always by the same one.

import {
  CREATED,
  DELETED,
  deviceOf,
  highest,
  isLater,
  isStamp,
  MAX_DRIFT_MS,
  stampAt,
  setValueAt,
  timeOf,
  valueAt,
  withDeviceOf,
  type WireDocument,
} from '../../replication/core.ts';
import type { StampedCandidate } from './candidate.ts';
import type { Circumstances } from './circumstances.ts';
import { recordedStamp } from './recorded.ts';
import type { Entry, WorkingSet } from './working-set.ts';

/** The stamps of a row, each once, the earliest first. */
export const stampsOf = (row: StampedCandidate): readonly string[] =>
  [...new Set(Object.values(row.clk))].toSorted((left, right) => (isLater(left, right) ? 1 : -1));

/**
 * A device makes an id once: a row that makes it again comes after an answer that was lost, also where
 * what became of its stamp has been purged since.
 */
function madeBefore(
  { clk, base }: StampedCandidate,
  stored: Entry | undefined,
  stamp: string,
): string | undefined {
  const there = stored?.doc.clk?.[CREATED];
  const isMaking = base === undefined && stamp === clk[CREATED];
  return isMaking && there !== undefined && deviceOf(there) === deviceOf(stamp) ? there : undefined;
}

export interface Settled {
  readonly doc: WireDocument;
  readonly clk: Readonly<Record<string, string>>;
  /** Entries taken back because their write was refused earlier. */
  readonly taken: ReadonlySet<string>;
  /** How many of them the row brought. */
  readonly lost: number;
}

const NOTHING: ReadonlySet<string> = new Set();

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
  // What a base says of them counts for nothing: only stamps that stand already are above doubt.
  const standing = new Set(Object.values(stored?.doc.clk ?? {}));
  const isNear = (stamp: string): boolean => timeOf(stamp) <= nowMs + MAX_DRIFT_MS;
  // A substitute is later than what the row says without one, and than what its author had seen, which
  // a restored server may have lost; also where the server's clock is not.
  const known: readonly string[] = Object.values(row.base?.clk ?? row.seen ?? {});
  const seen = highest(known.filter((stamp) => isStamp(stamp) && isNear(stamp))) ?? '';
  let latest = '';
  for (const stamp of stampsOf(row)) {
    const fate = standing.has(stamp) ? undefined : set.fate(recordedStamp(stamp, author.user));
    if (fate?.kind === 'refused') refused.add(stamp);
    else if (fate?.kind === 'replaced') replaced.set(stamp, fate.by);
    else if (standing.has(stamp) || isNear(stamp)) latest = stamp;
    else {
      // The time is the server's, the writer is still the device.
      const by =
        madeBefore(row, stored, stamp) ??
        withDeviceOf(clock.tick({ ...stored?.doc.clk, latest, seen }), stamp);
      set.setFate(recordedStamp(stamp, author.user), { kind: 'replaced', by });
      replaced.set(stamp, by);
    }
  }
  if (replaced.size === 0 && refused.size === 0)
    return { doc: row.doc, clk: row.clk, taken: NOTHING, lost: 0 };

  const doc: Record<string, unknown> = { ...row.doc };
  const clk: Record<string, string> = {};
  const taken = new Set<string>();
  let lost = 0;
  for (const [entry, stamp] of Object.entries(row.clk)) {
    if (!refused.has(stamp)) {
      clk[entry] = replaced.get(stamp) ?? stamp;
      continue;
    }
    if (entry === CREATED || entry === DELETED || stored === undefined) return undefined;
    taken.add(entry);
    // What the row started from, and others have written over since, is nothing that it brings.
    if (row.base?.clk[entry] !== stamp) lost += 1;
    clk[entry] = stampAt(stored.doc.clk ?? {}, entry);
    setValueAt(row.collection, doc, entry, valueAt(row.collection, stored.doc, entry));
  }
  doc['clk'] = clk;
  if (row.doc.vv !== undefined)
    doc['vv'] = Object.fromEntries(
      Object.entries(row.doc.vv).map(([device, stamp]) => [device, replaced.get(stamp) ?? stamp]),
    );
  return { doc, clk, taken, lost };
}
