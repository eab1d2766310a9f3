// What of a document clients own.

import { isReserved, type Collection } from '../../schemas/index.ts';

/** The document's own fields, without primary key and envelope. */
export const ownFieldsOf = (
  collection: Collection,
  doc: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(doc).filter(([field]) => field !== collection.primaryKey && !isReserved(field)),
  );
