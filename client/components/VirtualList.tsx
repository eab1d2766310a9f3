// A list of any length: only what is seen is drawn, arrow keys walk it, and it does not jump. Each
// row draws something focusable that carries `data-index`.

import { Box, ScrollArea } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';
import { useAnchor } from './use-anchor.ts';
import { useChosen } from './use-chosen.ts';
import { useSight } from './use-sight.ts';

interface VirtualListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly rowHeightPx: number;
  /** What the rows were chosen by; when that changes, the list starts from its top. */
  readonly view: string;
  /** The chosen row's id; it is brought into sight when another one is chosen. */
  readonly chosen?: string | undefined;
  /** Whether arrow keys pass a row over, because it draws nothing focusable. */
  readonly skips?: (row: Row) => boolean;
  readonly children: (row: Row, index: number) => ReactNode;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity,
};
/** Room below the last row, so that a notice at the bottom does not cover it for good. */
const BELOW_PX = 80;

/** The row nearest to `wanted` in the direction of walking, else in the other, that takes focus. */
const landing = <Row,>(
  rows: readonly Row[],
  wanted: number,
  towards: 1 | -1,
  skips: (row: Row) => boolean,
): number => {
  for (const step of [towards, -towards])
    for (let at = wanted; at >= 0 && at < rows.length; at += step) {
      const row = rows[at];
      if (row !== undefined && !skips(row)) return at;
    }
  return wanted;
};

export const VirtualList = <Row extends { readonly id: string }>(props: VirtualListProps<Row>) => {
  const { label, rows, rowHeightPx, view, skips = () => false, children } = props;
  const viewport = useAnchor(rows, view, rowHeightPx, label);
  const { from, to, bring } = useSight(viewport, rows.length, rowHeightPx);
  useChosen(props.chosen, rows, bring);

  const walk = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    const { activeElement } = document;
    if (step === undefined || !(activeElement instanceof HTMLElement)) return;
    event.preventDefault();
    const here = Number(activeElement.dataset['index'] ?? -1);
    const wanted = Math.min(rows.length - 1, Math.max(0, here + step));
    const there = landing(rows, wanted, step > 0 ? 1 : -1, skips);
    bring(there);
    const focus = (): void =>
      viewport.current?.querySelector<HTMLElement>(`[data-index="${there}"]`)?.focus();
    // A row far away is drawn after scrolling.
    requestAnimationFrame(() => requestAnimationFrame(focus));
  };

  return (
    <ScrollArea
      flex={1}
      mih={0}
      type="auto"
      offsetScrollbars="y"
      viewportRef={viewport}
      onKeyDown={walk}
    >
      <Box role="list" aria-label={label} h={rows.length * rowHeightPx + BELOW_PX} pos="relative">
        {rows.slice(from, to).map((row, step) => (
          // Forty of these are drawn with each step of scrolling: no component of the library.
          <div
            key={row.id}
            role="listitem"
            aria-setsize={rows.length}
            aria-posinset={from + step + 1}
            style={{
              position: 'absolute',
              inset: '0 0 auto',
              height: rowHeightPx,
              transform: `translateY(${(from + step) * rowHeightPx}px)`,
            }}
          >
            {children(row, from + step)}
          </div>
        ))}
      </Box>
    </ScrollArea>
  );
};
