// Which history of the server this device knows: its epoch, also of a device that has nothing from
// there yet but answers to what it sent.

import type { Ledger } from '../outbox/ledger.ts';

export class History {
  readonly #ledger: Pick<Ledger, 'epoch' | 'setEpoch'>;
  readonly #failed: (error: unknown) => void;
  #epoch: string | undefined;
  #isTurning = false;
  /** The one that was known before, until all of the server's is here. */
  #before: string | undefined;
  readonly #recalled: Promise<void>;

  constructor(ledger: Pick<Ledger, 'epoch' | 'setEpoch'>, failed: (error: unknown) => void) {
    this.#ledger = ledger;
    this.#failed = failed;
    this.#recalled = ledger.epoch().then(
      (epoch) => void (this.#epoch ??= epoch),
      // What is needed of it comes with the first answer.
      failed,
    );
  }

  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** Resolves when `epoch` is what the ledger has, or else what a stored position says. */
  async recall(stored?: string): Promise<void> {
    await this.#recalled;
    this.#epoch ??= stored;
  }

  /** An answer counts in this history. Resolves when that is kept, before the answer is taken. */
  async met(epoch: string): Promise<void> {
    if (this.#epoch !== undefined) return;
    this.#epoch = epoch;
    await this.#ledger.setEpoch(epoch);
  }

  /** The server has said that it has another history: what is received next tells which. */
  turn(): void {
    this.#isTurning = true;
    this.#before ??= this.#epoch;
  }
  /** What a push names: its rows may build on what the server has lost. */
  get named(): string | undefined {
    return this.#before ?? this.#epoch;
  }
  get isBetween(): boolean {
    return this.#isTurning || this.#before !== undefined;
  }

  /** Whether it is the history that is known, or may be the one that was announced. */
  fits(epoch: string): boolean {
    return this.#isTurning || (this.#epoch ?? epoch) === epoch;
  }

  /** A collection has all of this one. */
  follow(epoch: string): void {
    const isFirst = this.#epoch === undefined;
    this.#isTurning = false;
    this.#epoch = epoch;
    if (isFirst) this.keep();
  }

  /** All of it is here. */
  keep(): void {
    this.#before = undefined;
    if (this.#epoch !== undefined) this.#ledger.setEpoch(this.#epoch).catch(this.#failed);
  }
}
