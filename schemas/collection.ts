// A kind of document, described once. Everything else about it (RxDB schema, validator, types,
// endpoints) is derived from what stands here.

import { everyoneReadsMembersWrite, WORKSPACE_SCOPE, type AccessRules } from './access.ts';
import { envelopeFields, isReserved, type Envelope } from './envelope.ts';
import { checkMigrations, type Migration } from './migration.ts';
import { key, requiredKeys, type Fields, type JsonSchema, type ObjectOf } from './field.ts';
import type { Policy } from './policy.ts';
import type { Random } from './random.ts';

/** What a sample generator may use: randomness, ids made so far by collection, a moment (ms). */
export interface SampleContext {
  readonly random: Random;
  readonly nowMs: number;
  readonly idOf: (collection: string) => string;
}

export type DocumentFields = Readonly<Record<string, unknown>>;

export interface CollectionInput<P extends Fields> {
  readonly name: string;
  /** In people's words, for screens and messages. */
  readonly label: { readonly one: string; readonly many: string };
  /** Raised by one with every change of the fields. */
  readonly version: number;
  /** By version: what makes a document of the version before into one of it. All steps from 1. */
  readonly migrations?: Readonly<Record<number, Migration>>;
  readonly primaryKey?: string;
  /** The document's own fields, without the primary key and the envelope. */
  readonly fields: P;
  readonly primaryKeyField?: JsonSchema;
  readonly indexes?: readonly (keyof P & string)[];
  /** The field by which people know a document. */
  readonly nameField?: keyof P & string;
  /** Of a number by which people know it. */
  readonly nameUnit?: string;
  /** The point in time that tells documents of one name apart. */
  readonly nameTime?: keyof P & string;
  readonly policy: Policy;
  /** Keep a version vector beside the clock; always so for manual settlement. */
  readonly versionVector?: boolean;
  /** Fields that never change after creation; `true` for all. */
  readonly immutable?: true | readonly (keyof P & string)[];
  /** Fields that stay changeable where all others are immutable. */
  readonly mutable?: readonly (keyof P & string)[];
  /** Fields that only the server computes: each a sum over documents of another collection. */
  readonly derived?: Readonly<Partial<Record<keyof P & string, SumRule>>>;
  /** Which field holds the id of which collection's document. */
  readonly references?: Readonly<Partial<Record<keyof P & string, string>>>;
  /** References that also hold when their document has been deleted. */
  readonly outlives?: readonly (keyof P & string)[];
  /** Lower goes first within one push. */
  readonly pushPriority?: number;
  /** Largest document as JSON text in UTF-8. */
  readonly maxBytes?: number;
  readonly access?: AccessRules;
  /** The keys under which a document may be read. */
  readonly scopeKeys?: (document: NoInfer<ObjectOf<P>>) => readonly string[];
  /** Values are checked by the tests, against the schema. */
  readonly sample: (context: SampleContext) => Readonly<Partial<Record<keyof P, unknown>>>;
}

/** A derived field: the sum of `amount` over the documents of `from` whose `by` names this one. */
export interface SumRule {
  readonly from: string;
  readonly amount: string;
  readonly by: string;
  /** What the sum should not fall below; the workspace says what happens when it would. */
  readonly floor?: number;
}

/** The JSON schema that RxDB's `addCollections` takes. */
export interface CollectionSchema {
  readonly version: number;
  readonly title: string;
  readonly type: 'object';
  readonly primaryKey: string;
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  readonly indexes: readonly string[];
  readonly additionalProperties: false;
}

export interface Collection {
  readonly name: string;
  readonly label: { readonly one: string; readonly many: string };
  readonly version: number;
  readonly migrations: Readonly<Record<number, Migration>>;
  readonly primaryKey: string;
  /** Names of the document's own fields, the primary key not among them. */
  readonly ownFields: readonly string[];
  /** The primary key and those of `ownFields` that every document has. */
  readonly ownRequired: readonly string[];
  readonly schema: CollectionSchema;
  readonly nameField: string | undefined;
  readonly nameUnit: string | undefined;
  readonly nameTime: string | undefined;
  readonly policy: Policy;
  readonly versionVector: boolean;
  readonly immutable: readonly string[];
  readonly derived: readonly string[];
  readonly sums: Readonly<Record<string, SumRule>>;
  readonly references: Readonly<Record<string, string>>;
  readonly outlives: readonly string[];
  readonly pushPriority: number;
  readonly maxBytes: number;
  readonly access: AccessRules;
  readonly scopeKeys: (document: DocumentFields) => readonly string[];
  readonly sample: (context: SampleContext) => DocumentFields;
}

declare const fieldsOf: unique symbol;
/** A collection that remembers its fields for the compiler. */
export type CollectionOf<P> = Collection & { readonly [fieldsOf]?: P };

/** The stored document of a collection: its own fields, its `id` and the envelope. */
export type DocumentOf<C> =
  C extends CollectionOf<infer P> ? ObjectOf<P> & { readonly id: string } & Envelope : never;

/** Members of RxDB's documents, which a field of the same name would hide (RxDB, SC17). */
const RXDB_MEMBERS: ReadonlySet<string> = new Set(
  `collection isInstanceOfRxDocument primaryPath primary revision deleted getLatest populate get
  toJSON toMutableJSON update incrementalUpdate updateCRDT putAttachment putAttachmentBase64
  getAttachment allAttachments modify incrementalModify patch incrementalPatch remove
  incrementalRemove close`.split(/\s+/),
);
const NAME = /^[a-z][a-z0-9-]{0,30}$/;
const FIELD_NAME = /^[a-zA-Z](?:[a-zA-Z0-9_]*[a-zA-Z0-9])?$/;

interface Names {
  readonly primaryKey: string;
  readonly ownFields: readonly string[];
  readonly ownRequired: readonly string[];
  readonly indexes: readonly string[];
  readonly immutable: readonly string[];
}

/** Throws where something is declared that nobody could keep. */
function check(
  input: Pick<
    CollectionInput<Fields>,
    | 'name'
    | 'fields'
    | 'policy'
    | 'derived'
    | 'references'
    | 'outlives'
    | 'nameField'
    | 'nameUnit'
    | 'nameTime'
  >,
  { primaryKey, ownFields, ownRequired, indexes, immutable }: Names,
): void {
  const wrong = (reason: string): never => {
    throw new Error(`Collection "${input.name}": ${reason}`);
  };
  if (!NAME.test(input.name)) wrong('a name is 1 to 31 of a-z, 0-9 and -, a letter first.');
  for (const field of [primaryKey, ...ownFields]) {
    if (isReserved(field)) wrong(`the field "${field}" is reserved.`);
    if (!FIELD_NAME.test(field) || RXDB_MEMBERS.has(field))
      wrong(`RxDB can't keep a field with the name "${field}".`);
  }
  for (const field of indexes)
    if (!ownRequired.includes(field)) wrong(`"${field}" is indexed, so it must be required.`);
  const perKey = input.policy.kind === 'fieldLww' ? input.policy.perKey : [];
  for (const field of perKey)
    if (!ownRequired.includes(field)) wrong(`"${field}" merges by key, so it must be required.`);
  const { nameField = '', nameUnit, nameTime } = input;
  const isNumber = /^(?:number|integer)$/.test(input.fields[nameField]?.type ?? '');
  if (nameUnit !== undefined && !isNumber)
    wrong('a unit of the name needs a name that is a number.');
  if (nameTime !== undefined && input.fields[nameTime]?.format !== 'date-time')
    wrong('the time of a name needs a field that is a point in time.');
  const named = nameField === '' ? [] : [nameField];
  const ruled = [
    ...named,
    ...indexes,
    ...immutable,
    ...Object.keys(input.derived ?? {}),
    ...perKey,
  ];
  for (const field of [...ruled, ...Object.keys(input.references ?? {}), ...(input.outlives ?? [])])
    if (!ownFields.includes(field)) wrong(`a rule names "${field}", which is no field of it.`);
}

/**
 * Describes a kind of document.
 *
 * @throws {Error} where RxDB, Dexie or the server could not keep what is declared: a reserved or
 * malformed name, an indexed field that is optional, a rule about a field that is not there; and where
 * a version lacks its migration.
 */
export function defineCollection<const P extends Fields>(
  input: CollectionInput<P>,
): CollectionOf<P> {
  const primaryKey = input.primaryKey ?? 'id';
  const ownFields = Object.keys(input.fields);
  const versionVector = input.versionVector === true || input.policy.kind === 'manual';
  const indexes: readonly string[] = input.indexes ?? [];
  const ownRequired = [primaryKey, ...requiredKeys(input.fields)];
  const immutable = (input.immutable === true ? ownFields : (input.immutable ?? [])).filter(
    (field) => !(input.mutable ?? []).some((name) => name === field),
  );

  checkMigrations(input.name, input.version, input.migrations ?? {});
  check(input, { primaryKey, ownFields, ownRequired, indexes, immutable });

  // Callers see their own field types; inside, a document is a record of unknown values.
  const scopeKeys = input.scopeKeys as Collection['scopeKeys'] | undefined;
  return {
    name: input.name,
    label: input.label,
    version: input.version,
    migrations: input.migrations ?? {},
    primaryKey,
    ownFields,
    ownRequired,
    schema: {
      version: input.version,
      title: input.name,
      type: 'object',
      primaryKey,
      properties: {
        [primaryKey]: input.primaryKeyField ?? key(),
        ...input.fields,
        ...envelopeFields(versionVector),
      },
      required: [...ownRequired, ...requiredKeys(envelopeFields(versionVector))],
      indexes,
      additionalProperties: false,
    },
    nameField: input.nameField,
    nameUnit: input.nameUnit,
    nameTime: input.nameTime,
    policy: input.policy,
    versionVector,
    immutable,
    derived: Object.keys(input.derived ?? {}),
    sums: (input.derived ?? {}) as Readonly<Record<string, SumRule>>,
    references: (input.references ?? {}) as Readonly<Record<string, string>>,
    outlives: input.outlives ?? [],
    pushPriority: input.pushPriority ?? 100,
    maxBytes: input.maxBytes ?? 64 * 1024,
    access: input.access ?? everyoneReadsMembersWrite,
    scopeKeys: scopeKeys ?? (() => [WORKSPACE_SCOPE]),
    sample: input.sample,
  };
}
