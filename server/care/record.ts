// A feeding as programs outside know it, and as it is stored.

import type { WireDocument } from '../../replication/core.ts';
import {
  anything,
  collections,
  key,
  object,
  optional,
  text,
  type JsonSchema,
} from '../../schemas/index.ts';
import { validatorFor, type Validate } from '../../schemas/validate.ts';
import { HttpProblem } from '../errors.ts';
import { toUtc } from './time.ts';

export const { feedings } = collections;

/** The record's names of the document's fields. */
const FIELDS = {
  feeding_time: 'feedingTime',
  food_type: 'foodType',
  amount_ml: 'amountMl',
  notes: 'notes',
} as const;
type RecordField = keyof typeof FIELDS;
const isRecordField = (name: string): name is RecordField => Object.hasOwn(FIELDS, name);

const like = (name: RecordField): JsonSchema =>
  feedings.schema.properties[FIELDS[name]] ?? anything();
/** Longer than any time, so that a wrong one is told what a time is. */
export const timeText = text(100);
export const rowFields = {
  feeding_time: timeText,
  food_type: optional(like('food_type')),
  amount_ml: optional(like('amount_ml')),
  notes: optional(like('notes')),
};

type Json = Readonly<Record<string, unknown>>;

export type FeedingRecord = Json;

/** The clean record of a document: nothing in it that sync needs. */
export const recordOf = (doc: WireDocument): FeedingRecord => ({
  client_id: doc[feedings.primaryKey],
  ...(doc._deleted === true
    ? { deleted: true }
    : Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, doc[field]]))),
  updated_at: doc.updatedAt,
});

/** The document's fields of a record that has some or all of them. Times must be checked before. */
export const fieldsOf = (record: Json): Json =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      isRecordField(name) ? [[FIELDS[name], value]] : [],
    ),
  );

/** @throws {HttpProblem} `invalid` */
export const refuse = (reason: string): never => {
  throw new HttpProblem('invalid', { detail: `${reason} Nothing was changed.` });
};

/** @throws {HttpProblem} `invalid`, with the name of the field. */
export function requireUtc(name: string, value: string): string {
  return (
    toUtc(value) ??
    refuse(`"${name}" must be a time with its zone such as 2026-01-31T09:30:00Z or +01:00.`)
  );
}

/** @throws {HttpProblem} `invalid`, with the name of the field. */
export function checked(validate: Validate, body: unknown): Json {
  const reason = validate(body);
  if (reason !== undefined) refuse(reason);
  return body as Json;
}

const newFeeding = validatorFor(
  object({
    client_id: key(),
    ...rowFields,
    food_type: like('food_type'),
    amount_ml: like('amount_ml'),
  }),
  'The feeding',
);
const seenVersion = { last_known_version: optional(timeText) };
const changedFeeding = validatorFor(
  object({
    ...rowFields,
    ...seenVersion,
    feeding_time: optional(timeText),
    client_id: optional(key()),
    updated_at: optional(timeText),
  }),
  'The change',
);
const deletedFeeding = validatorFor(object(seenVersion), 'The deletion');

const withUtc = (record: Json): Json => {
  const { feeding_time: time } = record;
  return typeof time === 'string'
    ? { ...record, feeding_time: requireUtc('feeding_time', time) }
    : record;
};

/** The document that a new record stands for. */
export function readNew(body: unknown): WireDocument {
  const record = withUtc(checked(newFeeding, body));
  return { notes: '', ...fieldsOf(record), [feedings.primaryKey]: record['client_id'] };
}

/** The fields that a record changes, and the version that its author saw. */
export function readChanged(
  body: unknown,
  clientId: string,
): { readonly doc: WireDocument; readonly seenAt: string | undefined } {
  const record = withUtc(checked(changedFeeding, body));
  const { client_id: named = clientId } = record;
  if (named !== clientId) refuse('"client_id" is not the one in the address.');
  return { doc: { ...fieldsOf(record), [feedings.primaryKey]: clientId }, seenAt: seenIn(record) };
}

/** The version that the author of a deletion saw. */
export const readSeen = (body: unknown): string | undefined =>
  seenIn(checked(deletedFeeding, body));

function seenIn({ last_known_version: seen }: Json): string | undefined {
  return typeof seen === 'string' ? requireUtc('last_known_version', seen) : undefined;
}
