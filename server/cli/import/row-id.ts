// Ids for rows of a file, so that importing it again meets the same documents.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * A UUID of version 7 in form. Where others have the time, all rows of a file have the same digits
 * of its digest, and then the line: so they lie together and in order, which makes them cheap to
 * insert and to read.
 *
 * @param digest Hexadecimal digits of the file's SHA-256.
 * @param line Below 2^32.
 */
export function rowId(digest: string, line: number): string {
  const place = line.toString(16).padStart(8, '0');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `7${place.slice(0, 3)}`,
    `8${place.slice(3, 6)}`,
    `${place.slice(6)}${digest.slice(12, 22)}`,
  ].join('-');
}
