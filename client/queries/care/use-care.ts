// The care log to show: feedings by day, without those about to be deleted.

import { useDeferredValue, useMemo, useSyncExternalStore } from 'react';
import { useWorkspace } from '../../database/use-workspace.ts';
import { findRows } from '../find.ts';
import { useNow } from '../use-now.ts';
import { dayOf, daysOf, type Day, type DayKey } from './days.ts';
import { useVersions } from '../inbox/use-versions.ts';
import { layOver } from '../inbox/versions.ts';
import { feedingList, latestFirst, withVersion, type FeedingRow } from './feedings.ts';
import { linesOf, type Line } from './lines.ts';
import { useZone } from './use-zone.ts';

export interface Care {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly reason: string | undefined;
  readonly retry: () => void;
  readonly zone: string;
  readonly nowMs: number;
  readonly today: DayKey;
  /** All of them, latest first. */
  readonly rows: readonly FeedingRow[];
  readonly days: readonly Day<FeedingRow>[];
  /** What matches the search. */
  readonly shown: readonly FeedingRow[];
  readonly lines: readonly Line[];
  /** What `shown` was found by; may lag a little behind what is typed. */
  readonly search: string;
  readonly find: (id: string) => FeedingRow | undefined;
}

const NOW_EVERY_MS = 15_000;

/** @param hidden ids that are not shown, because their deletion can still be undone. */
export const useCare = (search: string, hidden: ReadonlySet<string>): Care => {
  const list = feedingList(useWorkspace());
  const { state, rows: all, byId, reason } = useSyncExternalStore(list.subscribe, list.snapshot);
  const wanted = useDeferredValue(search);
  const zone = useZone();
  const nowMs = useNow(NOW_EVERY_MS);
  const today = dayOf(nowMs, zone);
  const versions = useVersions('feedings');
  const laid = useMemo(() => layOver(all, versions, withVersion, latestFirst), [all, versions]);
  const rows = useMemo(
    () => (hidden.size === 0 ? laid : laid.filter(({ id }) => !hidden.has(id))),
    [laid, hidden],
  );
  const days = useMemo(() => daysOf(rows, zone), [rows, zone]);
  const shown = useMemo(() => findRows(rows, wanted), [rows, wanted]);
  const lines = useMemo(
    () => (shown === rows ? linesOf(days, today) : linesOf(daysOf(shown, zone), undefined)),
    [shown, rows, days, today, zone],
  );
  return {
    state,
    reason,
    retry: list.retry,
    zone,
    nowMs,
    today,
    rows,
    days,
    shown,
    lines,
    search: wanted,
    find: (id) => {
      const [row, version] = [hidden.has(id) ? undefined : byId.get(id), versions.get(id)];
      return row && version ? withVersion(row, version) : row;
    },
  };
};
