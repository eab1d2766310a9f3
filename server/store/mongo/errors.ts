// What MongoDB's driver throws, as the port's errors: with a sentence that helps whoever runs it, and
// without the address that a password may stand in.

import { MongoError, MongoNetworkError, MongoServerSelectionError } from 'mongodb';
import { StoreFailedError, StoreUnavailableError } from '../port/port.ts';

export class MongoLayoutTooNewError extends Error {
  readonly code = 'store_too_new';
  constructor(layout: number, known: number) {
    super(
      `This database was written by a newer Holdfast (layout ${layout}; this one knows ${known}). ` +
        'Start that version.',
    );
  }
}

export class MongoHalfLoadedError extends Error {
  readonly code = 'store_half_loaded';
  constructor() {
    super(
      'An import into this database goes on, or was cut off. Where it was cut off, run "import --all" again: it starts anew.',
    );
  }
}

const REFUSED = new Map<unknown, string>([
  [8_000, 'MongoDB refuses the name and password in its address. Check both.'],
  [18, 'MongoDB refuses the name and password in its address. Check both.'],
  [13, 'This MongoDB user lacks rights: it needs the role readWrite on the database.'],
]);

/** A node that stops or is no longer primary: `isWritablePrimary` and its like. */
const CHANGING = new Set<unknown>([
  50, 64, 91, 189, 262, 10_107, 11_600, 11_602, 13_435, 13_436, 10_058,
]);
const WRITE_CONFLICT = 112;
const DUPLICATE_KEY = 11_000;
const BROKEN_SOCKET = new Set<unknown>([
  'EPIPE',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ERR_STREAM_DESTROYED',
  'ERR_SOCKET_CLOSED',
]);

/** What whoever runs the server reads in the log, and on the terminal at the start. */
export function asStoreError(error: unknown): unknown {
  if (isBrokenSocket(error)) return unreachable(error);
  if (!(error instanceof MongoError)) return error;
  const refusal = REFUSED.get(error.code);
  if (refusal !== undefined) return new StoreFailedError(refusal, { cause: error });
  if (isLost(error) || CHANGING.has(error.code)) return unreachable(error);
  if (isTransient(error))
    return new StoreUnavailableError(
      `MongoDB could not finish a transaction in time: ${error.message}.`,
      { cause: error },
    );
  return new StoreFailedError(`MongoDB failed: ${error.message}`, { cause: error });
}

const unreachable = (error: Error): StoreUnavailableError =>
  new StoreUnavailableError(
    `MongoDB cannot be reached or has no primary: ${error.message}. It is tried again with every request.`,
    { cause: error },
  );

const isLost = (error: MongoError): boolean =>
  error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;

/** Of a socket that breaks while it is written to, the driver tells no other way, in bulk writes either. */
const isBrokenSocket = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && BROKEN_SOCKET.has(error.code);

/**
 * What a transaction met before its commit: nothing was changed, and it may work when it is begun
 * again.
 */
export const isTransient = (error: unknown): boolean =>
  isBrokenSocket(error) ||
  (error instanceof MongoError &&
    (error.hasErrorLabel('TransientTransactionError') ||
      error.code === WRITE_CONFLICT ||
      // Two transactions made the same row at once: begun again, one of them finds it there.
      error.code === DUPLICATE_KEY));

/** What a commit met: MongoDB may have made it, or not. */
export const isUnknown = (error: unknown): boolean =>
  isBrokenSocket(error) ||
  (error instanceof MongoError &&
    !error.hasErrorLabel('TransientTransactionError') &&
    (error.hasErrorLabel('UnknownTransactionCommitResult') || isLost(error)));

export const isDuplicate = (error: unknown): boolean =>
  error instanceof MongoError && error.code === DUPLICATE_KEY;

/** Runs one call of the driver outside a transaction. */
export async function failing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asStoreError(error);
  }
}
