// A list of any length: only what is seen is drawn, arrow keys walk it, and it does not jump. Each
// row draws something focusable that carries `data-index`.

import { Box, ScrollArea } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, type KeyboardEvent, type ReactNode } from 'react';
import { useAnchor } from './use-anchor.ts';
import { useChosen } from './use-chosen.ts';

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
const OVERSCAN = 12;
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
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: OVERSCAN,
    paddingEnd: BELOW_PX,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, rowHeightPx]);
  useChosen(props.chosen, rows, virtual);

  const walk = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    const { activeElement } = document;
    if (step === undefined || !(activeElement instanceof HTMLElement)) return;
    event.preventDefault();
    const from = Number(activeElement.dataset['index'] ?? -1);
    const wanted = Math.min(rows.length - 1, Math.max(0, from + step));
    const to = landing(rows, wanted, step > 0 ? 1 : -1, skips);
    virtual.scrollToIndex(to);
    const focus = (): void =>
      viewport.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus();
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
      <Box role="list" aria-label={label} h={virtual.getTotalSize()} pos="relative">
        {virtual.getVirtualItems().map(({ index, key, start, size }) => {
          const row = rows[index];
          return (
            row && (
              <Box
                key={key}
                role="listitem"
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                pos="absolute"
                inset="0 0 auto"
                h={size}
                style={{ transform: `translateY(${start}px)` }}
              >
                {children(row, index)}
              </Box>
            )
          );
        })}
      </Box>
    </ScrollArea>
  );
};
