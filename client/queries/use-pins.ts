// The pins to show: those that match, without those about to be deleted.

import { useDeferredValue, useMemo, useSyncExternalStore } from 'react';
import { useWorkspace } from '../database/use-workspace.ts';
import { findPins, pinList, type PinRow } from './pins.ts';

export interface Pins {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly reason: string | undefined;
  readonly retry: () => void;
  readonly shown: readonly PinRow[];
  /** What `shown` was found by; may lag a little behind what is typed. */
  readonly search: string;
  readonly total: number;
  readonly find: (id: string) => PinRow | undefined;
}

/** @param hidden ids that are not shown, because their deletion can still be undone. */
export const usePins = (search: string, hidden: ReadonlySet<string>): Pins => {
  const list = pinList(useWorkspace());
  const { state, rows, byId, reason } = useSyncExternalStore(list.subscribe, list.snapshot);
  const wanted = useDeferredValue(search);
  const there = useMemo(
    () => (hidden.size === 0 ? rows : rows.filter(({ id }) => !hidden.has(id))),
    [rows, hidden],
  );
  const shown = useMemo(() => findPins(there, wanted), [there, wanted]);
  return {
    state,
    reason,
    retry: list.retry,
    shown,
    search: wanted,
    total: there.length,
    find: (id) => (hidden.has(id) ? undefined : byId.get(id)),
  };
};
