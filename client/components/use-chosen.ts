// Brings the chosen row into sight when another one is chosen, somewhere else on the page; one that
// is not among the rows yet, when it comes. What is in sight stays where it is.

import { useEffect, useEffectEvent, useRef } from 'react';
import type { Sight } from './use-sight.ts';

export const useChosen = (
  chosen: string | undefined,
  rows: readonly { readonly id: string }[],
  show: Sight['bring'],
): void => {
  const brought = useRef<string>(undefined);
  const bring = useEffectEvent(() => {
    if (chosen === brought.current) return;
    const index = chosen === undefined ? -1 : rows.findIndex(({ id }) => id === chosen);
    if (chosen !== undefined && index < 0) return;
    brought.current = chosen;
    if (index >= 0) show(index, 'middle');
  });
  useEffect(() => bring(), [chosen, rows]);
};
