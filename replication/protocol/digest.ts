// POST /api/sync/digest: what the member may see of some collections, as one number each, or as a
// list of ids and revs where those differ.

import { anything, integer, list, object, optional, record, text } from '../../schemas/index.ts';

export const MAX_EXCEPT = 10_000;

export const digestRequestSchema = object({
  /** With the ids that don't count: what is unsent on the device. */
  collections: record(object({ except: list(text(128), MAX_EXCEPT) }), 100),
  after: optional(integer(0, Number.MAX_SAFE_INTEGER)),
});
export interface DigestRequest {
  readonly collections: Readonly<Record<string, { readonly except: readonly string[] }>>;
  /** Asks for ids and revs instead, from behind this seq. */
  readonly after?: number;
}

export const digestSchema = object({
  count: integer(0, Number.MAX_SAFE_INTEGER),
  digest: text(16),
  versions: optional(list(anything(), 1_000_000)),
  next: optional(integer(0, Number.MAX_SAFE_INTEGER)),
});
export interface CollectionDigest {
  readonly count: number;
  readonly digest: string;
  /** Id and rev of each document of this page. */
  readonly versions?: readonly (readonly [id: string, rev: number])[];
  /** The `after` of the next page, where there is one. */
  readonly next?: number;
}
export const digestResponseSchema = object({
  collections: record(digestSchema, 100),
  upTo: integer(0, Number.MAX_SAFE_INTEGER),
  now: integer(0, Number.MAX_SAFE_INTEGER),
});
export interface DigestResponse {
  readonly collections: Readonly<Record<string, CollectionDigest>>;
  /** The seq at which all of it was read. */
  readonly upTo: number;
  readonly now: number;
}
