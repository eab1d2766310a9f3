// How this device and the server stand, as it is, and calm enough to be looked at.

import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { distinctUntilChanged, map } from 'rxjs';
import type { SyncStatus } from '../../replication/index.ts';
import { useWorkspace } from '../database/use-workspace.ts';
import { useObservable } from '../queries/use-observable.ts';

const BEFORE: SyncStatus = {
  state: 'starting',
  pendingKeys: [],
  pending: 0,
  refused: 0,
  leader: false,
};
const CALM_MS = 400;

export const useSyncStatus = (): SyncStatus => useObservable(useWorkspace().sync.status$, BEFORE);

/**
 * The status whose state moves only when the change has lasted 400 ms, so that nothing flickers.
 * Numbers within the same state are shown at once.
 */
export const useCalmStatus = (): SyncStatus => {
  const status = useSyncStatus();
  const [shown, show] = useState(status);
  const moved = status.state !== shown.state;
  if (!moved && status !== shown) show(status);
  const showLatest = useEffectEvent(() => show(status));
  useEffect(() => {
    if (!moved) return undefined;
    // Counted from leaving the shown state; what is current by then is shown.
    const timer = setTimeout(() => showLatest(), CALM_MS);
    return () => clearTimeout(timer);
  }, [moved]);
  return shown;
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
