// What the server did in one workspace: every commit with its documents, whole.

import type { WireDocument } from '../../../replication/index.ts';
import type { CommitWrite, Store } from '../../../server/store/port/port.ts';

export interface Version {
  readonly key: string;
  readonly seq: number;
  readonly doc: WireDocument;
  readonly before: WireDocument | undefined;
}

export class ServerLog {
  readonly #versions = new Map<string, Version[]>();

  committed({ documents }: CommitWrite, seq: number): void {
    for (const { collection, id, text } of documents) {
      const key = `${collection}/${id}`;
      const doc = JSON.parse(text) as WireDocument;
      const known = this.#versions.get(key) ?? [];
      known.push({ key, seq, doc, before: known.at(-1)?.doc });
      this.#versions.set(key, known);
    }
  }

  versions(key: string): readonly Version[] {
    return this.#versions.get(key) ?? [];
  }
  latest(key: string): WireDocument | undefined {
    return this.#versions.get(key)?.at(-1)?.doc;
  }
  /** The latest version of each document of a collection, deleted ones too. */
  all(collection: string): ReadonlyMap<string, WireDocument> {
    const start = `${collection}/`;
    const found = new Map<string, WireDocument>();
    for (const [key, versions] of this.#versions) {
      const latest = versions.at(-1);
      if (key.startsWith(start) && latest !== undefined)
        found.set(key.slice(start.length), latest.doc);
    }
    return found;
  }

  /** The commits after which an entry had this stamp and before which it had not. */
  effects(key: string, entry: string, stamp: string): readonly number[] {
    return this.versions(key).flatMap(({ seq, doc, before }) =>
      doc.clk?.[entry] === stamp && before?.clk?.[entry] !== stamp ? [seq] : [],
    );
  }
}

/** The logs of all workspaces of a store. */
export class ServerLogs {
  readonly #byWorkspace = new Map<string, ServerLog>();

  of(workspace: string): ServerLog {
    const known = this.#byWorkspace.get(workspace) ?? new ServerLog();
    this.#byWorkspace.set(workspace, known);
    return known;
  }

  /** The store, with every commit noted. */
  over(store: Store): Store {
    return {
      ...store,
      commit: async (workspace, needs, decide) => {
        let last: readonly [CommitWrite, number] | undefined;
        const made = await store.commit(workspace, needs, (known, turn) => {
          const decision = decide(known, turn);
          last = [decision.write, turn.seq];
          return decision;
        });
        if (last !== undefined) this.of(workspace).committed(...last);
        return made;
      },
    };
  }
}
