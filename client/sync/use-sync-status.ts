// How this device and the server stand, as it is, and calm enough to be looked at.

import { useMemo } from 'react';
import { distinctUntilChanged, map } from 'rxjs';
import type { SyncStatus } from '../../replication/index.ts';
import { useWorkspace } from '../database/use-workspace.ts';
import { useObservable } from '../queries/use-observable.ts';
import { calm } from './calm.ts';

const BEFORE: SyncStatus = {
  state: 'starting',
  pendingKeys: [],
  pending: 0,
  refused: 0,
  conflicts: 0,
  failed: 0,
  pushing: 'idle',
  leader: false,
};

export const useSyncStatus = (): SyncStatus => useObservable(useWorkspace().sync.status$, BEFORE);

export const useCalmStatus = (): SyncStatus => {
  const { status$ } = useWorkspace().sync;
  return useObservable(
    useMemo(() => calm(status$), [status$]),
    BEFORE,
  );
};

/** Ids of this collection's records that the server has not judged. */
export const usePendingIds = (collection: string): ReadonlySet<string> => {
  const { status$ } = useWorkspace().sync;
  // Not the whole status: that moves with every number while records arrive.
  const pendingKeys$ = useMemo(
    () =>
      status$.pipe(
        map((status) => status.pendingKeys),
        distinctUntilChanged(),
      ),
    [status$],
  );
  const pendingKeys = useObservable(pendingKeys$, BEFORE.pendingKeys);
  return useMemo(() => {
    const start = `${collection}/`;
    const keys = pendingKeys.filter((key) => key.startsWith(start));
    return new Set(keys.map((key) => key.slice(start.length)));
  }, [collection, pendingKeys]);
};

/** One of the facts that are there or not; the rest of the status moves with every number. */
export const useSyncFlag = (name: 'deviceFull' | 'outdated'): boolean => {
  const { status$ } = useWorkspace().sync;
  const flag$ = useMemo(
    () =>
      status$.pipe(
        map((status) => status[name] === true),
        distinctUntilChanged(),
      ),
    [status$, name],
  );
  return useObservable(flag$, false);
};

/** How many versions in the inbox wait for this person. */
export const useOpenCount = (): number => {
  const { status$ } = useWorkspace().sync;
  const count$ = useMemo(
    () =>
      status$.pipe(
        map((status) => status.conflicts),
        distinctUntilChanged(),
      ),
    [status$],
  );
  return useObservable(count$, BEFORE.conflicts);
};
