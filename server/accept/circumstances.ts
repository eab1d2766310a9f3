// What every row of one push is decided under.

import type { StampClock, UserId } from '../../replication/core.ts';
import { INBOX, type Collection } from '../../schemas/index.ts';
import type { Viewer } from '../auth/project.ts';
import type { Author } from './candidate.ts';
import { sumsOver, type Sum } from './sums.ts';

/** The collections of a server, and what follows from them. */
export interface Rules {
  readonly collections: ReadonlyMap<string, Collection>;
  /** Where versions that lose are kept; missing where a program has declared none. */
  readonly inbox: Collection | undefined;
  /** By the collection whose documents are added up. */
  readonly sums: ReadonlyMap<string, readonly Sum[]>;
}

export const rulesOf = (collections: ReadonlyMap<string, Collection>): Rules => ({
  collections,
  inbox: collections.get(INBOX),
  sums: sumsOver(collections),
});

/** What the workspace does where a sum would fall below its floor. */
export type BelowFloor = 'flag' | 'reject';

export interface Circumstances {
  readonly rules: Rules;
  readonly author: Author & Viewer;
  readonly belowFloor: BelowFloor;
  /** The device that pushes. */
  readonly device: string;
  /** Who writes on a device, as far as that is known. */
  readonly writerOf: (device: string) => UserId | undefined;
  /** Whether bases are of this store's history. */
  readonly sameEpoch: boolean;
  readonly clock: StampClock;
  readonly nowMs: number;
}
