// What of a document clients own.

import { withoutEnvelope, type Collection } from '../../schemas/index.ts';

/** The document's own fields, without primary key and envelope. */
export const ownFieldsOf = (
  collection: Collection,
  doc: Readonly<Record<string, unknown>>,
): Record<string, unknown> => {
  const { [collection.primaryKey]: _id, ...fields } = withoutEnvelope(doc);
  return fields;
};
