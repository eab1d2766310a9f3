// The ids of inbox entries. They follow from what the entry is about, so that a decision can name
// the entries that it may need before it has read anything.

import { createHash } from 'node:crypto';
import { canonical } from '../../replication/core.ts';
import type { Place } from './candidate.ts';

const ID_LENGTH = 32;
const hashOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, ID_LENGTH);

/** The one entry that may be open for a document and author. */
export const openEntryId = ({ collection, id }: Place, author: string): string =>
  hashOf('open', collection.name, id, author);

/** The entry that keeps what an operation lost, or what it took the place of. */
export const lossId = (
  op: string,
  { collection, id }: Place,
  author: string,
  kind: 'lost' | 'overwritten',
): string => `${op.slice(0, 12)}-${hashOf(kind, op, collection.name, id, author)}`;

/** The name of a row without stamps: the same content has the same one. */
export const plainOperation = (doc: object): string => hashOf('plain', canonical(doc));
