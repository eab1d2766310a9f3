// What can be done on a device whose data can't be opened.

import { useEffect, useState } from 'react';
import { databaseOf } from '../database/name.ts';
import type { Account } from '../session/account.ts';
import { owesRemoval } from '../session/owed-removal.ts';
import { saveUnsent } from './rescue-file.ts';
import { giveUp, removeGivenUp } from './start-again.ts';
import { countUnsent, readUnsent, type Unsent } from './unsent.ts';

export interface Rescue {
  /** Undefined while it is looked for. */
  readonly unsent: Unsent | undefined;
  readonly count: number;
  /** The file's name, once it was saved. */
  readonly saved: string | undefined;
  readonly save: () => void;
  /**
   * Removes this device's copy and opens anew. Resolves to why not: another tab has it open, or has
   * written more than was counted; or, with a part of it removed already, holds the rest.
   *
   * @param isBegun whether a part is removed already.
   */
  readonly startAgain: (isBegun: boolean) => Promise<'held' | 'more' | 'begun' | undefined>;
  /** A page that has failed once to open its data can't open them any more. */
  readonly retry: () => void;
}

const numberOf = (unsent: Unsent): number => countUnsent(unsent) + unsent.refused.length;

/** Whether a tab, or the worker, has it open and sends (replication/plugin/start-sync.ts). */
const isLed = async (name: string): Promise<boolean> =>
  (await navigator.locks.query()).held?.some((lock) => lock.name === `holdfast:${name}`) === true;

export const useRescue = (account: Account): Rescue => {
  const name = databaseOf(account);
  const [unsent, find] = useState<Unsent>();
  const [saved, tellSaved] = useState<string>();
  useEffect(() => {
    let stale = false;
    void readUnsent(name).then((found) => !stale && find(found));
    return () => {
      stale = true;
    };
  }, [name]);
  const count = unsent ? numberOf(unsent) : 0;
  const reload = (): void => location.reload();
  return {
    unsent,
    count,
    saved,
    save: () => unsent && tellSaved(saveUnsent(account, unsent)),
    startAgain: async (isBegun) => {
      // What is left of half a copy can't be counted.
      if (!isBegun && !owesRemoval(name)) {
        if (await isLed(name)) return 'held';
        const now = await readUnsent(name);
        if (numberOf(now) > count) {
          find(now);
          tellSaved(undefined);
          return 'more';
        }
        await giveUp(name);
      }
      if (!(await removeGivenUp(account))) return 'begun';
      reload();
      return undefined;
    },
    retry: reload,
  };
};
