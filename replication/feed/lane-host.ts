// What a lane needs from those that serve all lanes.

import type { Collection } from '../../schemas/index.ts';
import type { WireDocument } from '../protocol/index.ts';
import type { Sent } from '../push/row.ts';
import type { Page } from './page-in-hand.ts';

export interface LaneHost<Lane> {
  /** The next page from the lane's position; nothing when the session has ended. */
  page(lane: Lane): Promise<Page | undefined>;
  /** The server's present document for each row; nothing when the session has ended. */
  send(
    collection: Collection,
    rows: readonly Sent[],
    lane: Lane,
  ): Promise<readonly WireDocument[] | undefined>;
  /** Rows whose answers RxDB has written. */
  settled(collection: Collection, rows: readonly Sent[]): void;
  /** So many documents will come, in one or more pages. */
  expecting(lane: Lane, documents: number): void;
  /** So many of them have been handed over; none when the lane has them all. */
  receiving(lane: Lane, documents: number): void;
  /** Runs later; used after RxDB failed to store something. */
  later(lane: Lane, failures: number, run: () => void): void;
  failed(error: unknown): void;
  readonly isStopped: boolean;
}
