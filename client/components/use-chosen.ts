// Brings the chosen row into sight when another one is chosen, somewhere else on the page; one that
// is not among the rows yet, when it comes.

import { useEffect, useEffectEvent, useRef } from 'react';

export const useChosen = (
  chosen: string | undefined,
  rows: readonly { readonly id: string }[],
  scrollTo: (index: number) => void,
): void => {
  const brought = useRef<string>(undefined);
  const bring = useEffectEvent(() => {
    if (chosen === brought.current) return;
    const index = chosen === undefined ? -1 : rows.findIndex(({ id }) => id === chosen);
    if (chosen !== undefined && index < 0) return;
    brought.current = chosen;
    if (index >= 0) scrollTo(index);
  });
  useEffect(() => bring(), [chosen, rows]);
};
