// A refused version as a form: which of its fields can be changed, how each is asked for, what is
// wrong with what was typed, and the edits to try again with. All of it follows from the schema.

import { entriesOf, valueAt } from '../../../replication/index.ts';
import { FORM_TEMPLATES, type Collection, type JsonSchema } from '../../../schemas/index.ts';
import { minuteOf, momentsOf } from '../care/clock.ts';
import { formatNumber } from '../format.ts';
import { inOrder, labelOf } from '../inbox/faces.ts';
import { isOwn } from '../inbox/settle.ts';

/** A version that was refused, or that waits to be sent. */
export interface WrittenVersion {
  readonly collection: string;
  readonly id: string;
  readonly doc: Readonly<Record<string, unknown>>;
  /** The fields, or keys of them, that were changed; without them, all are meant. */
  readonly changed?: readonly string[];
}

/** As inputs hold it; a number is text while it is none. */
export type Typed = string | number | boolean;
export type Form = Readonly<Record<string, Typed>>;

export interface EditField {
  /** Names it in the form of a whole group. */
  readonly key: string;
  /** The record it belongs to, as `collection/id`, and the field in it, or `field/key`. */
  readonly record: string;
  readonly entry: string;
  readonly label: string;
  readonly input: 'line' | 'text' | 'number' | 'choice' | 'flag' | 'date' | 'time' | 'none';
  readonly choices: readonly string[];
  readonly limits: JsonSchema;
  readonly value: unknown;
}

/** Longer text gets a box of several lines. */
const LINE = 200;

const schemaOf = ({ schema }: Collection, entry: string): JsonSchema => {
  const [field = '', key] = entry.split('/');
  const found = schema.properties[field] ?? {};
  if (key === undefined) return found;
  return typeof found.additionalProperties === 'object' ? found.additionalProperties : {};
};

/** The question of a form that an entry answers. */
const questionOf = (entry: string) => {
  const [, key] = entry.split('/');
  return FORM_TEMPLATES.flatMap(({ questions }) => questions).find(
    (one) => key !== undefined && one.key === key,
  );
};

/** What a form's question offers; other fields offer what their schema names. */
const choicesOf = (entry: string, schema: JsonSchema): readonly string[] => {
  if (schema.enum) return schema.enum;
  const question = questionOf(entry);
  return question?.kind === 'yesNo' ? ['yes', 'no'] : (question?.choices ?? []);
};

/** What a record belongs to, and which form it is, stays as it is. */
const isGiven = ({ name, references }: Collection, entry: string): boolean =>
  Object.hasOwn(references, entry) || (name === 'forms' && entry === 'template');

const inputOf = (
  collection: Collection,
  entry: string,
  schema: JsonSchema,
  choices: readonly string[],
): EditField['input'] => {
  if (isGiven(collection, entry)) return 'none';
  if (choices.length > 0) return 'choice';
  if (schema.format === 'date-time') return 'time';
  if (questionOf(entry)?.kind === 'date') return 'date';
  if (schema.type === 'boolean') return 'flag';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type !== 'string') return 'none';
  return (schema.maxLength ?? 0) > LINE ? 'text' : 'line';
};

/** The fields that were written, in the order of the record's own form. */
export const editFieldsOf = (
  collection: Collection,
  write: WrittenVersion,
): readonly EditField[] => {
  const { id, doc, changed } = write;
  if (doc['_deleted'] === true) return [];
  const entries = [...(changed ?? entriesOf(collection, doc))];
  const record = `${write.collection}/${id}`;
  return inOrder(
    write.collection,
    entries.filter((entry) => isOwn(collection, entry)),
  ).map((entry) => {
    const limits = schemaOf(collection, entry);
    const value = valueAt(collection, doc, entry);
    const offered = choicesOf(entry, limits);
    // A value that is not offered any more is not taken away unasked.
    const choices =
      offered.length > 0 && typeof value === 'string' && !offered.includes(value)
        ? [value, ...offered]
        : offered;
    const input = inputOf(collection, entry, limits, choices);
    const label = labelOf(write.collection, entry);
    return { key: `${record} ${entry}`, record, entry, label, input, choices, limits, value };
  });
};

const typedOf = ({ input, value }: EditField, zone: string): Typed => {
  if (input === 'flag') return value === true;
  if (input === 'number') return typeof value === 'number' ? value : '';
  if (input === 'time') return minuteOf(Date.parse(String(value)), zone);
  return typeof value === 'string' ? value : '';
};

/** What the form starts from. */
export const formOf = (fields: readonly EditField[], zone: string): Form =>
  Object.fromEntries(
    fields
      .filter(({ input }) => input !== 'none')
      .map((field) => [field.key, typedOf(field, zone)] as const),
  );

const wrongNumber = (typed: Typed, { type, minimum, maximum }: JsonSchema): string | undefined => {
  if (typeof typed !== 'number' || Number.isNaN(typed)) return 'Enter a number.';
  if (typed < (minimum ?? -Infinity) || typed > (maximum ?? Infinity))
    return `Enter a number from ${formatNumber(minimum ?? -Infinity)} to ${formatNumber(maximum ?? Infinity)}.`;
  return type === 'integer' && !Number.isInteger(typed) ? 'Enter a whole number.' : undefined;
};

const wrongText = (typed: Typed, limits: JsonSchema): string | undefined => {
  const { length } = String(typed);
  const { minLength = 0, maxLength = Infinity, pattern } = limits;
  if (length < minLength) return 'Enter something.';
  if (length > maxLength)
    return `This has ${formatNumber(length)} characters. Use at most ${formatNumber(maxLength)}.`;
  if (pattern !== undefined && !new RegExp(pattern).test(String(typed)))
    return 'This is not of the expected form.';
  return undefined;
};

const wrong = ({ input, limits }: EditField, typed: Typed, zone: string): string | undefined => {
  switch (input) {
    case 'number':
      return wrongNumber(typed, limits);
    case 'line':
    case 'text':
      return wrongText(typed, limits);
    case 'date':
      return Number.isNaN(Date.parse(String(typed))) ? 'Enter a date.' : undefined;
    case 'time':
      return momentsOf(String(typed), zone).length === 0 ? 'Enter a date and a time.' : undefined;
    case 'choice':
    case 'flag':
    case 'none':
      return undefined;
  }
};

/** What is wrong with each field, in a sentence; what was not touched is the server's to judge. */
export const checkEdits = (
  fields: readonly EditField[],
  form: Form,
  zone: string,
): Partial<Record<string, string>> => {
  const before = formOf(fields, zone);
  const problems: Partial<Record<string, string>> = {};
  for (const field of fields) {
    const typed = form[field.key];
    if (typed === undefined || typed === before[field.key]) continue;
    const problem = wrong(field, typed, zone);
    if (problem !== undefined) problems[field.key] = problem;
  }
  return problems;
};

/** Only what differs, by record and field. */
export const editsOf = (
  fields: readonly EditField[],
  form: Form,
  zone: string,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> => {
  const before = formOf(fields, zone);
  const edits: Record<string, Record<string, unknown>> = {};
  for (const { key, record, entry, input } of fields) {
    const typed = form[key];
    if (typed === undefined || typed === before[key]) continue;
    const [moment = 0] = input === 'time' ? momentsOf(String(typed), zone) : [];
    const value = input === 'time' ? new Date(moment).toISOString() : typed;
    edits[record] = { ...edits[record], [entry]: value };
  }
  return edits;
};
