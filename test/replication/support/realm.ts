// A browser's Web Locks and broadcast channels, shared by several tabs of a test, and a clock that
// the test moves.

import type { Channel, Locks } from '../../../replication/index.ts';

interface Waiting {
  readonly held: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class FakeLocks implements Locks {
  readonly #holders = new Map<string, Waiting>();
  readonly #queues = new Map<string, Waiting[]>();

  request(
    name: string,
    options: Parameters<Locks['request']>[1],
    held: () => Promise<void>,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = { held, resolve, reject };
      if (options.steal) {
        this.#holders.get(name)?.reject(new Error('AbortError: stolen'));
        this.#grant(name, waiting);
        return;
      }
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      queue.push(waiting);
      options.signal?.addEventListener('abort', () => {
        const place = queue.indexOf(waiting);
        if (place < 0) return;
        queue.splice(place, 1);
        reject(new Error('AbortError'));
      });
      if (!this.#holders.has(name)) this.#next(name);
    });
  }

  #next(name: string): void {
    this.#holders.delete(name);
    const waiting = this.#queues.get(name)?.shift();
    if (waiting !== undefined) this.#grant(name, waiting);
  }

  #grant(name: string, waiting: Waiting): void {
    this.#holders.set(name, waiting);
    const free = (): void => {
      if (this.#holders.get(name) === waiting) this.#next(name);
    };
    waiting.held().then(waiting.resolve, waiting.reject).finally(free);
  }
}

/** Channels of one browser; a tab can be frozen, so that it hears nothing and says nothing. */
export class FakeChannels {
  readonly #open = new Set<{
    readonly name: string;
    readonly tab: string;
    hear: (message: unknown) => void;
  }>();
  readonly frozen = new Set<string>();

  for(tab: string): (name: string) => Channel {
    return (name) => {
      const end = { name, tab, hear: (_message: unknown): void => {} };
      this.#open.add(end);
      return {
        post: (message) => {
          if (this.frozen.has(tab)) return;
          const copy: unknown = structuredClone(message);
          for (const other of this.#open)
            if (other !== end && other.name === name && !this.frozen.has(other.tab))
              queueMicrotask(() => other.hear(copy));
        },
        listen: (listener) => (end.hear = listener),
        close: () => this.#open.delete(end),
      };
    };
  }
}
