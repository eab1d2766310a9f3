// The store in its plainest form, for tests and the simulator: what the port promises, in Maps.

import { randomBytes } from 'node:crypto';
import { epoch as asEpoch, seq as asSeq, type WorkspaceId } from '../../../replication/core.ts';
import {
  canonicalKeys,
  commitListeners,
  commitTimeMs,
  lostKeys,
  byCodePoint,
  purgedDigest,
  type ListenerFailure,
} from '../port/commit-rules.ts';
import {
  keyOf,
  type Change,
  type CommitWrite,
  type Head,
  type Known,
  type Needs,
  type Purged,
  type Store,
} from '../port/port.ts';
import { dumpOf, loaded } from './dump.ts';
import { pageOf } from './page.ts';
import { openRecords } from './records.ts';
import { emptyWorkspace, type Dated, type Kept, type Workspace } from './workspace.ts';

export interface MemoryStoreOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Gets what listeners throw; without it, that is thrown in a later microtask. */
  readonly onListenerFailure?: ListenerFailure;
}

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
  const marked = at.marks.findLast(({ timeMs }) => timeMs <= beforeMs)?.seq ?? 0;
  const floor = Math.max(at.floor, at.timeMs <= beforeMs ? at.seq : marked);
  at.floor = floor;
  at.marks = at.marks.filter(({ seq }) => seq >= floor);
  at.left = at.left.filter((row) => row.seq > floor);
  for (const [op, { seq }] of at.operations) if (seq <= floor) at.operations.delete(op);
  for (const [stamp, { seq }] of at.fates) if (seq <= floor) at.fates.delete(stamp);
  const gone = [...at.documents].filter(([, { deleted, seq }]) => deleted && seq <= floor);
  for (const [key, { collection, id }] of gone) {
    at.documents.delete(key);
    at.purged.add(keyOf(collection, purgedDigest(id)));
  }
  return { floor: asSeq(floor), documents: gone.length, more: false };
}

const valuesOf = <K, V>(dated: ReadonlyMap<K, Dated<V>>): Map<K, V> =>
  new Map([...dated].map(([key, { value }]) => [key, value]));

/** What the decision asked for. */
function knownOf(at: Workspace, needs: Needs): Known {
  const keys = needs.documents.map(({ collection, id }) => keyOf(collection, id));
  const purged = needs.documents
    .filter(({ collection, id }) => at.purged.has(keyOf(collection, purgedDigest(id))))
    .map(({ collection, id }) => keyOf(collection, id));
  return {
    documents: pick(at.documents, keys),
    operations: valuesOf(pick(at.operations, needs.operations)),
    fates: valuesOf(pick(at.fates, needs.stamps)),
    purged: new Set(purged.filter((key) => !at.documents.has(key))),
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

/** Writes what was decided and returns which documents changed. */
function apply(at: Workspace, seq: number, timeMs: number, write: CommitWrite): readonly Change[] {
  for (const record of write.operations)
    if (!at.operations.has(record.op)) at.operations.set(record.op, { value: record, seq });
  for (const [stamp, value] of write.fates) at.fates.set(stamp, { value, seq });
  const changes = writeDocuments(at, seq, write);
  if (changes.length > 0) {
    at.seq = seq;
    at.timeMs = timeMs;
    at.marks.push({ timeMs, seq: asSeq(seq) });
  }
  return changes;
}

/** An empty store that lives as long as the object. */
export function openMemoryStore(options: MemoryStoreOptions = {}): Store {
  const { now = Date.now } = options;
  const listeners = commitListeners(options.onListenerFailure);
  const records = openRecords();
  let { epoch, workspaces }: Kept = {
    epoch: asEpoch(randomBytes(8).toString('hex')),
    workspaces: new Map(),
  };

  const workspaceOf = (id: WorkspaceId): Workspace => {
    const known = workspaces.get(id) ?? emptyWorkspace();
    workspaces.set(id, known);
    return known;
  };
  const headOf = (id: WorkspaceId): Head => {
    const { seq, timeMs, floor, survives } = workspaceOf(id);
    const updatedAt = new Date(timeMs).toISOString();
    return { seq: asSeq(seq), updatedAt, epoch, floor: asSeq(floor), survives };
  };

  return {
    head: async (workspace) => headOf(workspace),

    commit: async (workspace, needs, decide) => {
      const at = workspaceOf(workspace);
      const seq = at.seq + 1;
      const timeMs = commitTimeMs(at.timeMs, now());
      const turn = { seq: asSeq(seq), updatedAt: new Date(timeMs).toISOString(), epoch };
      const { write, result } = decide(knownOf(at, needs), turn);

      const changes = apply(at, seq, timeMs, write);
      if (changes.length > 0) listeners.tell({ workspace, seq: asSeq(seq), changes });
      return { result, head: asSeq(changes.length > 0 ? seq : seq - 1) };
    },

    pages: async (workspace, requests) => {
      const head = headOf(workspace);
      const { documents, left } = workspaceOf(workspace);
      const pages = requests(head).map((request) => pageOf(documents, left, head.seq, request));
      return { head, pages };
    },

    get: async (workspace, keys) => {
      const names = keys.map(({ collection, id }) => keyOf(collection, id));
      return [...pick(workspaceOf(workspace).documents, names).values()];
    },

    scan: async (workspace, collection, after, limit) =>
      [...workspaceOf(workspace).documents.values()]
        .filter((one) => one.collection === collection && byCodePoint(one.id, after) > 0)
        .toSorted((one, other) => byCodePoint(one.id, other.id))
        .slice(0, limit),

    purge: async (workspace, beforeMs) => purge(workspaceOf(workspace), beforeMs),

    dump: () => dumpOf({ epoch, workspaces }, records),
    load: async (parts) => {
      ({ epoch, workspaces } = await loaded({ epoch, workspaces }, records, parts));
    },

    onCommit: (listener) => listeners.add(listener),

    ...records,
    close: async () => undefined,
  };
}
