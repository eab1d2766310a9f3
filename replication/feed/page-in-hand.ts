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
  /** Where one stands when all of it is stored, and not before; nowhere new within a snapshot. */
  readonly end: Position | undefined;
  /** Whether the round ends with it. */
  readonly isLast: boolean;
  #left: readonly WireDocument[];

  constructor(documents: readonly WireDocument[], end?: Position, isLast = false) {
    this.end = end;
    this.isLast = isLast;
    this.#left = documents;
  }

  /** @param before where one stands until all of the page is stored. */
  static of(page: Page, before: Position | undefined): PageInHand {
    const { checkpoint, documents, epoch, more, upTo } = page;
    const end = { at: checkpoint, epoch, seq: more ? (before?.seq ?? 0) : upTo };
    return new PageInHand(documents, end, !more);
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
