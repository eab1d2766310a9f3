// Asks who somebody is once more where the server says that they may do other things than before.

import { useEffect } from 'react';
import { distinctUntilChanged, map, skip } from 'rxjs';
import { useWorkspace } from '../database/use-workspace.ts';
import { checkSession } from '../session/session.ts';

export const useChangedRights = (): void => {
  const { status$ } = useWorkspace().sync;
  useEffect(() => {
    // As they begin and as they end; why a write was refused is not worth telling apart.
    const signs$ = status$.pipe(
      map(({ state, resync, refused }) => `${state === 'notMember'} ${resync?.reason} ${refused}`),
      distinctUntilChanged(),
      skip(1),
    );
    const subscription = signs$.subscribe(checkSession);
    return () => subscription.unsubscribe();
  }, [status$]);
};
