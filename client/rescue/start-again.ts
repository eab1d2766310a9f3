// Giving up this device's copy. Once begun there is no way back: a part of it may be gone.

import { databaseOf } from '../database/name.ts';
import type { Account } from '../session/account.ts';
import { forgetAccount, keepAccount } from '../session/kept-account.ts';
import { oweRemoval, removeOwed } from '../session/owed-removal.ts';

/** Noted before anything is removed: nobody opens what is left, and the next start removes it. */
export const giveUp = async (name: string): Promise<void> => {
  oweRemoval(name);
  // A worker that begins now has nothing to open.
  await forgetAccount();
};

/** Resolves to whether all is gone; other tabs may hold some of it. */
export const removeGivenUp = async (account: Account): Promise<boolean> => {
  if (!(await removeOwed(databaseOf(account)))) return false;
  await keepAccount(account);
  return true;
};
