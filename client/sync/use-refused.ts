// What the server did not accept, until a person has seen it off. What lost to somebody else is not
// here: the inbox has it.

import { useMemo } from 'react';
import type { RefusedWrite } from '../../replication/index.ts';
import { useWorkspace } from '../database/use-workspace.ts';
import { useObservable } from '../queries/use-observable.ts';

const NONE: readonly RefusedWrite[] = [];

export interface Refused {
  readonly writes: readonly RefusedWrite[];
  readonly discard: (op: string) => void;
}

export const useRefused = (collection: string): Refused => {
  const { sync } = useWorkspace();
  const all = useObservable(sync.refused$, NONE);
  const writes = useMemo(
    () => all.filter((one) => one.collection === collection && one.verdict === 'rejected'),
    [all, collection],
  );
  return { writes, discard: (op) => void sync.discard([op]) };
};
