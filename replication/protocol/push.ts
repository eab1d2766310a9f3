// POST /api/sync/push: local writes on their way to be judged.

import {
  anything,
  choice,
  flag,
  integer,
  list,
  object,
  optional,
  record,
  text,
  utcTime,
  type Clock,
  type Envelope,
  type ValueOf,
} from '../../schemas/index.ts';
import { schemaVersions, type SchemaVersions } from './schema-versions.ts';

export const MAX_ROWS = 1_000;
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

export const VERDICTS = ['accepted', 'merged', 'superseded', 'conflict', 'rejected'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a local edit started from. `was` holds the old values of the changed fields. */
export interface Base {
  readonly rev: number;
  readonly clk: Clock;
  readonly vv?: Clock;
  readonly was?: Readonly<Record<string, unknown>>;
}

/** A document on the wire: its primary key, own fields and envelope. */
export type WireDocument = Readonly<Record<string, unknown>> & Partial<Envelope>;

export interface PushRow {
  readonly op: string;
  readonly collection: string;
  readonly doc: WireDocument;
  readonly base?: Base;
  /** In place of a base that the server has lost: the clock that the author had seen. */
  readonly seen?: Clock;
  readonly group?: { readonly id: string; readonly size: number };
}

const clock = record(text(35), 2_000);

/** One row. Checked row by row, so that a bad one never blocks its neighbours. */
export const pushRowSchema = object({
  op: text(64, 1),
  collection: text(31, 1),
  doc: record(anything(), 500),
  base: optional(
    object({
      rev: integer(0, Number.MAX_SAFE_INTEGER),
      clk: clock,
      vv: optional(clock),
      was: optional(record(anything(), 500)),
    }),
  ),
  seen: optional(clock),
  group: optional(object({ id: text(128, 1), size: integer(1, MAX_ROWS) })),
});

/** The request around the rows. */
export const pushRequestSchema = object({
  device: text(10, 10),
  epoch: optional(text(64)),
  resyncing: optional(text(64)),
  schema: schemaVersions(),
  rows: list(anything(), MAX_ROWS),
});
export interface PushRequest {
  readonly device: string;
  readonly epoch?: string;
  /**
   * The history to which the client has given back what it has of the sums of `epoch`, which the
   * server has lost. Otherwise a push that adds to a lost sum is answered 410, and nothing of it is
   * judged.
   */
  readonly resyncing?: string;
  /** Of the rows' collections. */
  readonly schema: SchemaVersions;
  readonly rows: readonly PushRow[];
}

export const pushResultSchema = object({
  op: text(64),
  verdict: choice(VERDICTS),
  duplicate: optional(flag()),
  code: optional(text(64)),
  message: optional(text(1_000)),
  doc: optional(anything()),
});
/** `doc` is there when the stored document differs from the row by more than `commit` says. */
export interface PushResult {
  readonly op: string;
  readonly verdict: Verdict;
  readonly duplicate?: true;
  readonly code?: string;
  readonly message?: string;
  readonly doc?: WireDocument;
}

export const commitSchema = object({
  rev: integer(0, Number.MAX_SAFE_INTEGER),
  updatedAt: utcTime(),
  updatedBy: text(128),
});
/** Fields that the server gave to all rows that were accepted as they are. */
export type Commit = ValueOf<typeof commitSchema>;

export const pushResponseSchema = object({
  results: list(pushResultSchema, MAX_ROWS),
  commit: optional(commitSchema),
  head: integer(0, Number.MAX_SAFE_INTEGER),
  epoch: text(64),
  now: integer(0, Number.MAX_SAFE_INTEGER),
});
export interface PushResponse {
  readonly results: readonly PushResult[];
  /** Missing where nothing was written. */
  readonly commit?: Commit;
  /** The workspace's seq after this push. */
  readonly head: number;
  /** The history that `rev` and `head` count in. */
  readonly epoch: string;
  /** The server's time, in ms since 1970. */
  readonly now: number;
}
