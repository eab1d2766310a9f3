// Asks who somebody is once more where the server says that they may do other things than before.

import { useEffect } from 'react';
import { debounceTime, filter, pairwise } from 'rxjs';
import type { SyncStatus } from '../../replication/index.ts';
import { useWorkspace } from '../database/use-workspace.ts';
import { checkSession } from '../session/session.ts';

const MOMENT_MS = 300;

/** Why a write was refused is not worth telling apart. */
const isSign = ([before, after]: readonly [SyncStatus, SyncStatus]): boolean =>
  (before.state === 'notMember') !== (after.state === 'notMember') ||
  before.resync?.reason !== after.resync?.reason ||
  after.refused > before.refused;

export const useChangedRights = (): void => {
  const { status$ } = useWorkspace().sync;
  useEffect(() => {
    const subscription = status$
      .pipe(pairwise(), filter(isSign), debounceTime(MOMENT_MS))
      .subscribe(checkSession);
    return () => subscription.unsubscribe();
  }, [status$]);
};
