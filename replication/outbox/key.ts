// A document's name among those of all collections.

export const keyOf = (collection: string, id: string): string => `${collection}/${id}`;

export const collectionOf = (key: string): string => key.slice(0, key.indexOf('/'));

/** The ids of one collection among the keys. */
export const idsOf = (keys: Iterable<string>, collection: string): readonly string[] => {
  const start = keyOf(collection, '');
  return [...keys].filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
};
