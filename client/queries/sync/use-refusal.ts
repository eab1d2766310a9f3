// The refused versions of one item, with what each of them changed.

import { useMemo } from 'react';
import type { RefusedWrite } from '../../../replication/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import { useObservable } from '../use-observable.ts';
import { recordKey, type Item } from './items.ts';

const NONE: readonly RefusedWrite[] = [];

export const useRefusal = (item: Item): readonly RefusedWrite[] => {
  const all = useObservable(useWorkspace().sync.refused$, NONE);
  return useMemo(() => {
    const ops = new Set(item.members.map(({ op }) => op));
    return all.filter(({ op }) => ops.has(op));
  }, [all, item]);
};

/** New records that were not accepted, and are nowhere else, by `collection/id`. */
export const useRefusedNew = (): ReadonlyMap<string, RefusedWrite> => {
  const all = useObservable(useWorkspace().sync.refused$, NONE);
  return useMemo(
    () =>
      new Map(
        all
          .filter(({ verdict, changed }) => verdict === 'rejected' && changed === undefined)
          .map((write) => [recordKey(write), write]),
      ),
    [all],
  );
};
