// What lies in the database: one MongoDB collection for each kind of row, and the indexes by which
// every query finds its rows. docs/decisions/0006-mongo-layout.md says why it is laid out like this.

import type { Binary, IndexDescription } from 'mongodb';
import { createHash, randomBytes } from 'node:crypto';

/** One for each workspace. Every commit and purge changes `turn` first: that is the workspace's lock. */
export interface HeadRow {
  /** The workspace. */
  readonly _id: string;
  readonly turn: number;
  readonly seq: number;
  readonly timeMs: number;
  readonly epoch: string;
  readonly survives: readonly { readonly epoch: string; readonly seq: number }[];
  readonly floor: number;
  /** When the last commit was made that has a mark. */
  readonly markMs: number;
  /** By collection: the last commit that wrote into it. Pages look no further. */
  readonly last: readonly { readonly c: string; readonly seq: number }[];
  /** The last commit that took a key from a document. */
  readonly leftSeq: number;
  /** Nobody looks for what was never there. */
  readonly hasFates: boolean;
  readonly hasPurged: boolean;
}

/** Every row of a workspace names it: a shard key begins with `w`. */
interface OfWorkspace {
  readonly _id: string;
  readonly w: string;
}

export interface DocumentRow extends OfWorkspace {
  readonly c: string;
  readonly seq: number;
  readonly pos: number;
  readonly deleted: boolean;
  readonly keys: readonly string[];
  /** JSON text, like the body: names with dots and dollars mean nothing to the database. */
  readonly indexed: string;
  readonly body: string;
}

export interface OperationRow extends OfWorkspace {
  readonly seq: number;
  readonly verdict: string;
  readonly code?: string;
  readonly c: string;
  readonly id: string;
}

export interface FateRow extends OfWorkspace {
  readonly seq: number;
  /** Missing where the stamp was refused. */
  readonly by?: string;
}

export interface LeftRow extends OfWorkspace {
  readonly c: string;
  readonly key: string;
  readonly seq: number;
  readonly pos: number;
  readonly id: string;
}

export type PurgedRow = OfWorkspace;

export interface MarkRow extends OfWorkspace {
  readonly timeMs: number;
  readonly seq: number;
}

export interface RecordRow {
  readonly _id: string;
  readonly kind: string;
  readonly id: string;
  /** JSON text. */
  readonly value: string;
}

/** A process that has the store open. */
export interface ProcessRow {
  readonly _id: string;
  /** Rises as long as it lives. */
  readonly beats: number;
  /** Ids of the sessions by which it locks something. */
  readonly sessions: readonly Binary[];
}

/** What is true of the whole database. */
export interface StoreRow {
  readonly _id: 'store';
  readonly layout: number;
  readonly epoch: string;
  /** Something is being loaded, or was and the process ended before it was whole. */
  readonly loading?: true;
}

export const LAYOUT = 1;

export const newEpoch = (): string => randomBytes(8).toString('hex');

/** Names of indexes, which queries name as well: the plan of each is fixed. */
export const BY_ID = '_id_';
export const FEED = 'feed';
export const COUNTS = 'counts';
export const TOMBSTONES = 'tombstones';
export const LOST = 'lost';
export const BY_SEQ = 'by_seq';
export const BY_TIME = 'by_time';

const bySeq: IndexDescription = { name: BY_SEQ, key: { w: 1, seq: 1 } };

export const INDEXES = {
  documents: [
    { name: FEED, key: { w: 1, c: 1, keys: 1, seq: 1, pos: 1 } },
    { name: COUNTS, key: { w: 1, c: 1, seq: 1 } },
    {
      name: TOMBSTONES,
      key: { w: 1, seq: 1 },
      partialFilterExpression: { deleted: true },
    },
  ],
  operations: [bySeq],
  fates: [bySeq],
  left: [{ name: LOST, key: { w: 1, c: 1, key: 1, seq: 1, pos: 1 } }, bySeq],
  purged: [{ name: 'by_workspace', key: { w: 1 } }],
  marks: [{ name: BY_TIME, key: { w: 1, timeMs: 1 } }, bySeq],
} satisfies Record<string, IndexDescription[]>;

/** Collections that are found by `_id` alone. */
export const WITHOUT_INDEXES = ['heads', 'processes', 'records', 'store'] as const;

/**
 * The beginning of all ids of a workspace or kind. JSON says itself where a text ends, so no two
 * different pairs make one id, whatever characters they hold.
 */
export const within = (name: string): string => JSON.stringify(name);

/** The beginning of the ids of a collection's documents. No collection name holds a slash. */
export const inCollection = (workspace: string, collection: string): string =>
  `${within(workspace)}${collection}/`;

/** A workspace has at most one mark for each moment. */
export const markId = (workspace: string, timeMs: number): string =>
  `${within(workspace)}${timeMs}`;

const DIGEST_BYTES = 8;

/** Of a purged document only this stays. */
export const purgedId = (workspace: string, collection: string, id: string): string =>
  inCollection(workspace, collection) +
  createHash('sha256')
    .update(id)
    .digest('hex')
    .slice(0, 2 * DIGEST_BYTES);
