// Brings the chosen row into sight when another one is chosen, somewhere else on the page.

import { useEffect, useEffectEvent } from 'react';

export const useChosen = (
  chosen: string | undefined,
  rows: readonly { readonly id: string }[],
  scrollTo: (index: number) => void,
): void => {
  const bring = useEffectEvent((wanted: string | undefined) => {
    const index = wanted === undefined ? -1 : rows.findIndex(({ id }) => id === wanted);
    if (index >= 0) scrollTo(index);
  });
  useEffect(() => bring(chosen), [chosen]);
};
