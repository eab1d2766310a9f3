// What can be done on a device whose data can't be opened.

import { useEffect, useState } from 'react';
import { databaseOf } from '../database/name.ts';
import { removeDatabases } from '../database/remove.ts';
import { downloadText } from '../queries/download.ts';
import type { Account } from '../session/account.ts';
import { rescueFile, rescueFileName } from './rescue-file.ts';
import { countUnsent, readUnsent, type Unsent } from './unsent.ts';

export interface Rescue {
  /** Undefined while it is looked for. */
  readonly unsent: Unsent | undefined;
  readonly count: number;
  /** The file's name, once it was saved. */
  readonly saved: string | undefined;
  readonly save: () => void;
  /** Removes this device's copy and opens anew. Resolves to whether all of it could be removed. */
  readonly startAgain: () => Promise<boolean>;
  /** A page that has failed once to open its data can't open them any more. */
  readonly retry: () => void;
}

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
  const reload = (): void => location.reload();
  return {
    unsent,
    count: unsent ? countUnsent(unsent) + unsent.refused.length : 0,
    saved,
    save: () => {
      if (!unsent) return;
      const atMs = Date.now();
      const file = rescueFileName(account, atMs);
      downloadText(file, 'application/json', rescueFile(account, unsent, atMs));
      tellSaved(file);
    },
    startAgain: async () => {
      const removed = await removeDatabases(name);
      if (removed) reload();
      return removed;
    },
    retry: reload,
  };
};
