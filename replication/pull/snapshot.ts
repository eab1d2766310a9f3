// A collection that is received again from the beginning, up to one bound: its pages, and in the end
// what is here and not in them. It remembers ids, never documents.

import type { Page } from '../feed/page-in-hand.ts';
import type { WireDocument } from '../protocol/index.ts';
import type { Position } from './position.ts';

/** How many documents are taken away at once. */
const SWEEP = 500;

export interface SnapshotSource {
  readonly primaryKey: string;
  /** Resolves when what this device has to say has been judged. */
  prepared(): Promise<void>;
  /** The next page; nothing when the session has ended. */
  page(): Promise<Page | undefined>;
  /** Shows all documents that are stored here. */
  readonly scan: (visit: (documents: readonly WireDocument[]) => void) => Promise<void>;
}

export class Snapshot {
  /** The rev up to which the history known here is still the server's; infinite where all of it is. */
  readonly survives: number;
  readonly #came = new Set<string>();
  #checkpoint: string | null = null;
  #upTo: number | undefined;
  #end: Position | undefined;
  #gone: string[] | undefined;

  constructor(survives: number) {
    this.survives = survives;
  }

  /** The same once more, from its beginning. */
  again(): Snapshot {
    return new Snapshot(this.survives);
  }

  /** Where the next page begins. */
  get checkpoint(): string | null {
    return this.#checkpoint;
  }
  /** The bound, while pages are to come. */
  get upTo(): number | undefined {
    return this.#end === undefined ? this.#upTo : undefined;
  }
  /** Where the collection stands with all of it; known with the last page. */
  get end(): Position | undefined {
    return this.#end;
  }

  /** Whether this version is of a part of history that the server has lost. */
  isLost(id: string, rev: number): boolean {
    return rev > this.survives && !this.#came.has(id);
  }

  /**
   * The next documents, each time once the last ones have been stored: the server's, then tombstones
   * of those that it does not have. RxDB keeps what is unsent. Nothing when the session has ended.
   */
  async next(source: SnapshotSource): Promise<readonly WireDocument[] | 'whole' | undefined> {
    const { primaryKey } = source;
    if (this.#end === undefined) {
      if (this.#checkpoint === null) await source.prepared();
      const page = await source.page();
      if (page === undefined) return undefined;
      for (const document of page.documents) this.#came.add(String(document[primaryKey]));
      this.#checkpoint = page.checkpoint;
      this.#upTo = page.upTo;
      if (!page.more) this.#end = { at: page.checkpoint, epoch: page.epoch, seq: page.upTo };
      return page.documents;
    }
    this.#gone ??= await this.#missing(source);
    const ids = this.#gone.splice(0, SWEEP);
    // As of the bound: a document that was judged after it stays.
    const rev = this.#end.seq;
    return ids.length === 0
      ? 'whole'
      : ids.map((id) => ({ [primaryKey]: id, _deleted: true, rev }));
  }

  async #missing({ primaryKey, scan }: SnapshotSource): Promise<string[]> {
    const missing: string[] = [];
    await scan((documents) => {
      for (const document of documents) {
        const id = String(document[primaryKey]);
        if (document._deleted !== true && !this.#came.has(id)) missing.push(id);
      }
    });
    return missing;
  }
}
