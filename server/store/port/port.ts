// What a store keeps and promises. Everything above it is the same on SQLite, MongoDB and memory.
//
// Promises, cited by number in test/contract/store.contract.ts:
//  1. Commits of one workspace are serial; the order of seq is the order of commits and the order
//     in which readers see them. A seq is given inside the commit, without gaps, never twice.
//  2. A reader sees a prefix of commits; one read is one snapshot.
//  3. An acknowledged commit survives `kill -9` and power loss. (Memory keeps it for its lifetime.)
//  4. Listeners hear of a commit after it, in the order of seq, once. A notice without changes may
//     stand for the commits before it as well, where other processes made them.
//  5. `decide` sees what was committed before and nothing else. It is synchronous, may run more than
//     once, and only its last run counts; when it throws, nothing is changed and no seq is used.
//  6. A commit that writes no document and no `left` row uses no seq, but keeps its records.
//  7. `updatedAt` rises strictly from commit to commit, also when the clock is set back.
//  8. A commit that takes a scope key from a document leaves a `left` row for that key.
//  9. A page holds, in the order of seq and pos, the documents of the collection whose keys meet the
//     reader's, and as bare tombstones the `left` rows of the reader's keys whose documents now meet
//     none of them (never in a page from the beginning). It is filled after filtering and never cuts
//     a commit. It has at most `limit` documents and about MAX_PAGE_BYTES of text, unless its first
//     commit alone has more. A document that left twice within a
//     page is given once, where it left first; both count towards the limit. A page that is asked for
//     it says how many documents lie behind it, whoever may read them.
// 10. A document's text comes back byte for byte, whatever its keys and values.
// 11. Workspaces never see each other.
// 12. Records (accounts, keys, settings) change in one atomic, durable write. Of several that replace
//     the same value at once, one is carried out.
// 13. `purge` moves the floor up, never above the last commit that was made by the given moment (and
//     at most MARK_INTERVAL_MS of commits below it). In the same transaction goes what lies at or
//     below the floor: tombstones, `left` rows, records of operations and fates of stamps; of each
//     tombstone `purged` remembers its place. One call does a bounded part of the work.
// 14. `head` knows each earlier epoch of a restored store, and the seq up to which it survives.
// 15. `dump` gives all that the store keeps, as of one moment, in the order that dump.ts names; commits
//     go on meanwhile.
// 16. `load` makes a store that keeps nothing the one that was dumped: epoch, heads, pages, and all
//     that decisions know. It refuses one that keeps something. Where the parts end in an error, the
//     store keeps nothing, as before; where the process ends meanwhile, the store keeps nothing or
//     cannot be opened until it was emptied.

import type { Epoch, OperationId, Seq, WorkspaceId } from '../../../replication/core.ts';
import type { Part } from './dump.ts';
import type { DocumentKey, DocumentWrite, OperationRecord, StampFate } from './shapes.ts';

export type { DocumentKey, DocumentWrite, OperationRecord, StampFate };

/** Roughly the most text in one page. */
export const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** How exactly a store knows when its commits were made. */
export const MARK_INTERVAL_MS = 60_000;

export interface StoredDocument extends DocumentKey {
  readonly seq: Seq;
  readonly deleted: boolean;
  /** The whole document as JSON text, as it goes out. */
  readonly text: string;
  readonly scopeKeys: readonly string[];
}

/** What a decision needs to know, read in one go before it. */
export interface Needs {
  readonly documents: readonly DocumentKey[];
  readonly operations: readonly OperationId[];
  readonly stamps: readonly string[];
}

export interface Known {
  /** By `keyOf(collection, id)`. */
  readonly documents: ReadonlyMap<string, StoredDocument>;
  readonly operations: ReadonlyMap<OperationId, OperationRecord>;
  readonly fates: ReadonlyMap<string, StampFate>;
  /** By `keyOf`: documents that were asked for, are not there, and were purged after their delete. */
  readonly purged: ReadonlySet<string>;
}

export interface CommitTurn {
  /** The seq that this commit will have if it writes documents. */
  readonly seq: Seq;
  /** Its time: ISO 8601, UTC. */
  readonly updatedAt: string;
  readonly epoch: Epoch;
}

export interface CommitWrite {
  /** In the order of `pos`. At most one entry for a document. */
  readonly documents: readonly DocumentWrite[];
  /** An operation that has a record already keeps it. */
  readonly operations: readonly OperationRecord[];
  readonly fates: readonly (readonly [stamp: string, fate: StampFate])[];
}

export interface Decision<T> {
  readonly write: CommitWrite;
  readonly result: T;
}

export interface Committed<T> {
  readonly result: T;
  /** The workspace's seq after it. */
  readonly head: Seq;
}

export interface Head {
  readonly seq: Seq;
  readonly updatedAt: string;
  readonly epoch: Epoch;
  /** The seq up to which tombstones have been purged; 0 where none have. */
  readonly floor: Seq;
  /** By earlier epoch: the seq up to which its history is part of this one. */
  readonly survives: ReadonlyMap<string, Seq>;
}

export interface PageRequest {
  readonly collection: string;
  readonly scopeKeys: readonly string[];
  /** Exclusive. 0 reads from the beginning. */
  readonly after: Seq;
  /** Inclusive. */
  readonly upTo: Seq;
  readonly limit: number;
  /** Name of the primary key, for bare tombstones. */
  readonly primaryKey: string;
  /** Whether to say how many documents come after the page. */
  readonly counts?: boolean;
}

export interface Page {
  /** The documents' texts joined by commas, in UTF-8. */
  readonly documents: Uint8Array;
  readonly count: number;
  /** The seq up to which the page is complete: `upTo` where there is no more. Never below `after`. */
  readonly reached: Seq;
  readonly more: boolean;
  /** Where asked for: how many documents lie behind it up to `upTo`, whoever may read them. */
  readonly left?: number;
}

/** A document with what the store keeps beside its text. */
export interface ScannedDocument extends StoredDocument {
  readonly indexed: DocumentWrite['indexed'];
}

export interface Purged {
  readonly floor: Seq;
  /** Documents whose tombstones this call removed. */
  readonly documents: number;
  /** Whether there is more to purge for the same moment. */
  readonly more: boolean;
}

/** One document's place in a commit, as listeners get it. */
export interface Change extends DocumentKey {
  readonly text: string;
  readonly scopeKeys: readonly string[];
  /** Keys that this commit took away. */
  readonly lostKeys: readonly string[];
}

export interface CommitNotice {
  readonly workspace: WorkspaceId;
  readonly seq: Seq;
  /** Missing where the store only knows that something happened; readers then read. */
  readonly changes?: readonly Change[];
}

export interface RecordWrite {
  readonly kind: string;
  readonly id: string;
  /** A JSON value; `undefined` deletes. */
  readonly value: unknown;
  /**
   * Refuse the whole write where the record is not this one now; `undefined` where there must be
   * none. Compared as JSON text, so best with a value as it was read.
   */
  readonly onlyIf?: { readonly was: unknown };
}

/** The store could not read or write: a full disk, a lost connection. Nothing was changed. */
export class StoreFailedError extends Error {}

/** The database cannot be reached or is too busy: whatever is asked next would wait as long. */
export class StoreUnavailableError extends StoreFailedError {}

/** Whether the commit was made is not known. Sent again, its operations settle it. */
export class CommitUnknownError extends StoreUnavailableError {}

/** The database takes nothing so large. Nothing was changed, and sending it again helps nobody. */
export class StoreLimitError extends Error {}

/** Every call that fails for the store's own reasons rejects with one of the errors above. */
export interface Store {
  /** Whether no other process can have it open while this one does. */
  readonly exclusive?: true;
  head(workspace: WorkspaceId): Promise<Head>;
  commit<T>(
    workspace: WorkspaceId,
    needs: Needs,
    decide: (known: Known, turn: CommitTurn) => Decision<T>,
  ): Promise<Committed<T>>;
  /** Several pages of one snapshot, with the head that they were read at. */
  pages(
    workspace: WorkspaceId,
    requests: (head: Head) => readonly PageRequest[],
  ): Promise<{ readonly head: Head; readonly pages: readonly Page[] }>;
  get(workspace: WorkspaceId, keys: readonly DocumentKey[]): Promise<readonly StoredDocument[]>;
  /** Documents of a collection, tombstones too, whoever may read them: in the order of ids, after one. */
  scan(
    workspace: WorkspaceId,
    collection: string,
    after: string,
    limit: number,
  ): Promise<readonly ScannedDocument[]>;
  /** Purges a part of what was committed by `beforeMs`. */
  purge(workspace: WorkspaceId, beforeMs: number): Promise<Purged>;
  /** Copies everything, as of one moment, into a new file. Where missing, the database has its own way. */
  readonly backup?: (file: string) => Promise<void>;
  /** One part after the other; memory does not grow with their number. */
  dump(): AsyncIterable<Part>;
  /**
   * The only call on this store until it has ended; listeners hear nothing of it.
   *
   * @throws {StoreNotEmptyError} of dump.ts, and whatever the parts end with.
   */
  load(parts: AsyncIterable<Part>): Promise<void>;
  /** Whether another process uses the same data. Missing where none can. */
  readonly isShared?: () => Promise<boolean>;
  /**
   * For data that the database's own tools have put back: an epoch that knows how much of the one
   * before it has. No other process may use them meanwhile.
   */
  readonly beginEpoch?: () => Promise<void>;
  /** Returns the call that stops listening. */
  onCommit(listener: (notice: CommitNotice) => void): () => void;

  record(kind: string, id: string): Promise<unknown>;
  /** Records of a kind whose id begins with `prefix`, in the order of ids by code point. */
  records(
    kind: string,
    prefix: string,
  ): Promise<readonly { readonly id: string; readonly value: unknown }[]>;
  /** False, with nothing changed, where a record was not what its `onlyIf` says. */
  writeRecords(writes: readonly RecordWrite[]): Promise<boolean>;

  close(): Promise<void>;
}

/** One text for a document's place, for maps. No collection name holds a slash. */
export const keyOf = (collection: string, id: string): string => `${collection}/${id}`;
