// A session's timers by name, so that all of them end with it.

import type { Platform } from './platform.ts';

export class Timers {
  readonly #platform: Platform;
  readonly #running = new Map<string, () => void>();
  #hasEnded = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** One timer of each name; a second call while it runs changes nothing. */
  after(name: string, delayMs: number, run: () => void): void {
    if (this.#hasEnded || this.#running.has(name)) return;
    const cancel = this.#platform.after(delayMs, () => {
      this.#running.delete(name);
      run();
    });
    this.#running.set(name, cancel);
  }

  end(): void {
    this.#hasEnded = true;
    for (const cancel of this.#running.values()) cancel();
    this.#running.clear();
  }
}
