// Amounts of the last days as bars, and the same as a table.

import { Group, Paper, SegmentedControl, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { formatDay } from '../../queries/care/clock.ts';
import { amountsOf, type DayAmount } from '../../queries/care/days.ts';
import type { Care } from '../../queries/care/use-care.ts';
import { formatNumber } from '../../queries/format.ts';
import { navigate, withFilter } from '../../router.ts';
import { ChartOrTable } from '../ChartOrTable.tsx';
import { AmountBars } from './AmountBars.tsx';

const RANGES = [
  { value: '14', label: '14 days' },
  { value: '30', label: '30 days' },
];

/** Of the days that are over and have feedings; undefined without any. */
const averageOf = (amounts: readonly DayAmount[]): number | undefined => {
  const counted = amounts.slice(0, -1).filter(({ count }) => count > 0);
  if (counted.length === 0) return undefined;
  return Math.round(counted.reduce((sum, { totalMl }) => sum + totalMl, 0) / counted.length);
};

interface AmountsChartProps {
  readonly care: Pick<Care, 'days' | 'today'>;
  /** How many days, as the address has it. */
  readonly range: string | null;
}

export const AmountsChart = ({ care: { days, today }, range }: AmountsChartProps) => {
  const count = range === '30' ? 30 : 14;
  const amounts = useMemo(() => amountsOf(days, today, count), [days, today, count]);
  const average = averageOf(amounts);
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Title order={2} size="sm">
          Amounts per day
        </Title>
        <SegmentedControl
          size="xs"
          aria-label="How many days"
          data={RANGES}
          value={String(count)}
          onChange={(value) => navigate(withFilter('days', value === '14' ? '' : value), 'replace')}
        />
      </Group>
      <Text size="xs" c="dimmed" mb="xs">
        {average === undefined
          ? 'The average shows after the first full day.'
          : `${formatNumber(average)} ml a day on average, days without feedings left out.`}
      </Text>
      <ChartOrTable
        chart={<AmountBars amounts={amounts} today={today} average={average} />}
        heads={['Day', 'Amount', 'Feedings']}
        rows={amounts.toReversed().map(({ key, totalMl, count }) => ({
          key,
          cells: [formatDay(key, today), `${formatNumber(totalMl)} ml`, formatNumber(count)],
        }))}
      />
    </Paper>
  );
};
