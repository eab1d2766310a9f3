// A device whose storage takes no more of some writes.

import { innermost } from './storage.ts';
import type { Notes } from './world.ts';

/** Writes whose context begins so find no space until it is emptied; also those of meta rows. */
export function fillDevice(collection: Notes, context: string): { readonly empty: () => void } {
  let isFull = true;
  const { storage } = collection.database;
  const refuse = (instance: object): void => {
    const target = innermost(instance);
    const original = target.bulkWrite.bind(target);
    target.bulkWrite = (...given) =>
      isFull && String(given[1]).startsWith(context)
        ? Promise.reject(new DOMException('No space.', 'QuotaExceededError'))
        : original(...given);
  };
  refuse(collection.storageInstance);
  // Replications open their meta storage each time that they begin.
  const create = storage.createStorageInstance.bind(storage);
  Reflect.set(storage, 'createStorageInstance', async (...given: Parameters<typeof create>) => {
    const made = await create(...given);
    if (given[0].databaseName === collection.database.name) refuse(made);
    return made;
  });
  return {
    empty: () => {
      isFull = false;
      Reflect.set(storage, 'createStorageInstance', create);
    },
  };
}
