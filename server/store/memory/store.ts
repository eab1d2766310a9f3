// The store in its plainest form, for tests and the simulator: what the port promises, in Maps.

import { randomBytes } from 'node:crypto';
import {
  epoch as asEpoch,
  seq as asSeq,
  type Epoch,
  type OperationId,
  type WorkspaceId,
} from '../../../replication/core.ts';
import {
  canonicalKeys,
  commitListeners,
  commitTimeMs,
  lostKeys,
  type ListenerFailure,
} from '../port/commit-rules.ts';
import {
  keyOf,
  type Change,
  type CommitWrite,
  type Head,
  type OperationRecord,
  type StampFate,
  type Store,
  type StoredDocument,
} from '../port/port.ts';
import { pageOf, type LeftRow, type PlacedDocument } from './page.ts';
import { openRecords } from './records.ts';

export interface MemoryStoreOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly epoch?: Epoch;
  /** Gets what listeners throw; without it, that is thrown in a later microtask. */
  readonly onListenerFailure?: ListenerFailure;
}

interface Workspace {
  seq: number;
  timeMs: number;
  readonly documents: Map<string, PlacedDocument>;
  readonly left: LeftRow[];
  readonly operations: Map<OperationId, OperationRecord>;
  readonly fates: Map<string, StampFate>;
}

const emptyWorkspace = (): Workspace => ({
  seq: 0,
  timeMs: 0,
  documents: new Map(),
  left: [],
  operations: new Map(),
  fates: new Map(),
});

const pick = <K, V>(from: ReadonlyMap<K, V>, keys: readonly K[]): Map<K, V> => {
  const found = new Map<K, V>();
  for (const key of keys) {
    const value = from.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
};

/** Writes a commit's documents at `seq` and returns what changed. */
function writeDocuments(at: Workspace, seq: number, write: CommitWrite): readonly Change[] {
  return write.documents.map(({ collection, id, deleted, text, scopeKeys: given }, pos) => {
    const key = keyOf(collection, id);
    const scopeKeys = canonicalKeys(given);
    const lost = lostKeys(at.documents.get(key)?.scopeKeys ?? [], scopeKeys);
    for (const lostKey of lost) at.left.push({ collection, id, seq, pos, key: lostKey });
    at.documents.set(key, { collection, id, seq: asSeq(seq), pos, deleted, text, scopeKeys });
    return { collection, id, text, scopeKeys, lostKeys: lost };
  });
}

/** An empty store that lives as long as the object. */
export function openMemoryStore(options: MemoryStoreOptions = {}): Store {
  const { now = Date.now, epoch = asEpoch(randomBytes(8).toString('hex')) } = options;
  const listeners = commitListeners(options.onListenerFailure);
  const workspaces = new Map<WorkspaceId, Workspace>();

  const workspaceOf = (id: WorkspaceId): Workspace => {
    const known = workspaces.get(id) ?? emptyWorkspace();
    workspaces.set(id, known);
    return known;
  };
  const headOf = (id: WorkspaceId): Head => {
    const { seq, timeMs } = workspaceOf(id);
    return { seq: asSeq(seq), updatedAt: new Date(timeMs).toISOString(), epoch };
  };

  return {
    head: async (workspace) => headOf(workspace),

    commit: async (workspace, needs, decide) => {
      const at = workspaceOf(workspace);
      const seq = at.seq + 1;
      const timeMs = commitTimeMs(at.timeMs, now());
      const keys = needs.documents.map(({ collection, id }) => keyOf(collection, id));
      const documents: ReadonlyMap<string, StoredDocument> = pick(at.documents, keys);
      const operations = pick(at.operations, needs.operations);
      const fates = pick(at.fates, needs.stamps);
      const turn = { seq: asSeq(seq), updatedAt: new Date(timeMs).toISOString(), epoch };
      const { write, result } = decide({ documents, operations, fates }, turn);

      for (const record of write.operations)
        if (!at.operations.has(record.op)) at.operations.set(record.op, record);
      for (const [stamp, fate] of write.fates) at.fates.set(stamp, fate);
      const changes = writeDocuments(at, seq, write);
      if (changes.length > 0) {
        at.seq = seq;
        at.timeMs = timeMs;
        listeners.tell({ workspace, seq: asSeq(seq), changes });
      }
      return { result, head: asSeq(changes.length > 0 ? seq : seq - 1) };
    },

    pages: async (workspace, requests) => {
      const head = headOf(workspace);
      const { documents, left } = workspaceOf(workspace);
      const pages = requests(head).map((request) => pageOf(documents, left, head.seq, request));
      return { head, pages };
    },

    get: async (workspace, keys) => {
      const { documents } = workspaceOf(workspace);
      return [
        ...pick(
          documents,
          keys.map(({ collection, id }) => keyOf(collection, id)),
        ).values(),
      ];
    },

    onCommit: (listener) => listeners.add(listener),

    ...openRecords(),
    close: async () => undefined,
  };
}
