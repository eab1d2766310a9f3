// How many documents have arrived, and of how many, since all collections were last at rest.

import type { Lane } from '../feed/lane.ts';
import type { Journal } from '../activity/journal.ts';
import { changesOf } from '../outbox/label.ts';
import type { Board } from './status.ts';

export class Receiving {
  readonly #board: Board;
  readonly #journal: Journal;
  readonly #lanes = new Set<Lane>();
  #documents = 0;
  #expected = 0;
  /** Without what is received again. */
  #news = 0;

  constructor(board: Board, journal: Journal) {
    this.#board = board;
    this.#journal = journal;
  }

  /** So many documents will come. */
  expect(lane: Lane, documents: number): void {
    if (documents === 0) return;
    this.#lanes.add(lane);
    this.#expected += documents;
    this.#show();
  }

  /** So many have come. */
  note(lane: Lane, documents: number, isAgain: boolean): void {
    this.#lanes.add(lane);
    this.#documents += documents;
    if (!isAgain) this.#news += documents;
    this.#show();
  }

  /** The lane has all that was to come. */
  rested(lane: Lane): void {
    this.#lanes.delete(lane);
    if (this.#lanes.size === 0) {
      this.#journal.counted('received', this.#news, received);
      this.#news = 0;
      this.#documents = 0;
      this.#expected = 0;
    }
    this.#show();
  }

  #show(): void {
    const receiving = this.#lanes.size > 0;
    this.#board.update({ receiving, received: this.#documents, expected: this.#expected });
  }
}

const received = (count: number): string => `Received ${changesOf(count)}.`;
