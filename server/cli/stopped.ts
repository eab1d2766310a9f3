// Commands during which nobody else may use the data.

import { CommandError } from '../ops/commands.ts';
import { StoreFailedError, type Store } from '../store/port/port.ts';
import { makeDataDirectory, openWhenFree, serverAnswers } from './data-access.ts';
import type { Parts, Where } from './parts.ts';

/** What the data are called in sentences: never the address of a database, which may hold a password. */
export const nameOf = ({ data, mongo }: Where): string =>
  mongo === undefined ? data : 'the database';

/** @throws {CommandError} where a server runs, or the database fails. */
export async function withStopped<T>(
  parts: Parts,
  where: Where,
  work: (store: Store) => Promise<T>,
  purpose?: 'load',
): Promise<T> {
  const store = await openStopped(parts, where, purpose);
  try {
    if (await store.isShared?.())
      throw new CommandError(
        'A server or another command uses this database. Stop all of them first, so that nothing changes meanwhile. Nothing was done.',
      );
    const result = await work(store);
    // A load keeps everybody out by itself, until it is done.
    if (purpose !== 'load' && (await store.isShared?.()))
      throw new CommandError(
        'A server or another command was started on this database meanwhile, so this cannot be relied on. Stop it, and begin again.',
      );
    return result;
  } catch (error) {
    // MongoDB's failures are sentences for people already.
    if (where.mongo !== undefined || !(error instanceof StoreFailedError)) throw error;
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    throw new CommandError(
      `The database failed: ${reason}. Nothing was changed. Look whether ${where.data} has room, then try again.`,
    );
  } finally {
    await store.close();
  }
}

async function openStopped(parts: Parts, where: Where, purpose?: 'load'): Promise<Store> {
  if (where.mongo !== undefined) return parts.openStore(where, purpose);
  const { data } = where;
  makeDataDirectory(data);
  return openWhenFree<Store>(
    () => parts.openStore(where),
    async () => {
      if (await serverAnswers(data))
        throw new CommandError(
          'A server runs on this data folder. Stop it first, so that nothing changes during the move. Nothing was done.',
        );
      return undefined;
    },
  );
}
