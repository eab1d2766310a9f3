// POST /api/sync/pull: everything that changed since each collection's checkpoint.

import {
  anything,
  flag,
  integer,
  list,
  object,
  optional,
  record,
  text,
} from '../../schemas/index.ts';
import type { WireDocument } from './push.ts';
import { schemaVersions, type SchemaVersions } from './schema-versions.ts';

export const MAX_PAGE = 5_000;
export const DEFAULT_PAGE = 1_000;

/** `null` instead of a checkpoint asks from the beginning; Ajv knows no typed null here. */
export const pullRequestSchema = object({
  collections: record(anything(), 100),
  schema: optional(schemaVersions()),
  upTo: optional(integer(0, Number.MAX_SAFE_INTEGER)),
  limit: optional(integer(1, MAX_PAGE)),
});
export interface PullRequest {
  readonly collections: Readonly<Record<string, string | null>>;
  /** For a client that keeps documents in a schema; without it they come as the server has them. */
  readonly schema?: SchemaVersions;
  /** The seq up to which the round reaches; the first page's answer fixes it. */
  readonly upTo?: number;
  /** Documents per collection and page. */
  readonly limit?: number;
}

export const pullPageSchema = object({
  documents: list(anything(), 1_000_000),
  checkpoint: text(200, 1),
  more: flag(),
  left: optional(integer(0, Number.MAX_SAFE_INTEGER)),
});
export interface PullPage {
  readonly documents: readonly WireDocument[];
  readonly checkpoint: string;
  readonly more: boolean;
  /** On a round's first page, if there are more: about how many documents still come. */
  readonly left?: number;
}

export const pullResponseSchema = object({
  collections: record(pullPageSchema, 100),
  epoch: text(64),
  upTo: integer(0, Number.MAX_SAFE_INTEGER),
  now: integer(0, Number.MAX_SAFE_INTEGER),
});
export interface PullResponse {
  readonly collections: Readonly<Record<string, PullPage>>;
  /** Which history the checkpoints belong to; a push names the one its device knows. */
  readonly epoch: string;
  readonly upTo: number;
  readonly now: number;
}
