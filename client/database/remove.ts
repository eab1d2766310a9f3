// Logging out takes everything of the workspace off this device. RxDB's own removal clears tables
// and leaves the IndexedDB databases, so they are removed here, by name.

import { namesOf } from '../rescue/raw-database.ts';

const ROUNDS = 10;
const BETWEEN_MS = 200;

/** By name, until the browser has answered: while one is blocked, a second one is told nothing. */
const removing = new Map<string, Promise<unknown>>();

/** Resolves when it is gone, which may be long after other tabs have let go of it. */
const removeOne = (name: string): Promise<unknown> => {
  const known = removing.get(name);
  if (known) return known;
  const request = indexedDB.deleteDatabase(name);
  for (const event of ['success', 'error'])
    request.addEventListener(event, () => removing.delete(name));
  // Where it is refused, the next round asks again.
  const gone = new Promise((resolve) => request.addEventListener('success', resolve));
  removing.set(name, gone);
  return gone;
};

/**
 * Resolves to whether all is gone; other tabs get two seconds to let go of it.
 *
 * @param isWanted asked before each try: another tab may be through with it, and use it anew.
 */
export const removeDatabases = async (name: string, isWanted = () => true): Promise<boolean> => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const left = await namesOf(name);
    if (left.length === 0 || !isWanted()) return true;
    const pause = new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    await Promise.race([Promise.all(left.map(removeOne)), pause]);
  }
  return (await namesOf(name)).length === 0;
};
