// What a pushed row has become once it is known to be well-formed: something to decide about.

import type { Collection } from '../../schemas/index.ts';
import type {
  Base,
  OperationId,
  PushRow,
  UserId,
  Verdict,
  WireDocument,
} from '../../replication/core.ts';

/** Who writes. */
export interface Author {
  readonly user: UserId;
  readonly role: Collection['access']['write'][number];
  readonly readOnly: boolean;
}

export interface Place {
  readonly collection: Collection;
  readonly id: string;
}

interface CandidateBase extends Place {
  readonly deleted: boolean;
  readonly group?: { readonly id: string; readonly size: number };
}

/** A row of a client that stamps its writes. */
export interface StampedCandidate extends CandidateBase {
  readonly kind: 'stamped';
  readonly op: OperationId;
  readonly doc: WireDocument;
  readonly clk: Readonly<Record<string, string>>;
  readonly base?: Base;
  readonly seen?: PushRow['seen'];
  /** Of a row made from a plain one: the entries that others changed after what it assumed. */
  readonly contested?: readonly string[];
}

/** A row of a client without clocks: what it assumed, and what it wants. */
export interface PlainCandidate extends CandidateBase {
  readonly kind: 'plain';
  /** Names the content, for the inbox. */
  readonly op: string;
  readonly doc: WireDocument;
  readonly assumed?: WireDocument;
  /**
   * In place of `assumed`: the row changes what is stored, whatever that is, or only the version
   * that was written at `seenAt`. Fields that `doc` lacks stay as they are.
   */
  readonly onto?: { readonly seenAt?: string };
}

export type Candidate = StampedCandidate | PlainCandidate;

/** A row that can't even be decided about. */
export interface Refusal {
  readonly kind: 'refused';
  readonly op: string;
  readonly code: RefusalCode;
  readonly message: string;
  readonly group?: { readonly id: string; readonly size: number };
  /** Which document it was about, so that its sender can be told how that stands. */
  readonly place?: Place;
  /** Where the row was readable, so that its stamps can be remembered. */
  readonly candidate?: StampedCandidate;
}

export const REFUSALS = {
  bad_row: 'The row is malformed.',
  bad_operation: 'The operation id does not belong to the row.',
  bad_stamp: 'The clock of the document is malformed.',
  unknown_collection: 'This server has no such collection.',
  schema_version: 'The push does not say of which version this is. Name it in "schema".',
  forbidden_key: 'It has a name inside that is not allowed.',
  invalid: 'It does not have the right form.',
  too_large: 'It is too large.',
  forbidden: 'You may look at this but not change it.',
  read_only: 'This key may only read. Use one that may write.',
  group_incomplete: 'Changes that belong together did not arrive together.',
  group_refused: 'Another change that belongs to it was not accepted.',
  immutable: 'It has a field that does not change after it was made.',
  refused_before: 'It builds on something that was not accepted.',
  not_there: 'There is nothing under this id that could be changed.',
  missing_reference: 'It belongs to something that is not there.',
  below_floor: 'There is not enough left.',
  not_open: 'This is not waiting for a decision any more.',
  moved_on: 'It was changed meanwhile. Look at the new version and decide again.',
  settled_before: 'Somebody else has settled this already.',
  concurrent: 'Somebody else changed this too. Choose which version stands.',
  overtaken: 'Somebody else changed this first. Their version stands.',
  overwritten: 'It took the place of somebody else’s change.',
  deleted: 'It was deleted meanwhile. Make a new one to keep your version.',
  gone: 'It was deleted long ago. Make a new one to keep your version.',
  merged: 'Other people changed some of it meanwhile.',
} as const;
export type RefusalCode = keyof typeof REFUSALS;

/** How a row ended, before it is put into words for its sender. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly code?: string;
  readonly message?: string;
  readonly duplicate?: true;
}
