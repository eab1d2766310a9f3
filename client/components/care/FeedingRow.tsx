// One feeding in the list: when, how much of what, how long after the one before, and its marks.

import { Text } from '@mantine/core';
import { memo } from 'react';
import { formatLength, formatMoment, formatTime } from '../../queries/care/clock.ts';
import type { FeedingLine } from '../../queries/care/lines.ts';
import { asLabel, formatNumber } from '../../queries/format.ts';
import { addressOf } from '../../router.ts';
import { follow } from '../follow.ts';
import { Marks, RowMark, type MarksProps } from '../Marks.tsx';
import { useFreshMark } from '../use-fresh-mark.ts';

interface FeedingRowProps extends MarksProps {
  readonly line: FeedingLine;
  readonly index: number;
  readonly zone: string;
  readonly narrow: boolean;
  readonly chosen: boolean;
}

export const FeedingRow = memo((props: FeedingRowProps) => {
  const { line, index, zone, narrow, chosen, pending, refused, conflict } = props;
  const { id, atMs, amountMl, foodType, notes, touchedAtMs } = line.row;
  const mark = useFreshMark<HTMLAnchorElement>(touchedAtMs);
  const gap =
    line.gapMs === undefined
      ? ''
      : narrow
        ? `after ${formatLength(line.gapMs)}`
        : formatLength(line.gapMs);
  return (
    <>
      <a
        ref={mark}
        className="feeding-row"
        href={addressOf('care', id)}
        data-index={index}
        aria-current={chosen || undefined}
        onClick={follow}
      >
        <Text size="sm" className="digits" title={formatMoment(atMs, zone)}>
          {formatTime(atMs, zone)}
        </Text>
        <Text size="sm" fw={600} className="digits" ta="end">
          {formatNumber(amountMl)} ml
        </Text>
        {narrow ? (
          <div>
            <Text size="sm" truncate>
              {asLabel(foodType)}
            </Text>
            <Text size="xs" c="dimmed" truncate dir="auto">
              {notes || gap}
            </Text>
          </div>
        ) : (
          <>
            <Text size="sm">{asLabel(foodType)}</Text>
            <Text size="sm" c="dimmed" truncate dir="auto" title={notes}>
              {notes}
            </Text>
            <Text size="xs" c="dimmed" truncate title="Since the feeding before">
              {gap}
            </Text>
          </>
        )}
        <Marks {...{ pending, refused, conflict }} />
      </a>
      <RowMark collection="feedings" id={id} {...{ refused, conflict }} />
    </>
  );
});
