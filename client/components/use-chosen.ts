// Brings the chosen row into sight when another one is chosen, somewhere else on the page; one that
// is not among the rows yet, when it comes. What is in sight stays where it is.

import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useRef } from 'react';

export const useChosen = (
  chosen: string | undefined,
  rows: readonly { readonly id: string }[],
  list: Pick<Virtualizer<HTMLDivElement, Element>, 'range' | 'scrollToIndex'>,
): void => {
  const brought = useRef<string>(undefined);
  const bring = useEffectEvent(() => {
    if (chosen === brought.current) return;
    const index = chosen === undefined ? -1 : rows.findIndex(({ id }) => id === chosen);
    if (chosen !== undefined && index < 0) return;
    brought.current = chosen;
    const { startIndex, endIndex } = list.range ?? { startIndex: Infinity, endIndex: -1 };
    const inSight = index >= startIndex && index <= endIndex;
    if (index >= 0 && !inSight) list.scrollToIndex(index, { align: 'center' });
  });
  useEffect(() => bring(), [chosen, rows]);
};
