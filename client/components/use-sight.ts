// Which rows of a long list are in sight. All rows have one height, so that nothing has to be kept
// for those that are not drawn.

import { useCallback, useLayoutEffect, useState, type RefObject } from 'react';

/** Rows that are drawn above and below, in case the list moves. */
const SPARE = 12;
/** The list moves on by this many rows at once. */
const STRIDE = 4;

export interface Sight {
  /** The first row to draw, and the first that is not drawn. */
  readonly from: number;
  readonly to: number;
  /** Shows a row: by scrolling no more than needed, or in the middle where it was out of sight. */
  readonly bring: (index: number, where?: 'edge' | 'middle') => void;
}

export const useSight = (
  viewport: RefObject<HTMLElement | null>,
  count: number,
  heightPx: number,
): Sight => {
  const [first, setFirst] = useState(0);
  const [rows, setRows] = useState(0);
  useLayoutEffect(() => {
    const element = viewport.current;
    if (!element) return undefined;
    const look = (): void => {
      setFirst(Math.floor(element.scrollTop / heightPx / STRIDE) * STRIDE);
      setRows(Math.ceil(element.clientHeight / heightPx));
    };
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [viewport, heightPx]);
  const bring = useCallback(
    (index: number, where: 'edge' | 'middle' = 'edge'): void => {
      const element = viewport.current;
      if (!element) return;
      const { scrollTop, clientHeight } = element;
      const top = index * heightPx;
      const bottom = top + heightPx - clientHeight;
      if (top >= scrollTop && bottom <= scrollTop) return;
      if (where === 'middle') element.scrollTo({ top: (top + bottom) / 2 });
      else element.scrollTo({ top: top < scrollTop ? top : bottom });
    },
    [viewport, heightPx],
  );
  const from = Math.max(0, Math.min(first, count - rows) - SPARE);
  return { from, to: Math.min(count, from + rows + 2 * SPARE + STRIDE), bring };
};
