// Databases that somebody has logged out of, or has given up to start again. Each is noted before
// anything else is done and for as long as it is there, so that the next start of the page completes
// a removal that was cut off.

import { removeDatabases } from '../database/remove.ts';
import { letGo } from '../update/to-worker.ts';
import { notLeft } from './left-behind.ts';

/** A key for each, so that no tab overwrites what another one notes. */
const OWED = 'holdfast.remove:';

export const oweRemoval = (name: string): void => localStorage.setItem(OWED + name, '1');
export const owesRemoval = (name: string): boolean => localStorage.getItem(OWED + name) !== null;
export const owedRemovals = (): readonly string[] =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(OWED))
    .map((key) => key.slice(OWED.length));

/** Resolves to whether nothing of it is owed any more. */
export const removeOwed = async (name: string): Promise<boolean> => {
  // Only then: what it is told to let go of, it removes as well.
  if (owesRemoval(name)) await letGo(name);
  if (await removeDatabases(name, () => owesRemoval(name))) {
    localStorage.removeItem(OWED + name);
    notLeft(name);
  }
  return !owesRemoval(name);
};
