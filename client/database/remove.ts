// Logging out takes everything of the workspace off this device. RxDB's own removal clears tables
// and leaves the IndexedDB databases, so they are removed here, by name.

import { namesOf } from '../rescue/raw-database.ts';

const ROUNDS = 10;
const BETWEEN_MS = 200;

const removeOne = (name: string): Promise<void> =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    // Refused or held open by another tab: the next round looks again.
    for (const event of ['success', 'error', 'blocked'])
      request.addEventListener(event, () => resolve());
  });

/** Resolves to whether all is gone; other tabs get two seconds to let go of it. */
export const removeDatabases = async (name: string): Promise<boolean> => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const left = await namesOf(name);
    if (left.length === 0) return true;
    await Promise.all(left.map(removeOne));
    if ((await namesOf(name)).length === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
  }
  return false;
};
