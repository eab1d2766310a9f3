// Whose work waits on this device while somebody else uses it: one database per server, workspace
// and user, each sent only when its own person is logged in.

import { useSyncExternalStore } from 'react';
import { databaseOf } from '../database/name.ts';
import { lookForUnsent } from '../rescue/look.ts';
import { isRecord, parseAccount, type Account } from './account.ts';

export interface LeftBehind {
  readonly account: Account;
  readonly database: string;
  /** Records with changes that were not sent. */
  readonly unsent: number;
}

const KEPT = 'holdfast.left-behind';
const CHANGED = 'holdfast:left-behind';

const parse = (text: string | null): readonly LeftBehind[] => {
  try {
    const listed: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(listed)) return [];
    return listed.flatMap((one: unknown) => {
      const account = isRecord(one) ? parseAccount(one['account']) : undefined;
      const unsent = isRecord(one) ? one['unsent'] : undefined;
      return account && typeof unsent === 'number'
        ? [{ account, database: databaseOf(account), unsent }]
        : [];
    });
  } catch {
    return [];
  }
};

let text: string | null = null;
let listed: readonly LeftBehind[] = [];
/** The same list until it changes. */
const read = (): readonly LeftBehind[] => {
  const now = localStorage.getItem(KEPT);
  if (now !== text) [text, listed] = [now, parse(now)];
  return listed;
};

const write = (next: readonly LeftBehind[]): void => {
  if (next.length === 0) localStorage.removeItem(KEPT);
  else
    localStorage.setItem(
      KEPT,
      JSON.stringify(next.map(({ account, unsent }) => ({ account, unsent }))),
    );
  window.dispatchEvent(new Event(CHANGED));
};

const without = (name: string): readonly LeftBehind[] =>
  read().filter(({ database }) => database !== name);

/** Its person is here again, or it has been removed. */
export const notLeft = (name: string): void => {
  if (without(name).length < read().length) write(without(name));
};

/** Looks what of an account's work waits, whose database has been closed, and notes it. */
export const leaveBehind = async (account: Account): Promise<void> => {
  const database = databaseOf(account);
  const { unsent } = await lookForUnsent(database);
  if (unsent > 0) write([...without(database), { account, database, unsent }]);
};

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener(CHANGED, listener);
  window.addEventListener('storage', listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    window.removeEventListener('storage', listener);
  };
};

/** Without an account: all of it. */
export const useLeftBehind = (present?: Account): readonly LeftBehind[] => {
  const all = useSyncExternalStore(subscribe, read);
  const own = present && databaseOf(present);
  return all.filter(({ database }) => database !== own);
};
