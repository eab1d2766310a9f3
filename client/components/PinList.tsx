// The virtual list: only what is seen is drawn. What arrives above the reader's place does not move
// it, and arrow keys walk it.

import { Box, ScrollArea, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import type { PinRow as Row } from '../queries/pins.ts';
import { useNow } from '../queries/use-now.ts';
import { PinRow } from './PinRow.tsx';

const DENSE_PX = 44;
const TALL_PX = 64;

interface PinListProps {
  readonly rows: readonly Row[];
  /** A change of it starts the list from its top. */
  readonly search: string;
  readonly pending: ReadonlySet<string>;
  /** Reasons by id. */
  readonly refused: ReadonlyMap<string, string>;
}

const keysToSteps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity,
};

/** Keeps the first visible row where it is when rows come or go above it. */
const useAnchor = (rows: readonly Row[], search: string, heightPx: number) => {
  const viewport = useRef<HTMLDivElement>(null);
  const before = useRef({ rows, search });
  useLayoutEffect(() => {
    const element = viewport.current;
    const last = before.current;
    before.current = { rows, search };
    if (!element || last.rows === rows) return;
    if (last.search !== search) element.scrollTop = 0;
    const first = Math.floor(element.scrollTop / heightPx);
    const anchor = last.rows[first];
    // At the very top, new rows may show themselves.
    if (first === 0 || !anchor || rows[first]?.id === anchor.id) return;
    const now = rows.findIndex(({ id }) => id === anchor.id);
    if (now >= 0) element.scrollTop += (now - first) * heightPx;
  }, [rows, search, heightPx]);
  return viewport;
};

export const PinList = ({ rows, search, pending, refused }: PinListProps) => {
  const narrow = useMediaQuery('(max-width: 47.99em)', undefined, {
    getInitialValueInEffect: false,
  });
  const heightPx = narrow ? TALL_PX : DENSE_PX;
  const viewport = useAnchor(rows, search, heightPx);
  const nowMs = useNow(60_000);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => heightPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, heightPx]);

  const walk = (event: KeyboardEvent): void => {
    const step = keysToSteps[event.key];
    const { activeElement } = document;
    if (step === undefined || !(activeElement instanceof HTMLElement)) return;
    event.preventDefault();
    const from = Number(activeElement.dataset['index'] ?? -1);
    const to = Math.min(rows.length - 1, Math.max(0, from + step));
    virtual.scrollToIndex(to);
    // A row far away is drawn after scrolling.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        viewport.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus();
      }),
    );
  };

  return (
    <>
      <VisuallyHidden id="pin-list-help">Arrow keys walk the list, Enter opens.</VisuallyHidden>
      <ScrollArea flex={1} mih={0} type="auto" offsetScrollbars="y" viewportRef={viewport} onKeyDown={walk}>
        <Box
          role="list"
          aria-label="Pins"
          aria-describedby="pin-list-help"
          h={virtual.getTotalSize()}
          pos="relative"
        >
          {virtual.getVirtualItems().map(({ index, key, start, size }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <Box
                key={key}
                role="listitem"
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                pos="absolute"
                left={0}
                right={0}
                top={0}
                h={size}
                style={{ transform: `translateY(${start}px)` }}
              >
                <PinRow
                  row={row}
                  index={index}
                  narrow={narrow}
                  nowMs={nowMs}
                  pending={pending.has(row.id)}
                  refused={refused.get(row.id)}
                />
              </Box>
            );
          })}
        </Box>
      </ScrollArea>
    </>
  );
};
