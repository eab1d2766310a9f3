// What the memory store keeps.

import type { Epoch, OperationId, Seq, WorkspaceId } from '../../../replication/core.ts';
import type { OperationRecord, StampFate } from '../port/port.ts';
import type { LeftRow, PlacedDocument } from './page.ts';

/** With the seq that it is purged with. */
export interface Dated<T> {
  readonly value: T;
  readonly seq: number;
}

export interface Workspace {
  seq: number;
  timeMs: number;
  floor: number;
  readonly survives: Map<string, Seq>;
  /** When commits were made; the first one stands first. */
  marks: { readonly timeMs: number; readonly seq: Seq }[];
  readonly documents: Map<string, PlacedDocument>;
  left: LeftRow[];
  readonly operations: Map<OperationId, Dated<OperationRecord>>;
  readonly fates: Map<string, Dated<StampFate>>;
  /** `keyOf` with the digest of the id. */
  readonly purged: Set<string>;
}

/** Beside the records. */
export interface Kept {
  readonly epoch: Epoch;
  readonly workspaces: Map<WorkspaceId, Workspace>;
}

export const emptyWorkspace = (): Workspace => ({
  seq: 0,
  timeMs: 0,
  floor: 0,
  survives: new Map(),
  marks: [],
  documents: new Map(),
  left: [],
  operations: new Map(),
  fates: new Map(),
  purged: new Set(),
});
