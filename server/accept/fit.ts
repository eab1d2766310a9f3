// Whether a document may be written at all: by whom, where, and in what form.

import type { Collection } from '../../schemas/index.ts';
import { validatorOf } from '../../schemas/validate.ts';
import type { WireDocument } from '../../replication/core.ts';
import type { Author, Place, RefusalCode } from './candidate.ts';
import { forbiddenKey } from './forbidden-keys.ts';

const MAX_ID_LENGTH = 128;
/** Half of a character: no database keeps it as it is. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

export const mayWrite = (author: Author, collection: Collection): boolean =>
  collection.access.write.includes(author.role);

/** Where a document belongs, if its primary key can be one. */
export function placeOf(collection: Collection, doc: WireDocument): Place | undefined {
  const id = doc[collection.primaryKey];
  const fits =
    typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH && !LONE_SURROGATE.test(id);
  return fits ? { collection, id } : undefined;
}

/** Why a document does not fit: its schema, or a forbidden key. */
export function unfit(
  collection: Collection,
  doc: object,
): { readonly code: RefusalCode; readonly message: string } | undefined {
  const key = forbiddenKey(doc);
  if (key !== undefined)
    return { code: 'forbidden_key', message: `The name "${key}" is not allowed inside it.` };
  const message = validatorOf(collection)(doc);
  return message === undefined ? undefined : { code: 'invalid', message };
}
