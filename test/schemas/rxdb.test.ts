// RxDB takes every collection as it is: its own check of schemas (dev-mode) and documents passes, in
// memory and on Dexie, where an indexed field must be there and of a kind that IndexedDB sorts.

import 'fake-indexeddb/auto';
import { addRxPlugin, createRxDatabase, type RxJsonSchema, type RxStorage } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { describe, expect, it } from 'vitest';
import { collections, type Collection } from '../../schemas/index.ts';
import { SEED } from '../support/seed.ts';
import { samplesOf, withEnvelope } from './samples.ts';

disableWarnings();
addRxPlugin(RxDBDevModePlugin);

const STORAGES: readonly (readonly [string, RxStorage<unknown, unknown>])[] = [
  ['memory', getRxStorageMemory()],
  ['Dexie', getRxStorageDexie()],
];

/** A copy of its own: RxDB freezes and extends what it is given. */
const schemaOf = (collection: Collection): RxJsonSchema<Record<string, unknown>> =>
  JSON.parse(JSON.stringify(collection.schema)) as RxJsonSchema<Record<string, unknown>>;

describe.each(STORAGES)('RxDB on %s', (storageName, storage) => {
  // One at a time: RxDB opens at most 13 collections in one realm.
  it.each(Object.values(collections).map((each: Collection) => [each.name, each] as const))(
    'takes %s with its documents and finds them by index',
    async (name, collection) => {
      const database = await createRxDatabase({
        name: `schemas-${storageName.toLowerCase()}-${name}`,
        storage: wrappedValidateAjvStorage({ storage }),
        multiInstance: false,
      });
      try {
        const opened = await database.addCollections({ [name]: { schema: schemaOf(collection) } });
        const documents = samplesOf(collection, 5, SEED).map((sample) =>
          withEnvelope(collection, sample),
        );
        const { error } = (await opened[name]?.bulkInsert(documents)) ?? { error: ['not opened'] };
        expect(error).toEqual([]);
        for (const field of collection.schema.indexes) {
          const [first] = documents;
          const query = opened[name]?.find({
            selector: { [field]: first?.[field] },
            index: [field],
          });
          const found = await query?.exec();
          expect(found?.map((document) => document.primary)).toContain(
            first?.[collection.primaryKey],
          );
        }
      } finally {
        await database.remove();
      }
    },
  );

  it('refuses a document that breaks its schema', async () => {
    const database = await createRxDatabase({
      name: `schemas-${storageName.toLowerCase()}-bad`,
      storage: wrappedValidateAjvStorage({ storage }),
      multiInstance: false,
    });
    try {
      const { pins } = await database.addCollections({
        pins: { schema: schemaOf(collections.pins) },
      });
      await expect(pins?.insert({ id: 'one', title: 7 })).rejects.toThrow('VD2');
    } finally {
      await database.remove();
    }
  });
});
