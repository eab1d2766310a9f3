// What MongoDB does not take is refused here, before a transaction has begun to carry it.

import { StoreLimitError } from '../port/port.ts';

/** MongoDB's limit for a row is 16 MiB; ids, keys and the row's own fields get a part of it. */
export const MAX_ROW_BYTES = 16 * 1024 * 1024 - 64 * 1024;
/** A transaction is kept in the memory of the primary until it ends. */
export const MAX_COMMIT_BYTES = 64 * 1024 * 1024;
/** Ids in one command: the longest allowed make a third of its 16 MiB. */
export const MAX_IDS = 10_000;

/** @throws {StoreLimitError} where a row, or all of them together, are too large. */
export function checkSizes(rows: Iterable<readonly string[]>): void {
  let sumBytes = 0;
  for (const texts of rows) {
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    sumBytes += bytes;
    if (bytes > MAX_ROW_BYTES)
      throw new StoreLimitError(`A document of ${bytes} bytes is more than MongoDB takes.`);
    if (sumBytes > MAX_COMMIT_BYTES)
      throw new StoreLimitError(`A commit of more than ${MAX_COMMIT_BYTES} bytes is too large.`);
  }
}

/** Splits what a single command may not hold. */
export const inParts = (ids: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(ids.length / MAX_IDS) }, (_, index) =>
    ids.slice(index * MAX_IDS, (index + 1) * MAX_IDS),
  );
