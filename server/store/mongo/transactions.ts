// Transactions: begun again where they meet others, until their time is up; committed again where
// nobody knows whether they were. The driver's own loop goes on for two minutes, and a request must
// be answered before that.

import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSession, TransactionOptions } from 'mongodb';
import { CommitUnknownError, StoreUnavailableError } from '../port/port.ts';
import type { Mongo } from './database.ts';
import { asStoreError, isTransient, isUnknown } from './errors.ts';

// On the transaction itself: what a single command or the address says counts for nothing in one.
const OPTIONS: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
};

/** After this, MongoDB itself gives a transaction up, unless it is set up otherwise. */
const TRANSACTION_LIFETIME_MS = 60_000;

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;

/** Somewhere between nothing and a bound that doubles: those who met will not meet again. */
const pause = (attempt: number): Promise<void> =>
  delay(Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS));

export const deadlineOf = (at: Mongo): number => performance.now() + at.budgetMs;

/**
 * Runs `work` on one snapshot; all that it writes lasts, or nothing does. It may run several times,
 * and must send one command after another. Transactions that only read are committed as well: before
 * that, what they read could still be lost with this primary.
 *
 * @param untilMs On the clock of `performance.now()`.
 * @throws {StoreUnavailableError} when the time is up, and what `work` throws.
 */
export async function inTransaction<T>(
  at: Mongo,
  work: (session: ClientSession) => Promise<T>,
  untilMs = deadlineOf(at),
): Promise<T> {
  const session = at.client.startSession();
  let isSettled = true;
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        session.startTransaction(OPTIONS);
        const result = await work(session);
        await commit(session, untilMs);
        return result;
      } catch (error) {
        isSettled = !(error instanceof CommitUnknownError);
        // Where this fails too, MongoDB ends the transaction by itself.
        if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
        if (!isTransient(error) || performance.now() > untilMs) throw asStoreError(error);
      }
      await pause(attempt);
    }
  } finally {
    if (isSettled) await session.endSession();
    else void settle(session);
  }
}

/**
 * A transaction that nobody ends keeps its workspace locked until MongoDB gives it up. So it is
 * committed as soon as MongoDB listens again, or found to be committed or gone.
 */
async function settle(session: ClientSession): Promise<void> {
  try {
    await commit(session, performance.now() + TRANSACTION_LIFETIME_MS);
  } catch {
    // Gone, or the store was closed: either way there is nothing left to do.
  } finally {
    await session.endSession();
  }
}

async function commit(session: ClientSession, untilMs: number): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (!isUnknown(error)) throw error;
      if (performance.now() > untilMs)
        throw new CommitUnknownError(
          'MongoDB did not say whether it committed. Sending the same again settles it.',
          { cause: error },
        );
    }
    await pause(attempt);
  }
}

export type InTurn = <T>(name: string, work: (untilMs: number) => Promise<T>) => Promise<T>;

/** Lets what concerns one workspace in this process happen one after the other. */
export function turns(at: Mongo): InTurn {
  const last = new Map<string, Promise<unknown>>();

  return async (name, work) => {
    const untilMs = deadlineOf(at);
    const before = last.get(name);
    const mine = (async () => {
      await before;
      if (performance.now() > untilMs)
        throw new StoreUnavailableError('Too much waits for MongoDB. Try again later.');
      return work(untilMs);
    })();
    // Those who come next wait for the end, whatever it is.
    const ended = mine.then(
      () => undefined,
      () => undefined,
    );
    last.set(name, ended);
    try {
      return await mine;
    } finally {
      if (last.get(name) === ended) last.delete(name);
    }
  };
}
