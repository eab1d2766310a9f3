// What of a device outlives its process: RxDB's storage, the ledger, and what is written to them
// from outside of replication, in the order in which it was.

import { Subject } from 'rxjs';
import type { RxStorageMemory } from 'rxdb/plugins/storage-memory';
import { createMemoryLedger, type Ledger, type WireDocument } from '../../../replication/index.ts';
import type { Group } from '../../../replication/outbox/group.ts';
import { over } from './over.ts';

type States = RxStorageMemory['collectionStates'];
type State = States extends Map<string, infer S> ? S : never;
type Stored = Record<string, unknown>;

/** A version of a document that a person's write left on the disk. */
export interface Written {
  readonly collection: string;
  readonly id: string;
  readonly doc: WireDocument;
}

export class Disk {
  readonly name: string;
  readonly ledger: Ledger;
  /** Groups in the order in which they were recorded. */
  readonly groups: Group[] = [];
  readonly written: Written[] = [];
  /** What was to be made together, by `collection/id`, recorded or not. */
  readonly asked: (readonly string[])[] = [];
  /** Documents of which it was written down what became of their rows, and when. */
  readonly settled: { readonly id: string; readonly at: number }[] = [];
  #time = 0;
  /** Recorded and not judged. */
  readonly #open = new Set<Group>();
  /** How many groups earlier processes have recorded. */
  #earlier = 0;
  #states: States = new Map();

  constructor(name: string) {
    this.name = name;
    const ledger = createMemoryLedger();
    this.ledger = over(ledger, {
      putGroup: (group, instead) => {
        this.groups.push(group);
        this.#open.add(group);
        return ledger.putGroup(group, instead);
      },
      judged: (judged) => {
        for (const group of this.#open)
          if (judged.groups.includes(group.id)) this.#open.delete(group);
        return ledger.judged(judged);
      },
      takeBackGroup: async (id, refused) => {
        const isWithdrawn = await ledger.takeBackGroup(id, refused);
        for (const group of this.#open)
          if (isWithdrawn && group.id === id) this.#open.delete(group);
        return isWithdrawn;
      },
    });
  }

  get states(): States {
    return this.#states;
  }

  /** Members of open groups that an earlier process has recorded, and that are not written. */
  get unfinished(): readonly string[] {
    return this.groups
      .slice(0, this.#earlier)
      .filter((group) => this.#open.has(group))
      .flatMap(({ members }) => members)
      .filter(({ collection, id, doc }) => {
        const stored = this.documents(collection).get(id);
        return stored === undefined || (stored._deleted !== true && !includes(stored, doc));
      })
      .map(({ collection, id }) => `${collection}/${id}`);
  }

  /** Orders what happens. */
  tick(): number {
    this.#time += 1;
    return this.#time;
  }

  /**
   * The same data for another process. What still runs in the last one can't see what is written
   * from now on, and is not seen.
   */
  reopen(): void {
    this.#earlier = this.groups.length;
    this.#states = new Map([...this.#states].map(([key, state]) => [key, copyOf(state)]));
  }

  /** What is stored of a collection, deleted documents too, without RxDB's own fields. */
  documents(collection: string): ReadonlyMap<string, WireDocument> {
    const found = new Map<string, WireDocument>();
    for (const [key, { documents, ensurePersistenceTask }] of this.#states) {
      if (key.split('--memory--')[1] !== collection) continue;
      const late = [
        ...(ensurePersistenceTask?.bulkInsertDocs ?? []),
        ...(ensurePersistenceTask?.bulkUpdateDocs ?? []),
      ].map(({ document }) => document);
      for (const document of [...documents.values(), ...late]) {
        const { _attachments, _meta, _rev, ...plain } = document as Stored;
        found.set(String(plain['id']), plain);
      }
    }
    return found;
  }
}

/** Whether a version has every write of another, or later ones in their place. */
export const includes = (outer: WireDocument, inner: WireDocument): boolean =>
  Object.entries(inner.clk ?? {}).every(([entry, stamp]) => (outer.clk?.[entry] ?? '') >= stamp);

function copyOf(state: State): State {
  const { ensurePersistenceTask: _done, ensurePersistenceIdlePromise: _idle, ...kept } = state;
  const byIndex = Object.fromEntries(
    Object.entries(kept.byIndex).map(([name, index]) => [
      name,
      { ...index, docsWithIndex: index.docsWithIndex.map((entry): typeof entry => [...entry]) },
    ]),
  );
  return {
    ...kept,
    refCount: 0,
    documents: new Map(kept.documents),
    byIndex,
    byIndexArray: Object.values(byIndex),
    changes$: new Subject(),
  };
}
