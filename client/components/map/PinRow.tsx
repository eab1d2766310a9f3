// One pin in the list: what it is, how it stands, when it changed, and its marks.

import { Text } from '@mantine/core';
import { memo } from 'react';
import { asLabel, formatAgo, formatExact } from '../../queries/format.ts';
import type { PinRow as Row } from '../../queries/map/pins.ts';
import { pinAddress } from '../../router.ts';
import { follow } from '../follow.ts';
import { Marks, RowMark, type MarksProps } from '../Marks.tsx';
import { useFreshMark } from '../use-fresh-mark.ts';
import { PinGlyph } from './PinGlyph.tsx';
import { placeOfPin } from './show-pin.ts';

interface PinRowProps extends MarksProps {
  readonly row: Row;
  readonly index: number;
  readonly chosen: boolean;
  readonly nowMs: number;
}

export const PinRow = memo((props: PinRowProps) => {
  const { row, index, chosen, nowMs, pending, refused, conflict } = props;
  const mark = useFreshMark<HTMLAnchorElement>(row.touchedAtMs);
  const changed = formatAgo(row.changedAtMs, nowMs);
  return (
    <>
      <a
        ref={mark}
        className="pin-row"
        href={pinAddress(row.id)}
        data-index={index}
        aria-current={chosen || undefined}
        onClick={(event) => follow(event, placeOfPin())}
      >
        <PinGlyph kind={row.kind} status={row.status} size={22} />
        <div>
          <Text size="sm" fw={500} truncate dir="auto">
            {row.title}
          </Text>
          <Text size="xs" c="dimmed" truncate title={formatExact(row.changedAtMs)}>
            {asLabel(row.kind)} · {asLabel(row.status)} · {changed}
          </Text>
        </div>
        <Marks {...{ pending, refused, conflict }} />
      </a>
      <RowMark collection="pins" id={row.id} {...{ refused, conflict }} />
    </>
  );
});
