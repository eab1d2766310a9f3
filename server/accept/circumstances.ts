// What every row of one push is decided under.

import type { StampClock } from '../../replication/core.ts';
import type { Author } from './candidate.ts';

export interface Circumstances {
  readonly author: Author;
  /** The device that pushes. */
  readonly device: string;
  /** Whether bases are of this store's history. */
  readonly sameEpoch: boolean;
  readonly clock: StampClock;
  readonly nowMs: number;
}
