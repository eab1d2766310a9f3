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

function sentence(check: ValidateFunction, subject: string): string {
  const error: ErrorObject | undefined = check.errors?.[0];
  if (error === undefined) return 'It does not have the right form.';
  const place = error.instancePath.slice(1).replaceAll('/', '.');
  const named = place === '' ? subject : `"${place}"`;
  if (error.keyword === 'additionalProperties')
    return `${named} has an unknown field "${String(error.params['additionalProperty'])}".`;
  if (error.keyword === 'required')
    return `${named} lacks the field "${String(error.params['missingProperty'])}".`;
  if (error.keyword === 'enum')
    return `${named} must be one of ${(error.params['allowedValues'] as string[]).join(', ')}.`;
  if (error.parentSchema?.['format'] === 'date-time' && typeof error.data === 'string')
    return `${named} must be a UTC time such as 2026-01-31T09:30:00.000Z.`;
  return `${named} ${error.message ?? 'does not have the right form'}.`;
}
