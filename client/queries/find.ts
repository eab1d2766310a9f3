// Finding text as people type it: without accents and case, all words in any order.

export const fold = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Those whose folded `words` have every word of `search`. */
export const findRows = <Row extends { readonly words: string }>(
  rows: readonly Row[],
  search: string,
): readonly Row[] => {
  const wanted = fold(search).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter(({ words }) => wanted.every((word) => words.includes(word)));
};
