// What can be done on a device whose data can't be opened.

import { useEffect, useState } from 'react';
import { databaseOf } from '../database/name.ts';
import { removeDatabases } from '../database/remove.ts';
import type { Account } from '../session/account.ts';
import { saveUnsent } from './rescue-file.ts';
import { countUnsent, readUnsent, type Unsent } from './unsent.ts';

export interface Rescue {
  /** Undefined while it is looked for. */
  readonly unsent: Unsent | undefined;
  readonly count: number;
  /** The file's name, once it was saved. */
  readonly saved: string | undefined;
  readonly save: () => void;
  /**
   * Removes this device's copy and opens anew. Resolves to why not: other tabs hold it, or have
   * written more than was counted.
   */
  readonly startAgain: () => Promise<'held' | 'more' | undefined>;
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
    startAgain: async () => {
      if (await isLed(name)) return 'held';
      const now = await readUnsent(name);
      if (numberOf(now) > count) {
        find(now);
        tellSaved(undefined);
        return 'more';
      }
      if (!(await removeDatabases(name))) return 'held';
      reload();
      return undefined;
    },
    retry: reload,
  };
};
