// What one collection has on its way up: rows that wait or travel, and answers that RxDB is writing.
// RxDB takes their documents for pending and ignores what is pulled for them meanwhile.

import type { WireDocument } from '../protocol/index.ts';

export const revOf = (document: WireDocument): number => document.rev ?? Number.MAX_SAFE_INTEGER;

export class UnderWay {
  readonly #flying = new Map<string, number>();
  readonly #settling = new Map<string, number>();
  /** The newest version that was pulled while its id was flying. */
  readonly #newest = new Map<string, WireDocument>();
  /** The rev of the latest answer. */
  readonly #answered = new Map<string, number>();
  #waiters: (() => void)[] = [];

  get isBusy(): boolean {
    return this.#flying.size > 0 || this.#settling.size > 0;
  }
  isSettling(id: string): boolean {
    return this.#settling.has(id);
  }
  answeredRev(id: string): number {
    return this.#answered.get(id) ?? 0;
  }

  sending(ids: readonly string[]): void {
    for (const id of ids) add(this.#flying, id, 1);
  }
  answered(id: string, rev: number): void {
    add(this.#flying, id, -1);
    add(this.#settling, id, 1);
    this.#answered.set(id, rev);
  }
  settled(ids: readonly string[]): void {
    for (const id of ids) {
      add(this.#settling, id, -1);
      if (!this.#flying.has(id)) this.#newest.delete(id);
    }
    this.wake();
  }

  /** A document that is handed to RxDB although it may be ignored there. */
  passed(id: string, document: WireDocument): void {
    if (this.#flying.has(id)) this.#newest.set(id, document);
  }
  /** The newest version that RxDB has ignored, if it is newer than `rev`. */
  newerThan(id: string, rev: number): WireDocument | undefined {
    const newest = this.#newest.get(id);
    return newest !== undefined && revOf(newest) > rev ? newest : undefined;
  }

  /** Answers at or below a position that RxDB has stored can't be overtaken any more. */
  forgetUpTo(seq: number): void {
    for (const [id, rev] of this.#answered)
      if (rev <= seq && !this.#settling.has(id)) this.#answered.delete(id);
  }
  /** Another history: its revs can't be compared with these. */
  forgetRevs(): void {
    this.#newest.clear();
    this.#answered.clear();
  }

  /** Resolves with the next answer that is settled, or with `wake`. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }
  wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}

function add(counts: Map<string, number>, id: string, by: 1 | -1): void {
  const count = (counts.get(id) ?? 0) + by;
  if (count > 0) counts.set(id, count);
  else counts.delete(id);
}
