// Keeps the first visible row where it is when rows come or go above it: a list never jumps under
// the finger.

import { useLayoutEffect, useRef, type RefObject } from 'react';

/** Where each list was left, so that coming back to its screen finds it there. */
const left = new Map<string, number>();

/**
 * Returns the ref for the scrolling element.
 *
 * @param view what the rows were chosen by; when that changes, the list starts from its top.
 * @param label names the list among all of them.
 */
export const useAnchor = (
  rows: readonly { readonly id: string }[],
  view: string,
  heightPx: number,
  label: string,
): RefObject<HTMLDivElement | null> => {
  const viewport = useRef<HTMLDivElement>(null);
  const before = useRef({ rows, view });
  const place = `${label} ${view}`;
  useLayoutEffect(() => {
    viewport.current?.scrollTo({ top: left.get(place) ?? 0 });
  }, [place]);
  useLayoutEffect(() => {
    const element = viewport.current;
    return () => {
      if (element) left.set(place, element.scrollTop);
    };
  }, [place]);
  useLayoutEffect(() => {
    const element = viewport.current;
    const last = before.current;
    before.current = { rows, view };
    if (!element || last.rows === rows) return;
    if (last.view !== view) element.scrollTo({ top: 0 });
    const first = Math.floor(element.scrollTop / heightPx);
    const anchor = last.rows[first];
    // At the very top, new rows may show themselves.
    if (first === 0 || !anchor || rows[first]?.id === anchor.id) return;
    const now = rows.findIndex(({ id }) => id === anchor.id);
    if (now >= 0) element.scrollBy({ top: (now - first) * heightPx });
  }, [rows, view, heightPx]);
  return viewport;
};
