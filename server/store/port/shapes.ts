// What commits write, and dumps carry.

import type { OperationId, Verdict } from '../../../replication/core.ts';

export interface DocumentKey {
  readonly collection: string;
  readonly id: string;
}

/** A document of this commit. Its text already holds the seq and time given to `decide`. */
export interface DocumentWrite extends DocumentKey {
  readonly deleted: boolean;
  readonly text: string;
  readonly scopeKeys: readonly string[];
  /** Values of the collection's indexed fields, for queries. */
  readonly indexed: Readonly<Record<string, string | number | boolean>>;
}

export interface OperationRecord extends DocumentKey {
  readonly op: OperationId;
  readonly verdict: Verdict;
  readonly code?: string;
}

/** What became of a stamp that was not taken as it came. */
export type StampFate =
  /** Its row was refused: the fields that carry it are lost. */
  | { readonly kind: 'refused' }
  /** It lay in the future: this one stands in its place. */
  | { readonly kind: 'replaced'; readonly by: string };
