// Which documents have changes that the server has not judged: what was written in any tab, and what
// RxDB wanted to push, until its answer is stored.

import type { Clock } from '../../schemas/index.ts';
import type { WireDocument } from '../protocol/index.ts';
import { sameClock } from '../stamp/clock.ts';
import type { LocalWrite } from './rx.ts';
import type { Facts } from './status.ts';

const MAX_KEYS = 1_000;
type Rows = readonly { readonly id: string; readonly doc: WireDocument }[];

export class Pending {
  readonly #versions = new Map<string, Clock | undefined>();
  readonly #changed: (change: Pick<Facts, 'pending' | 'pendingKeys' | 'sent'>) => void;
  #sent = 0;

  constructor(changed: (change: Pick<Facts, 'pending' | 'pendingKeys' | 'sent'>) => void) {
    this.#changed = changed;
  }

  has(key: string): boolean {
    return this.#versions.has(key);
  }

  idsOf(collection: string): readonly string[] {
    const start = `${collection}/`;
    return [...this.#versions.keys()]
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length));
  }

  wrote(collection: string, writes: readonly LocalWrite[]): void {
    for (const { id, after, before } of writes)
      // A write that changes nothing has no new stamp and is never sent.
      if (before === undefined || !sameClock(before.clk, after.clk))
        this.#versions.set(`${collection}/${id}`, after.clk);
    this.#show();
  }

  sending(collection: string, rows: Rows): void {
    for (const { id, doc } of rows) {
      const key = `${collection}/${id}`;
      if (!this.#versions.has(key)) this.#versions.set(key, doc.clk);
    }
    this.#show();
  }

  settled(collection: string, rows: Rows): void {
    for (const { id, doc } of rows) {
      const key = `${collection}/${id}`;
      // Written again meanwhile: that write is still to be judged.
      if (this.#versions.has(key) && sameClock(this.#versions.get(key), doc.clk)) {
        this.#versions.delete(key);
        this.#sent += 1;
      }
    }
    this.#show();
  }

  #show(): void {
    if (this.#versions.size === 0) this.#sent = 0;
    this.#changed({
      pending: this.#versions.size,
      pendingKeys: [...firstOf(this.#versions.keys(), MAX_KEYS)],
      sent: this.#sent,
    });
  }
}

function* firstOf<T>(items: Iterable<T>, most: number): Iterable<T> {
  let count = 0;
  for (const item of items) {
    if (count === most) return;
    count += 1;
    yield item;
  }
}
