// What the server did not accept, until a person has tried it again or let it go. What lost to
// somebody else is not here: the inbox has it.

import { useMemo } from 'react';
import type { RefusedWrite } from '../../replication/index.ts';
import { useWorkspace } from '../database/use-workspace.ts';
import { useObservable } from '../queries/use-observable.ts';

const NONE: readonly RefusedWrite[] = [];

export const useRefused = (collection: string): readonly RefusedWrite[] => {
  const { sync } = useWorkspace();
  const all = useObservable(sync.refused$, NONE);
  return useMemo(
    () => all.filter((one) => one.collection === collection && one.verdict === 'rejected'),
    [all, collection],
  );
};
