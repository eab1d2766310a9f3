// The pins to show: those that match, without those about to be deleted.

import { useDeferredValue, useMemo, useSyncExternalStore } from 'react';
import { useWorkspace } from '../../database/use-workspace.ts';
import { findRows } from '../find.ts';
import { filterOf, filterPins, isFiltered } from './pin-filter.ts';
import { useVersions } from '../inbox/use-versions.ts';
import { layOver } from '../inbox/versions.ts';
import { byTitle, pinList, withVersion, type PinRow } from './pins.ts';

export interface Pins {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly reason: string | undefined;
  readonly retry: () => void;
  readonly shown: readonly PinRow[];
  /** What `shown` was found by; may lag a little behind what is typed. */
  readonly search: string;
  /** Whether some kinds or statuses are left out. */
  readonly filtered: boolean;
  readonly total: number;
  readonly find: (id: string) => PinRow | undefined;
}

/**
 * @param query the address's filters, and `q` to search for.
 * @param hidden ids that are not shown, because their deletion can still be undone.
 */
export const usePins = (query: URLSearchParams, hidden: ReadonlySet<string>): Pins => {
  const list = pinList(useWorkspace());
  const { state, rows, byId, reason } = useSyncExternalStore(list.subscribe, list.snapshot);
  const wanted = useDeferredValue(query.toString());
  const versions = useVersions('pins');
  const laid = useMemo(() => layOver(rows, versions, withVersion, byTitle), [rows, versions]);
  const there = useMemo(
    () => (hidden.size === 0 ? laid : laid.filter(({ id }) => !hidden.has(id))),
    [laid, hidden],
  );
  const { shown, search, filtered } = useMemo(() => {
    const parameters = new URLSearchParams(wanted);
    const filter = filterOf(parameters);
    const search = parameters.get('q') ?? '';
    const shown = findRows(filterPins(there, filter), search);
    return { shown, search, filtered: isFiltered(filter) };
  }, [there, wanted]);
  return {
    state,
    reason,
    retry: list.retry,
    shown,
    search,
    filtered,
    total: there.length,
    find: (id) => {
      const [row, version] = [hidden.has(id) ? undefined : byId.get(id), versions.get(id)];
      return row && version ? withVersion(row, version) : row;
    },
  };
};
