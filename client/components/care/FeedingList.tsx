// The feedings by day: a line for the day with its total, then its feedings.

import { Stack, Text, Title } from '@mantine/core';
import { formatDay } from '../../queries/care/clock.ts';
import type { DayLine, Line } from '../../queries/care/lines.ts';
import type { Care } from '../../queries/care/use-care.ts';
import { formatNumber, plural } from '../../queries/format.ts';
import type { RecordMarks } from '../../sync/use-marks.ts';
import { marksOf } from '../Marks.tsx';
import { useNarrow } from '../use-narrow.ts';
import { VirtualList } from '../VirtualList.tsx';
import { FeedingRow } from './FeedingRow.tsx';

const DENSE_PX = 44;
const TALL_PX = 60;

interface FeedingListProps {
  readonly care: Care;
  /** The feeding that is open, or was just added. */
  readonly chosen: string | undefined;
  readonly marks: RecordMarks;
}

const isDay = (line: Line): boolean => line.kind === 'day';

export const FeedingList = ({ care, chosen, marks }: FeedingListProps) => {
  const narrow = useNarrow();
  const { lines, search, today, zone } = care;
  return (
    <Stack gap={0} mih={0} flex={1}>
      {!narrow && <Heads />}
      <VirtualList
        label="Feedings"
        rows={lines}
        rowHeightPx={narrow ? TALL_PX : DENSE_PX}
        view={search}
        chosen={chosen}
        skips={isDay}
      >
        {(line, index) =>
          line.kind === 'day' ? (
            <DayHead line={line} today={today} />
          ) : (
            <FeedingRow
              line={line}
              index={index}
              zone={zone}
              narrow={narrow}
              chosen={line.id === chosen}
              {...marksOf(marks, line.id)}
            />
          )
        }
      </VirtualList>
    </Stack>
  );
};

/** Over the columns of a desk's list. */
const Heads = () => (
  <Text component="div" size="xs" c="dimmed" className="feeding-heads">
    <span>Time</span>
    <Text span inherit ta="end">
      Amount
    </Text>
    <span>What</span>
    <span>Notes</span>
    <span>Time between</span>
  </Text>
);

/** A day's total, or how many of its feedings were found. */
const factsOf = ({ count, totalMl, whole }: DayLine): readonly [string, string] => {
  const total = `${formatNumber(totalMl)} ml`;
  return whole
    ? [total, ` in ${plural(count, 'feeding', 'feedings')}`]
    : [`${formatNumber(count)} found`, `, ${total}`];
};

const DayHead = ({ line, today }: { readonly line: DayLine; readonly today: string }) => {
  const [fact, more] = factsOf(line);
  return (
    <div className="day-head">
      <Title order={2} size="sm">
        {formatDay(line.day, today)}
      </Title>
      <Text size="sm" c={line.count === 0 ? 'dimmed' : 'bright'} className="digits">
        {line.count === 0 ? (
          'Nothing yet'
        ) : (
          <>
            <Text span inherit fw={700}>
              {fact}
            </Text>
            <Text span inherit c="dimmed">
              {more}
            </Text>
          </>
        )}
      </Text>
    </div>
  );
};
