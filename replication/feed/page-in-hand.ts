// A page that RxDB gets piece by piece, the next piece only when it has stored the one before: it
// would take all that is given meanwhile into one write, which keeps a browser busy for seconds.

import type { PullPage, WireDocument } from '../protocol/index.ts';
import type { Position } from '../pull/position.ts';

/** A few tens of ms of a browser’s time. */
const MOST_AT_ONCE = 500;

export interface Page extends PullPage {
  readonly epoch: string;
  readonly upTo: number;
}

export class PageInHand {
  /** Where one stands when all of it is stored, and not before. */
  readonly end: Position;
  /** Whether the round ends with it. */
  readonly isLast: boolean;
  #left: readonly WireDocument[];

  /** @param before where one stands until then. */
  constructor(page: Page, before: Position | undefined) {
    const { checkpoint, documents, epoch, more, upTo } = page;
    this.end = { at: checkpoint, epoch, seq: more ? (before?.seq ?? 0) : upTo };
    this.isLast = !more;
    this.#left = documents;
  }

  get isTaken(): boolean {
    return this.#left.length === 0;
  }

  /** The next piece, until `took` says that it has been handed over. */
  some(): readonly WireDocument[] {
    return this.#left.slice(0, MOST_AT_ONCE);
  }

  took(): void {
    this.#left = this.#left.slice(MOST_AT_ONCE);
  }
}
