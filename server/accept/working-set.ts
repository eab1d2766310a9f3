// The part of the store that one commit decides on: what was read, and over it what the rows so
// far have made of it. A group works on a layer of its own, kept or dropped as a whole.

import type { Collection } from '../../schemas/index.ts';
import type { OperationId, WireDocument } from '../../replication/core.ts';
import {
  keyOf,
  type CommitTurn,
  type CommitWrite,
  type DocumentWrite,
  type Known,
  type OperationRecord,
  type StampFate,
} from '../store/port/port.ts';

/** A document's state within the commit. */
export interface Entry {
  readonly collection: Collection;
  readonly id: string;
  readonly doc: WireDocument;
  readonly deleted: boolean;
  readonly text: string;
  /** Whether this commit writes it. */
  readonly written: boolean;
}

export class WorkingSet {
  readonly turn: CommitTurn;
  readonly #known: Known;
  readonly #below: WorkingSet | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #operations = new Map<OperationId, OperationRecord>();
  readonly #fates = new Map<string, StampFate>();

  constructor(known: Known, turn: CommitTurn, below?: WorkingSet) {
    this.#known = known;
    this.turn = turn;
    this.#below = below;
  }

  get(collection: Collection, id: string): Entry | undefined {
    const key = keyOf(collection.name, id);
    const own = this.#entries.get(key);
    if (own !== undefined) return own;
    if (this.#below !== undefined) return this.#below.get(collection, id);
    const stored = this.#known.documents.get(key);
    if (stored === undefined) return undefined;
    const entry: Entry = {
      collection,
      id,
      doc: JSON.parse(stored.text) as WireDocument,
      deleted: stored.deleted,
      text: stored.text,
      written: false,
    };
    this.#entries.set(key, entry);
    return entry;
  }

  /** Whether its delete was accepted so long ago that even the tombstone is gone. */
  isPurged(collection: Collection, id: string): boolean {
    return (
      this.#known.purged.has(keyOf(collection.name, id)) && this.get(collection, id) === undefined
    );
  }

  put(entry: Entry): void {
    this.#entries.set(keyOf(entry.collection.name, entry.id), entry);
  }

  operation(op: OperationId): OperationRecord | undefined {
    return this.#operations.get(op) ?? this.#below?.operation(op) ?? this.#known.operations.get(op);
  }

  remember(record: OperationRecord): void {
    this.#operations.set(record.op, record);
  }

  fate(stamp: string): StampFate | undefined {
    return this.#fates.get(stamp) ?? this.#below?.fate(stamp) ?? this.#known.fates.get(stamp);
  }

  setFate(stamp: string, fate: StampFate): void {
    this.#fates.set(stamp, fate);
  }

  /** A layer on top, to be kept by `keep` or forgotten. */
  layer(): WorkingSet {
    return new WorkingSet(this.#known, this.turn, this);
  }

  keep(layer: WorkingSet): void {
    for (const [key, entry] of layer.#entries) this.#entries.set(key, entry);
    for (const [op, record] of layer.#operations) this.#operations.set(op, record);
    for (const [stamp, fate] of layer.#fates) this.#fates.set(stamp, fate);
  }

  toWrite(): CommitWrite {
    const documents: DocumentWrite[] = [];
    for (const entry of this.#entries.values())
      if (entry.written) documents.push(toDocumentWrite(entry));
    return {
      documents,
      operations: [...this.#operations.values()],
      fates: [...this.#fates],
    };
  }
}

/** A document as this commit would write it. */
export const newEntry = (collection: Collection, id: string, doc: WireDocument): Entry => ({
  collection,
  id,
  doc,
  deleted: doc._deleted === true,
  text: JSON.stringify(doc),
  written: true,
});

function toDocumentWrite({ collection, id, doc, deleted, text }: Entry): DocumentWrite {
  const scopeKeys = collection.scopeKeys(doc);
  const indexed = indexedOf(collection, doc);
  return { collection: collection.name, id, deleted, text, scopeKeys, indexed };
}

/** What the store keeps of a document for queries. */
export function indexedOf(collection: Collection, doc: WireDocument): DocumentWrite['indexed'] {
  const indexed: Record<string, string | number | boolean> = {};
  for (const field of collection.schema.indexes) {
    const value = doc[field];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      indexed[field] = value;
  }
  return indexed;
}
