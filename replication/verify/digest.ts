// One number for a set of document versions, whatever their order.

import { hash53 } from '../stamp/clock.ts';

export class Digest {
  #sum = 0n;
  #count = 0;

  add(id: string, rev: number): void {
    this.#count += 1;
    this.#sum = BigInt.asUintN(64, this.#sum + BigInt(Number.parseInt(hash53(`${rev} ${id}`), 36)));
  }
  get count(): number {
    return this.#count;
  }
  /** Hexadecimal, at most 16 digits. */
  get text(): string {
    return this.#sum.toString(16);
  }
}
