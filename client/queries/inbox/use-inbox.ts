// The inbox to show, one entry of it, and whose screen it is.

import { useMemo, useSyncExternalStore } from 'react';
import { useAccount, useWorkspace } from '../../database/use-workspace.ts';
import { useNow } from '../use-now.ts';
import { useZone } from '../care/use-zone.ts';
import { entryList, PHASES, type EntryRow, type Phase } from './entries.ts';
import type { Here } from './faces.ts';
import type { People } from './words.ts';

export interface Inbox {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly reason: string | undefined;
  readonly retry: () => void;
  readonly parts: Readonly<Record<Phase, readonly EntryRow[]>>;
}

const useEntries = () => {
  const list = entryList(useWorkspace());
  return { list, ...useSyncExternalStore(list.subscribe, list.snapshot) };
};

export const useInbox = (): Inbox => {
  const { list, state, rows, reason } = useEntries();
  const parts = useMemo(() => {
    const found: Record<Phase, EntryRow[]> = { open: [], information: [], settled: [] };
    for (const row of rows) found[row.phase].push(row);
    return found;
  }, [rows]);
  return { state, reason, retry: list.retry, parts };
};

/** The part that an address names. */
export const partOf = (query: URLSearchParams): Phase =>
  PHASES.find((phase) => phase === query.get('show')) ?? 'open';

export const useEntry = (id: string): { readonly loading: boolean; readonly entry?: EntryRow } => {
  const { state, byId } = useEntries();
  const entry = byId.get(id);
  return { loading: state === 'loading', ...(entry ? { entry } : {}) };
};

/** All entries that are here, by their ids. */
export const useEntriesById = (): ReadonlyMap<string, EntryRow> => {
  const { rows } = useEntries();
  return useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
};

export const usePeople = (): People => {
  const { sync } = useWorkspace();
  const { members: names, user } = useAccount();
  const me = user.id;
  return useMemo(() => ({ me, device: sync.device(), names }), [me, sync, names]);
};

export const useHere = (): Here => {
  const zone = useZone();
  const nowMs = useNow(60_000);
  return useMemo(() => ({ zone, nowMs }), [zone, nowMs]);
};
