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
  type Known,
  type Needs,
  type OperationRecord,
  type Purged,
  type StampFate,
  type Store,
} from '../port/port.ts';
import { pageOf, type LeftRow, type PlacedDocument } from './page.ts';
import { byCodePoint, openRecords } from './records.ts';

export interface MemoryStoreOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly epoch?: Epoch;
  /** Gets what listeners throw; without it, that is thrown in a later microtask. */
  readonly onListenerFailure?: ListenerFailure;
}

/** With the seq that it is purged with. */
interface Dated<T> {
  readonly value: T;
  readonly seq: number;
}

interface Workspace {
  seq: number;
  timeMs: number;
  floor: number;
  /** When each commit was made; seq 1 stands first. */
  readonly times: number[];
  readonly documents: Map<string, PlacedDocument>;
  left: LeftRow[];
  readonly operations: Map<OperationId, Dated<OperationRecord>>;
  readonly fates: Map<string, Dated<StampFate>>;
  readonly purged: Set<string>;
}

const emptyWorkspace = (): Workspace => ({
  seq: 0,
  timeMs: 0,
  floor: 0,
  times: [],
  documents: new Map(),
  left: [],
  operations: new Map(),
  fates: new Map(),
  purged: new Set(),
});

const pick = <K, V>(from: ReadonlyMap<K, V>, keys: readonly K[]): Map<K, V> => {
  const found = new Map<K, V>();
  for (const key of keys) {
    const value = from.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
};

/** What was committed by a moment, as one purge: the floor, and all that lies at or below it. */
function purge(at: Workspace, beforeMs: number): Purged {
  const after = at.times.findIndex((timeMs) => timeMs > beforeMs);
  const floor = Math.max(at.floor, after === -1 ? at.seq : after);
  at.floor = floor;
  at.left = at.left.filter((row) => row.seq > floor);
  for (const [op, { seq }] of at.operations) if (seq <= floor) at.operations.delete(op);
  for (const [stamp, { seq }] of at.fates) if (seq <= floor) at.fates.delete(stamp);
  const gone = [...at.documents].filter(([, { deleted, seq }]) => deleted && seq <= floor);
  for (const [key] of gone) {
    at.documents.delete(key);
    at.purged.add(key);
  }
  return { floor: asSeq(floor), documents: gone.length, more: false };
}

const valuesOf = <K, V>(dated: ReadonlyMap<K, Dated<V>>): Map<K, V> =>
  new Map([...dated].map(([key, { value }]) => [key, value]));

/** What the decision asked for. */
function knownOf(at: Workspace, needs: Needs): Known {
  const keys = needs.documents.map(({ collection, id }) => keyOf(collection, id));
  return {
    documents: pick(at.documents, keys),
    operations: valuesOf(pick(at.operations, needs.operations)),
    fates: valuesOf(pick(at.fates, needs.stamps)),
    purged: new Set(keys.filter((key) => at.purged.has(key) && !at.documents.has(key))),
  };
}

/** Writes a commit's documents at `seq` and returns what changed. */
function writeDocuments(at: Workspace, seq: number, write: CommitWrite): readonly Change[] {
  return write.documents.map((document, pos) => {
    const { collection, id, text } = document;
    const key = keyOf(collection, id);
    const scopeKeys = canonicalKeys(document.scopeKeys);
    const lost = lostKeys(at.documents.get(key)?.scopeKeys ?? [], scopeKeys);
    for (const lostKey of lost) at.left.push({ collection, id, seq, pos, key: lostKey });
    at.documents.set(key, { ...document, seq: asSeq(seq), pos, scopeKeys });
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
    const { seq, timeMs, floor } = workspaceOf(id);
    const updatedAt = new Date(timeMs).toISOString();
    return { seq: asSeq(seq), updatedAt, epoch, floor: asSeq(floor), survives: new Map() };
  };

  return {
    head: async (workspace) => headOf(workspace),

    commit: async (workspace, needs, decide) => {
      const at = workspaceOf(workspace);
      const seq = at.seq + 1;
      const timeMs = commitTimeMs(at.timeMs, now());
      const turn = { seq: asSeq(seq), updatedAt: new Date(timeMs).toISOString(), epoch };
      const { write, result } = decide(knownOf(at, needs), turn);

      for (const record of write.operations)
        if (!at.operations.has(record.op)) at.operations.set(record.op, { value: record, seq });
      for (const [stamp, value] of write.fates) at.fates.set(stamp, { value, seq });
      const changes = writeDocuments(at, seq, write);
      if (changes.length > 0) {
        at.seq = seq;
        at.timeMs = timeMs;
        at.times.push(timeMs);
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

    scan: async (workspace, collection, after, limit) =>
      [...workspaceOf(workspace).documents.values()]
        .filter((one) => one.collection === collection && byCodePoint(one.id, after) > 0)
        .toSorted((one, other) => byCodePoint(one.id, other.id))
        .slice(0, limit),

    purge: async (workspace, beforeMs) => purge(workspaceOf(workspace), beforeMs),

    onCommit: (listener) => listeners.add(listener),

    ...openRecords(),
    close: async () => undefined,
  };
}
