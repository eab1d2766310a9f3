// What the stream has brought and RxDB has not: the newest version of each document, and how far
// the last event reaches.

import type { StreamEvent, WireDocument } from '../protocol/index.ts';
import type { Position } from '../pull/position.ts';
import { revOf } from '../push/under-way.ts';

export class Held {
  readonly #idOf: (document: WireDocument) => string;
  readonly #documents = new Map<string, WireDocument>();
  #to: Position | undefined;

  constructor(idOf: (document: WireDocument) => string) {
    this.#idOf = idOf;
  }

  /** Undefined while nothing is held. */
  get to(): Position | undefined {
    return this.#to;
  }

  /** @param documents of `event`; those at or below `reach` are known. */
  add(documents: readonly WireDocument[], event: StreamEvent, epoch: string, reach: number): void {
    for (const document of documents) {
      const id = this.#idOf(document);
      const known = this.#documents.get(id);
      if (revOf(document) > reach && (known === undefined || revOf(known) <= revOf(document)))
        this.#documents.set(id, document);
    }
    this.#to = { at: event.checkpoint, epoch, seq: event.to };
  }

  /** What is left without the documents that are known up to a rev of their own. */
  without(knownRev: (id: string) => number): readonly WireDocument[] {
    for (const [id, document] of this.#documents)
      if (revOf(document) <= knownRev(id)) this.#documents.delete(id);
    return [...this.#documents.values()];
  }

  clear(): void {
    this.#documents.clear();
    this.#to = undefined;
  }
}
