// How this device and the server stand, as it is, and calm enough to be looked at.

import { useMemo } from 'react';
import { distinctUntilChanged, map, shareReplay, type Observable } from 'rxjs';
import type { SyncStatus } from '../../replication/index.ts';
import { useWorkspace } from '../database/use-workspace.ts';
import { useNow } from '../queries/use-now.ts';
import { useObservable } from '../queries/use-observable.ts';
import { calm } from './calm.ts';
import { describeStatus, needsOf, type StatusWords } from './describe-status.ts';

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

/** One for all who look at it, so that they never say different things. */
const calmed = new WeakMap<Observable<SyncStatus>, Observable<SyncStatus>>();

const calmOf = (status$: Observable<SyncStatus>): Observable<SyncStatus> => {
  const known = calmed.get(status$);
  if (known) return known;
  const made = calm(status$).pipe(shareReplay({ bufferSize: 1, refCount: true }));
  calmed.set(status$, made);
  return made;
};

export const useCalmStatus = (): SyncStatus =>
  useObservable(calmOf(useWorkspace().sync.status$), BEFORE);

/** Counted down where the next try is near. */
export const useStatusWords = (status: SyncStatus): StatusWords => {
  const isWaiting = status.state === 'waiting' || status.state === 'unreachable';
  return describeStatus(status, useNow(isWaiting ? 1_000 : 60_000));
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
export const useSyncFlag = (name: 'deviceFull' | 'outdated' | 'serverNewer'): boolean => {
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

const useCount = (count: (status: SyncStatus) => number): number => {
  const { status$ } = useWorkspace().sync;
  const count$ = useMemo(() => status$.pipe(map(count), distinctUntilChanged()), [status$, count]);
  return useObservable(count$, 0);
};

/** How much waits for this person: versions in the inbox, refused changes, and failed ones. */
export const useNeedsCount = (): number => useCount(needsOf);

const pendingOf = ({ pending }: SyncStatus): number => pending;

/** How much the server has not judged. */
export const useWaitingCount = (): number => useCount(pendingOf);
