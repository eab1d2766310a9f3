// Which stored feedings the rows of an older program stand for. Pure: the same moment is the only
// sign that counts, and where it points to more than one, a person has to look.

import { canonical } from '../../replication/core.ts';
import type { FeedingRecord } from './record.ts';

/** A row without client_id; its time is UTC as in the store. */
export interface LegacyRow {
  readonly feeding_time: string;
  readonly food_type?: string;
  readonly amount_ml?: number;
  readonly notes?: string;
  readonly legacy_id?: string | number;
}

/** A row by its place in the request, the first is 0, and by the name that it had. */
interface Named {
  readonly row: number;
  readonly legacy_id?: string | number;
}

interface Difference {
  readonly legacy: unknown;
  readonly stored: unknown;
}

export interface Matched extends Named {
  readonly client_id: string;
  /** Values of the row that the feeding does not have. The feeding keeps its own. */
  readonly differences: Readonly<Record<string, Difference>>;
}

export interface Ambiguous extends Named {
  /** All rows of this moment. */
  readonly rows: readonly number[];
  /** All feedings of this moment. */
  readonly client_ids: readonly string[];
}

export interface Unmatched extends Named {
  readonly legacy: LegacyRow;
}

export interface Matches {
  readonly matched: readonly Matched[];
  readonly ambiguous: readonly Ambiguous[];
  readonly unmatched: readonly Unmatched[];
}

const VALUES = ['food_type', 'amount_ml', 'notes'] as const;

function differencesOf(row: LegacyRow, stored: FeedingRecord): Matched['differences'] {
  const different = VALUES.filter(
    (name) => row[name] !== undefined && canonical(row[name]) !== canonical(stored[name]),
  );
  return Object.fromEntries(
    different.map((name) => [name, { legacy: row[name], stored: stored[name] }]),
  );
}

function byTime<T extends { readonly feeding_time?: unknown }>(
  things: readonly T[],
): ReadonlyMap<unknown, readonly T[]> {
  const groups = new Map<unknown, T[]>();
  for (const thing of things) {
    const there = groups.get(thing.feeding_time);
    if (there === undefined) groups.set(thing.feeding_time, [thing]);
    else there.push(thing);
  }
  return groups;
}

export function matchRows(rows: readonly LegacyRow[], feedings: readonly FeedingRecord[]): Matches {
  const rowsAt = byTime(rows.map(({ feeding_time }, row) => ({ feeding_time, row })));
  const feedingsAt = byTime(feedings);
  const matched: Matched[] = [];
  const ambiguous: Ambiguous[] = [];
  const unmatched: Unmatched[] = [];
  rows.forEach((legacy, row) => {
    const named = {
      row,
      ...(legacy.legacy_id === undefined ? {} : { legacy_id: legacy.legacy_id }),
    };
    const same = rowsAt.get(legacy.feeding_time) ?? [];
    const found = feedingsAt.get(legacy.feeding_time) ?? [];
    const [only] = found;
    if (same.length > 1 || found.length > 1)
      ambiguous.push({
        ...named,
        rows: same.map((other) => other.row),
        client_ids: found.map((one) => String(one['client_id'])),
      });
    else if (only === undefined) unmatched.push({ ...named, legacy });
    else
      matched.push({
        ...named,
        client_id: String(only['client_id']),
        differences: differencesOf(legacy, only),
      });
  });
  return { matched, ambiguous, unmatched };
}
