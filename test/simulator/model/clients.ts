// The threads of the clients, as the test sees them. A thread is used by one history after another.

import { Worker } from 'node:worker_threads';
import type { CallName, Calls, Reply } from './messages.ts';

interface Asked {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export class Thread {
  readonly #worker = new Worker(new URL('./client-thread.mjs', import.meta.url));
  readonly #asked = new Map<number, Asked>();
  #count = 0;

  constructor() {
    this.#worker.on('message', ({ number, answer, error }: Reply) => {
      const asked = this.#asked.get(number);
      this.#asked.delete(number);
      if (error === undefined) asked?.resolve(answer as never);
      else asked?.reject(new Error(error));
    });
    this.#worker.on('error', (error) => {
      for (const { reject } of this.#asked.values()) reject(error);
    });
  }

  ask<N extends CallName>(
    name: N,
    ...[given]: Calls[N]['given'] extends undefined ? [] : [Calls[N]['given']]
  ): Promise<Calls[N]['answer']> {
    const number = (this.#count += 1);
    return new Promise((resolve, reject) => {
      this.#asked.set(number, { resolve, reject });
      this.#worker.postMessage({ number, name, given });
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
