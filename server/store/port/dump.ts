// A whole store as a row of parts, the same for every kind of store: what `dump` gives, `load` takes.

import type { Epoch, Seq, WorkspaceId } from '../../../replication/core.ts';
import type { DocumentWrite, OperationRecord, StampFate } from './shapes.ts';

interface InWorkspace {
  readonly workspace: WorkspaceId;
}
interface InCollection extends InWorkspace {
  readonly collection: string;
}

/** The store's identity: the epoch of all its workspaces, also of those without a commit. */
export interface StorePart {
  readonly part: 'store';
  readonly epoch: Epoch;
}

export interface RecordPart {
  readonly part: 'record';
  readonly kind: string;
  readonly id: string;
  readonly value: unknown;
}

/** Its head. A workspace of which nothing is kept has no parts at all. */
export interface WorkspacePart extends InWorkspace {
  readonly part: 'workspace';
  readonly seq: Seq;
  readonly updatedAt: string;
  readonly floor: Seq;
  readonly survives: Readonly<Record<string, Seq>>;
}

/** When a commit was made, in ms since 1970; `purge` finds the floor by it. */
export interface MarkPart extends InWorkspace {
  readonly part: 'mark';
  readonly timeMs: number;
  readonly seq: Seq;
}

export interface DocumentPart extends InWorkspace, DocumentWrite {
  readonly part: 'document';
  readonly seq: Seq;
  readonly pos: number;
}

/** The document lost this scope key at this place. */
export interface LeftPart extends InCollection {
  readonly part: 'left';
  readonly seq: Seq;
  readonly pos: number;
  readonly key: string;
  readonly id: string;
}

export interface OperationPart extends InWorkspace, OperationRecord {
  readonly part: 'operation';
  /** With which it is purged. */
  readonly seq: Seq;
}

export interface FatePart extends InWorkspace {
  readonly part: 'fate';
  readonly stamp: string;
  readonly fate: StampFate;
  /** With which it is purged. */
  readonly seq: Seq;
}

/** A purged document by the `purgedDigest` of its id. */
export interface PurgedPart extends InCollection {
  readonly part: 'purged';
  readonly digest: string;
}

/**
 * In this order: the store; records by kind and id; then, workspace by workspace, its head, its marks
 * by time, documents by collection, seq and pos, `left` rows by collection, seq, pos and key,
 * operations by name, fates by stamp, and the purged by collection and digest. Texts are in the order
 * of code points.
 */
export type Part =
  | StorePart
  | RecordPart
  | WorkspacePart
  | MarkPart
  | DocumentPart
  | LeftPart
  | OperationPart
  | FatePart
  | PurgedPart;

/** `load` found a store that keeps something already. Nothing was changed. */
export class StoreNotEmptyError extends Error {}
