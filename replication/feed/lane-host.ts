// What a lane asks of those that serve all lanes: pages, answers, and the news of how far it is.

import type { WireDocument } from '../protocol/index.ts';
import type { Sent } from '../push/row.ts';
import type { Page } from './page-in-hand.ts';

/** What a lane needs from those that serve all lanes. */
export interface LaneHost {
  /** The next page from the lane's position; nothing when that or the session has ended. */
  page(): Promise<Page | undefined>;
  /** The server's present document for each row; nothing when the session has ended. */
  send(rows: readonly Sent[]): Promise<readonly WireDocument[] | undefined>;
  /** Rows whose answers RxDB has written. */
  settled(rows: readonly Sent[]): void;
  /** So many documents will come, in one or more pages. */
  expecting(documents: number): void;
  /** So many of them have been handed over. `isAgain`: they may be here already. */
  receiving(documents: number, isAgain: boolean): void;
  /** The lane has them all. */
  rested(): void;
  /** Resolves when a snapshot may begin: what this device has to say has been judged. */
  prepared(): Promise<void>;
  /** The lane has come out of its snapshot. */
  whole(): void;
  /** Runs later; used after RxDB failed to store something. */
  later(failures: number, run: () => void): void;
  failed(error: unknown): void;
  readonly isStopped: boolean;
}
