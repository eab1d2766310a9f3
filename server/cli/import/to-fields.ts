// From a row's texts to a document's fields: which column goes where, and what type it becomes.

import type { Collection, DocumentFields, JsonSchema } from '../../../schemas/index.ts';
import { CommandError } from '../../ops/commands.ts';
import type { Values } from './read-rows.ts';

/** By field; nested fields with dots: `position.lat`. */
export interface Mapping {
  readonly columns: ReadonlyMap<string, string>;
  readonly constants: ReadonlyMap<string, string>;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** A time without its zone could be anywhere; only a full one is put into UTC. */
const ZONED_TIME =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;

/**
 * @param map Texts such as `title=name`.
 * @param set Texts such as `kind=airport`.
 * @throws {CommandError} where one names a field that the collection does not have.
 */
export function readMapping(
  collection: Collection,
  map: readonly string[],
  set: readonly string[],
): Mapping {
  const pairs = (texts: readonly string[], option: string, right: string) =>
    new Map(
      texts.map((text) => {
        const at = text.indexOf('=');
        if (at < 1)
          throw new CommandError(
            `"${text}" is no FIELD=${right} for ${option}. COLLECTION and FILE go before the options.`,
          );
        const field = text.slice(0, at);
        if (!hasField(collection, field))
          throw new CommandError(
            `${collection.name} has no field "${field}". Its fields: ${fieldNames(collection).join(', ')}.`,
          );
        return [field, text.slice(at + 1)] as const;
      }),
    );
  return { columns: pairs(map, '--map', 'COLUMN'), constants: pairs(set, '--set', 'VALUE') };
}

const ownSchemas = (collection: Collection): readonly (readonly [string, JsonSchema])[] =>
  collection.ownFields.map((name) => [name, collection.schema.properties[name] ?? {}]);

function hasField(collection: Collection, path: string): boolean {
  const [top = '', ...rest] = path.split('.');
  if (path === collection.primaryKey) return true;
  let schema = ownSchemas(collection).find(([name]) => name === top)?.[1];
  for (const part of rest)
    schema = Object.entries(schema?.properties ?? {}).find(([name]) => name === part)?.[1];
  return schema !== undefined;
}

const fieldNames = (collection: Collection): readonly string[] =>
  ownSchemas(collection).flatMap(([name, { properties }]) =>
    properties === undefined ? [name] : Object.keys(properties).map((part) => `${name}.${part}`),
  );

/** A row's document: what is missing or does not fit is left for the validator to say. */
export interface Made {
  /** Where the mapping names a column for it. */
  readonly id?: string;
  readonly fields: DocumentFields;
}

export function toFields(collection: Collection, mapping: Mapping, values: Values): Made {
  const given = (path: string): unknown => {
    const constant = mapping.constants.get(path);
    if (constant !== undefined) return constant;
    const value = valueAt(values, mapping.columns.get(path) ?? path);
    return value === null ? undefined : value;
  };
  const fields: Record<string, unknown> = {};
  for (const [name, schema] of ownSchemas(collection)) {
    const required = collection.ownRequired.includes(name);
    const value = fieldOf(name, schema, required, given);
    if (value !== undefined) fields[name] = value;
    // What only the server computes is its own to fill.
    else if (required && collection.derived.includes(name) && isNumeric(schema)) fields[name] = 0;
  }
  // A column that happens to be called like the key says nothing about this server's ids.
  const key = collection.primaryKey;
  const hasKey = mapping.columns.has(key) || mapping.constants.has(key);
  const id = hasKey ? given(key) : undefined;
  if (typeof id === 'string') return { id, fields };
  return id === undefined ? { fields } : { id: JSON.stringify(id), fields };
}

/** A value by its column's name or, in JSON, by the path to it. */
export function valueAt(values: Values, name: string): unknown {
  if (values.has(name)) return values.get(name);
  const [top = '', ...rest] = name.split('.');
  let value = values.get(top);
  for (const part of rest) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}

function fieldOf(
  path: string,
  schema: JsonSchema,
  required: boolean,
  given: (path: string) => unknown,
): unknown {
  const value = converted(schema, given(path));
  if (value !== undefined) return value;
  if (schema.properties !== undefined) {
    const parts = Object.entries(schema.properties)
      .map(([name, part]) => {
        const needed = schema.required?.includes(name) === true;
        return [name, fieldOf(`${path}.${name}`, part, needed, given)] as const;
      })
      .filter(([, part]) => part !== undefined);
    return parts.length > 0 ? Object.fromEntries(parts) : undefined;
  }
  return required && mayBeEmpty(schema) ? '' : undefined;
}

const isNumeric = ({ type }: JsonSchema): boolean => type === 'number' || type === 'integer';
const mayBeEmpty = ({ type, minLength, pattern, ...schema }: JsonSchema): boolean =>
  type === 'string' &&
  minLength === undefined &&
  pattern === undefined &&
  schema.enum === undefined;

/** A value of the schema's type where its text can be read as one; otherwise as it is. */
function converted(schema: JsonSchema, value: unknown): unknown {
  if (typeof value === 'number' && schema.type === 'string') return String(value);
  if (typeof value !== 'string') return value;
  const trimmed = value.trim();
  if (schema.format === 'date-time') return trimmed === '' ? undefined : utc(trimmed);
  if (schema.type === 'string') return value;
  if (trimmed === '') return undefined;
  if (isNumeric(schema)) return NUMBER.test(trimmed) ? Number(trimmed) : value;
  if (schema.type === 'boolean') return toBoolean(trimmed) ?? value;
  return parsed(trimmed);
}

const utc = (text: string): string => {
  const time = ZONED_TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? text : new Date(time).toISOString();
};

const toBoolean = (text: string): boolean | undefined =>
  /^(?:true|yes|1)$/i.test(text) ? true : /^(?:false|no|0)$/i.test(text) ? false : undefined;

/** Lists and objects stand in a cell as JSON. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};
