// How RxDB brings a local database to the present versions of its collections: with the migrations of
// their schemas, documents and what RxDB remembers of the server alike.

import { addRxPlugin, type MigrationStrategies, type MigrationStrategy } from 'rxdb';
import { migrateStep, type Collection, type DocumentFields } from '../../schemas/index.ts';

/** RxDB's own part for it, which those without a change of fields need not load. */
export async function prepareToMigrate(collections: readonly Collection[]): Promise<void> {
  if (!collections.some(({ version }) => version > 0)) return;
  const { RxDBMigrationSchemaPlugin } = await import('rxdb/plugins/migration-schema');
  addRxPlugin(RxDBMigrationSchemaPlugin);
}

export const strategiesOf = (collection: Collection): MigrationStrategies =>
  Object.fromEntries(
    Array.from({ length: collection.version }, (_, index) => [
      index + 1,
      strategy(collection, index + 1),
    ]),
  );

/**
 * One document that no migration fits must not keep the database from opening: it stays as it is,
 * and the server says of it what is wrong.
 */
const strategy =
  (collection: Collection, to: number): MigrationStrategy =>
  (document: DocumentFields) => {
    try {
      return migrateStep(collection, document, to);
    } catch {
      return document;
    }
  };
