// The reserved fields that every document carries beside its own (docs/architecture.md).

import { integer, record, text, utcTime, type Fields, type JsonSchema } from './field.ts';

const STAMP_LENGTH = 35;
const stamp = text(STAMP_LENGTH, STAMP_LENGTH, '^[0-9a-f]{18}-[0-9a-f]{16}$');
const user = text(128, 0, '^[^\\u0000-\\u001f\\u007f]*$');

/** The names that no collection may declare for itself, in the order in which they are stored. */
export const RESERVED_FIELDS = [
  'clk',
  'vv',
  'rev',
  'createdAt',
  'updatedAt',
  'createdBy',
  'updatedBy',
  '_deleted',
] as const;

export type ReservedField = (typeof RESERVED_FIELDS)[number];
const reserved: ReadonlySet<string> = new Set(RESERVED_FIELDS);
export const isReserved = (field: string): field is ReservedField => reserved.has(field);

/** A document's own fields, its primary key among them. */
export const withoutEnvelope = (
  document: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(document).filter(([field]) => !isReserved(field)));

/** Stamps of a document: `*` created, `-` deleted, `field` or `field/key` last changed. */
export type Clock = Readonly<Record<string, string>>;

/** The reserved fields of a stored document. `rev` is the seq of the commit that wrote it. */
export interface Envelope {
  readonly clk: Clock;
  readonly vv?: Clock;
  readonly rev: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly createdBy: string;
  readonly updatedBy: string;
  readonly _deleted?: boolean;
}

/** Properties for the envelope; the flag `_deleted` is RxDB's own and stands in no schema. */
export const envelopeFields = (withVersionVector: boolean): Fields => ({
  clk: record<JsonSchema>(stamp, 2_000),
  ...(withVersionVector ? { vv: record<JsonSchema>(stamp, 2_000) } : {}),
  rev: integer(0, Number.MAX_SAFE_INTEGER),
  createdAt: utcTime(),
  updatedAt: utcTime(),
  createdBy: user,
  updatedBy: user,
});
