// The vocabulary in which documents and messages are described: JSON Schema that carries its
// TypeScript type along, so that types, validators and RxDB schemas have one source.

/** The part of JSON Schema (draft 7) that RxDB and Ajv both understand. */
export interface JsonSchema {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly items?: JsonSchema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly maxProperties?: number;
}

declare const typeOf: unique symbol;
const OPTIONAL = Symbol('optional');

/** A schema whose values have the type T. The type exists only for the compiler. */
export type Field<T> = JsonSchema & { readonly [typeOf]?: T };
/** A field that may be missing. */
export type OptionalField<T> = Field<T> & { readonly [OPTIONAL]: true };
export type Fields = Readonly<Record<string, JsonSchema>>;

type TypeOf<F> = F extends { readonly [typeOf]?: infer T } ? T : unknown;
type OptionalKeys<P> = {
  [K in keyof P]: P[K] extends { readonly [OPTIONAL]: true } ? K : never;
}[keyof P];
type Flatten<T> = { [K in keyof T]: T[K] };
/** The TypeScript type of an object with these fields. */
export type ObjectOf<P> = Flatten<
  { readonly [K in Exclude<keyof P, OptionalKeys<P>>]: TypeOf<P[K]> } & {
    readonly [K in OptionalKeys<P>]?: TypeOf<P[K]>;
  }
>;
/** The TypeScript type that a field describes. */
export type ValueOf<F> = TypeOf<F>;

/** Text of at most `maxLength` UTF-16 code units, and of this form where a pattern is given. */
export const text = (maxLength: number, minLength = 0, pattern?: string): Field<string> => ({
  type: 'string',
  maxLength,
  ...(minLength > 0 ? { minLength } : {}),
  ...(pattern === undefined ? {} : { pattern }),
});

/** A document's primary key: checked text, never empty, without control characters. */
export const key = (maxLength = 128): Field<string> => ({
  type: 'string',
  minLength: 1,
  maxLength,
  pattern: '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]+$',
});

/** A point in time: ISO 8601, UTC, with milliseconds; 24 characters that sort by time. */
export const utcTime = (): Field<string> => ({
  type: 'string',
  minLength: 24,
  maxLength: 24,
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  format: 'date-time',
});

/** A whole number; money is always one, in the currency's minor unit. */
export const integer = (minimum: number, maximum: number): Field<number> => ({
  type: 'integer',
  minimum,
  maximum,
  multipleOf: 1,
});

export const decimal = (minimum: number, maximum: number): Field<number> => ({
  type: 'number',
  minimum,
  maximum,
});

export const flag = (): Field<boolean> => ({ type: 'boolean' });

export const choice = <const V extends readonly string[]>(values: V): Field<V[number]> => ({
  type: 'string',
  enum: values,
  maxLength: Math.max(...values.map((value) => value.length)),
});

export const list = <F extends JsonSchema>(
  items: F,
  maxItems: number,
): Field<readonly TypeOf<F>[]> => ({ type: 'array', items, maxItems });

/** An object with exactly these fields. */
export const object = <const P extends Fields>(properties: P): Field<ObjectOf<P>> => ({
  type: 'object',
  properties,
  required: requiredKeys(properties),
  additionalProperties: false,
});

/** An object with any keys, all of whose values fit `values`. */
export const record = <F extends JsonSchema>(
  values: F,
  maxProperties: number,
): Field<Readonly<Record<string, TypeOf<F>>>> => ({
  type: 'object',
  additionalProperties: values,
  maxProperties,
});

export const optional = <F extends JsonSchema>(field: F): OptionalField<TypeOf<F>> => ({
  ...field,
  [OPTIONAL]: true,
});

/** Any JSON value; only for messages that carry documents of unknown collections. */
export const anything = (): Field<unknown> => ({});

export const requiredKeys = (properties: Fields): readonly string[] =>
  Object.keys(properties).filter((name) => !(OPTIONAL in (properties[name] ?? {})));
