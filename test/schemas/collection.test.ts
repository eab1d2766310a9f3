// A collection that RxDB, Dexie or the server could not keep is refused where it is declared.

import { describe, expect, it } from 'vitest';
import {
  collections,
  defineCollection,
  fieldLww,
  manual,
  optional,
  RESERVED_FIELDS,
  text,
  type Collection,
  type CollectionInput,
  type Fields,
  type Migration,
} from '../../schemas/index.ts';

const declare = (changes: Partial<CollectionInput<Fields>> = {}): Collection =>
  defineCollection<Fields>({
    name: 'notes',
    label: { one: 'note', many: 'notes' },
    version: 0,
    fields: { title: text(20), body: optional(text(200)) },
    policy: fieldLww(),
    sample: () => ({ title: '' }),
    ...changes,
  });

describe('defineCollection', () => {
  it('makes an RxDB schema of the fields and the envelope', () => {
    const { schema } = declare({ indexes: ['title'] });
    expect(schema).toMatchObject({ title: 'notes', primaryKey: 'id', indexes: ['title'] });
    expect(Object.keys(schema.properties)).toEqual([
      'id',
      'title',
      'body',
      ...RESERVED_FIELDS.filter((field) => field !== 'vv' && field !== '_deleted'),
    ]);
    expect(schema.required).not.toContain('body');
    expect(schema.required).toContain('title');
  });

  it('adds a version vector where the policy or the declaration asks for it', () => {
    expect(declare().schema.properties).not.toHaveProperty('vv');
    expect(declare({ policy: manual() }).schema.properties).toHaveProperty('vv');
    expect(declare({ versionVector: true }).schema.properties).toHaveProperty('vv');
  });

  it('takes the mutable fields out of the immutable ones', () => {
    expect(declare({ immutable: true, mutable: ['title'] }).immutable).toEqual(['body']);
  });

  it('takes exactly the migrations from the first version to the present one', () => {
    const same: Migration = (document) => document;
    expect(declare({ version: 2, migrations: { 1: same, 2: same } }).version).toBe(2);
    expect(() => declare({ version: 2, migrations: { 2: same } })).toThrow(
      'version 2 needs a migration to version 1',
    );
    expect(() => declare({ version: 1, migrations: { 1: same, 2: same } })).toThrow(
      'there is no version 2',
    );
  });

  it.each(RESERVED_FIELDS)('refuses the reserved field %s', (field) => {
    expect(() => declare({ fields: { [field]: text(20) } })).toThrow(`"${field}" is reserved`);
    expect(() => declare({ primaryKey: field })).toThrow(`"${field}" is reserved`);
  });

  it.each(['', '_note', 'note_', '1st', 'a.b', 'a/b', 'a b', '$note', '__proto__', 'ü'])(
    'refuses the field name "%s"',
    (field) => {
      const fields = Object.fromEntries([[field, text(20)]]);
      expect(() => declare({ fields })).toThrow(`a field with the name "${field}"`);
    },
  );

  it.each(['collection', 'deleted', 'primary', 'revision', 'get', 'remove', 'toJSON', 'patch'])(
    'refuses the field name "%s", which a document of RxDB has itself',
    (field) => {
      expect(() => declare({ fields: { [field]: text(20) } })).toThrow(`"${field}"`);
    },
  );

  it.each(['', 'Notes', '1notes', 'no tes', 'no/tes', '_notes', 'n'.repeat(32), '__proto__'])(
    'refuses the collection name "%s"',
    (name) => {
      expect(() => declare({ name })).toThrow('a name is 1 to 31 of a-z');
    },
  );

  it('refuses a unit of a name that is no number, and a time of one that is no time', () => {
    expect(() => declare({ nameUnit: 'ml' })).toThrow('needs a name that is a number');
    expect(() => declare({ nameField: 'title', nameUnit: 'ml' })).toThrow('that is a number');
    expect(() => declare({ nameTime: 'title' })).toThrow('that is a point in time');
  });

  it('refuses an index on a field that may be missing', () => {
    expect(() => declare({ indexes: ['body'] })).toThrow(
      '"body" is indexed, so it must be required',
    );
  });

  it.each([
    ['indexes', { indexes: ['ghost'] }],
    ['immutable', { immutable: ['ghost'] }],
    ['derived', { derived: { ghost: { from: 'x', amount: 'y', by: 'z' } } }],
    ['references', { references: { ghost: 'pins' } }],
    ['perKey', { policy: fieldLww({ perKey: ['ghost'] }) }],
  ] as const)('refuses a rule about a field that is not there: %s', (_rule, changes) => {
    expect(() => declare(changes)).toThrow('"ghost"');
  });
});

describe('the twelve collections', () => {
  it('are kept under their names', () => {
    expect(Object.keys(collections)).toHaveLength(12);
    for (const [name, collection] of Object.entries(collections))
      expect(collection.name).toBe(name);
  });

  it('refer only to each other, and send what is referred to', () => {
    for (const collection of Object.values<Collection>(collections))
      for (const target of Object.values(collection.references))
        expect(collections).toHaveProperty(target);
  });

  it('send sales, movements, expenses and products in this order', () => {
    const { sales, movements, expenses, products } = collections;
    const order = [sales, movements, expenses, products].map(({ pushPriority }) => pushPriority);
    expect(order).toEqual([...new Set(order)].toSorted((left, right) => left - right));
  });
});
