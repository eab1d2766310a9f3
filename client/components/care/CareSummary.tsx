// What a tired person wants to know first: how long ago, and how much today.

import { Group, Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatDay, formatLength, formatTime } from '../../queries/care/clock.ts';
import { dayOf } from '../../queries/care/days.ts';
import type { Care } from '../../queries/care/use-care.ts';
import { asLabel, formatNumber, plural } from '../../queries/format.ts';

const MINUTE_MS = 60_000;

interface FactProps {
  readonly label: string;
  readonly value: string;
  readonly line: ReactNode;
}

const Fact = ({ label, value, line }: FactProps) => (
  <div>
    <Text size="xs" c="dimmed">
      {label}
    </Text>
    <Text fw={700} className="digits fact">
      {value}
    </Text>
    <Text size="xs" c="dimmed">
      {line}
    </Text>
  </div>
);

const sinceWords = (lengthMs: number): string =>
  lengthMs < MINUTE_MS ? '0 min' : formatLength(lengthMs);

export const CareSummary = ({ care }: { readonly care: Care }) => {
  const { rows, days, today, zone, nowMs } = care;
  // One that is written down for later has not been given yet; the time here is a little behind.
  const last = rows.find(({ atMs }) => atMs <= nowMs + MINUTE_MS);
  const now = days.find(({ key }) => key === today);
  const when = (atMs: number): string => {
    const day = dayOf(atMs, zone);
    const time = formatTime(atMs, zone);
    return day === today ? time : `${formatDay(day, today)}, ${time}`;
  };
  return (
    <Paper withBorder p="md">
      <Group grow align="flex-start" gap="md">
        <Fact
          label="Since the last feeding"
          value={last ? sinceWords(nowMs - last.atMs) : '–'}
          line={
            last &&
            `${when(last.atMs)}, ${formatNumber(last.amountMl)} ml, ${asLabel(last.foodType)}`
          }
        />
        <Fact
          label="Today"
          value={`${formatNumber(now?.totalMl ?? 0)} ml`}
          line={plural(now?.feedings.length ?? 0, 'feeding', 'feedings')}
        />
      </Group>
    </Paper>
  );
};
