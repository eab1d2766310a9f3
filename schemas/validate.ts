// One compiled validator per collection. Kept out of the browser's bundle: Ajv compiles to code.

import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Collection } from './collection.ts';

/** Why a document does not fit: a sentence that names the field. */
export type Validate = (document: unknown) => string | undefined;

/** Documents of one push mostly carry the same time twice and again. */
let lastUtcTime = '';
const isUtcTime = (value: string): boolean => {
  if (value === lastUtcTime) return true;
  const time = new Date(value);
  if (Number.isNaN(time.getTime()) || time.toISOString() !== value) return false;
  lastUtcTime = value;
  return true;
};

const ajv = new Ajv({ strict: false, validateSchema: false, verbose: true });
ajv.addFormat('date-time', { type: 'string', validate: isUtcTime });

const compiled = new WeakMap<Collection, Validate>();

/**
 * The validator for a collection's documents as clients send them: own fields complete, fields of
 * the envelope well-formed where present.
 */
export function validatorOf(collection: Collection): Validate {
  const known = compiled.get(collection);
  if (known !== undefined) return known;
  const { schema, derived } = collection;
  // What the server adds up may pass the bounds that a field has; nobody can be blamed for sending it back.
  const sums = Object.fromEntries(derived.map((field) => [field, { type: 'number' }]));
  const check = ajv.compile({
    type: 'object',
    properties: { ...schema.properties, ...sums, _deleted: { type: 'boolean' } },
    required: [...collection.ownRequired],
    additionalProperties: false,
  });
  const validate: Validate = (document) =>
    check(document) ? undefined : sentence(check, `This ${collection.label.one}`);
  compiled.set(collection, validate);
  return validate;
}

/** Compiles a wire schema (replication/protocol) likewise; `subject` begins its sentences. */
export function validatorFor(schema: object, subject: string): Validate {
  const check = ajv.compile(schema);
  return (message) => (check(message) ? undefined : sentence(check, subject));
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

/** What is wrong, for the keywords that `field.ts` writes; of others the validator's own words stand. */
const WORDS: Readonly<Record<string, (params: ErrorObject['params']) => string>> = {
  type: ({ type }) => `is not ${TYPES[String(type)]}`,
  required: () => 'is missing',
  additionalProperties: ({ additionalProperty }) =>
    `has an unknown field "${String(additionalProperty)}"`,
  enum: ({ allowedValues }) => `is none of ${(allowedValues as string[]).join(', ')}`,
  pattern: () => 'does not have the right form',
  minLength: ({ limit }) =>
    limit === 1 ? 'is empty' : `has fewer than ${String(limit)} characters`,
  maxLength: ({ limit }) => `has more than ${String(limit)} characters`,
  minimum: ({ limit }) => `is less than ${String(limit)}`,
  maximum: ({ limit }) => `is more than ${String(limit)}`,
  maxItems: ({ limit }) => `has more than ${String(limit)} entries`,
  maxProperties: ({ limit }) => `has more than ${String(limit)} entries`,
};

function sentence(check: ValidateFunction, subject: string): string {
  const error: ErrorObject | undefined = check.errors?.[0];
  if (error === undefined) return 'It does not have the right form.';
  const { keyword, instancePath, params, parentSchema, data, message } = error;
  const missing = keyword === 'required' ? `/${String(params['missingProperty'])}` : '';
  const place = (instancePath + missing).slice(1).replaceAll('/', '.');
  const named = place === '' ? subject : `"${place}"`;
  if (parentSchema?.['format'] === 'date-time' && typeof data === 'string')
    return `${named} is not a UTC time such as 2026-01-31T09:30:00.000Z.`;
  return `${named} ${WORDS[keyword]?.(params) ?? message ?? 'does not have the right form'}.`;
}
