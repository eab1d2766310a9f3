// A bare tombstone says only that a document is gone; RxDB wants it with its fields.

import type { WireDocument } from '../protocol/index.ts';

/**
 * Takes the fields from what is stored; a tombstone of a document that is not stored says nothing.
 *
 * @param stored gives the stored documents of some ids.
 */
export async function complete(
  documents: readonly WireDocument[],
  primaryKey: string,
  stored: (ids: readonly string[]) => Promise<readonly WireDocument[]>,
): Promise<readonly WireDocument[]> {
  const idOf = (document: WireDocument): string => String(document[primaryKey]);
  const bare = documents.filter(({ clk }) => clk === undefined);
  if (bare.length === 0) return documents;
  const known = new Map((await stored(bare.map(idOf))).map((found) => [idOf(found), found]));
  return documents.flatMap((document) => {
    if (document.clk !== undefined) return [document];
    const local = known.get(idOf(document));
    return local === undefined ? [] : [{ ...local, ...document, _deleted: true }];
  });
}
