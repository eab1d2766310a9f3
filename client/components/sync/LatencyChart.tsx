// How long the server took to answer lately, as bars and as a table.

import { Group, SegmentedControl, Text } from '@mantine/core';
import type { Sample } from '../../../replication/index.ts';
import { formatClock, formatExact, formatNumber, plural } from '../../queries/format.ts';
import { averageOf, formatLatency, samplesOf } from '../../queries/sync/latency.ts';
import { useNow } from '../../queries/use-now.ts';
import { navigate, withFilter } from '../../router.ts';
import { ChartOrTable } from '../ChartOrTable.tsx';
import { LatencyBars } from './LatencyBars.tsx';

interface LatencyChartProps {
  readonly samples: readonly Sample[];
  /** As the address has it. */
  readonly shown: string | null;
}

const KINDS = [
  { value: 'push', label: 'Sending' },
  { value: 'pull', label: 'Receiving' },
];

export const LatencyChart = ({ samples, shown }: LatencyChartProps) => {
  const kind = shown === 'pull' ? 'pull' : 'push';
  const own = samplesOf(samples, kind);
  const nowMs = useNow(60_000);
  const average = averageOf(own);
  return (
    <>
      <Group justify="space-between" mb="xs">
        <Text size="sm">
          {average === undefined
            ? 'Nothing measured yet.'
            : `${formatLatency(average)} on average, ${plural(own.length, 'request', 'requests')}.`}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="Which requests"
          data={KINDS}
          value={kind}
          onChange={(value) => navigate(withFilter('of', value === 'pull' ? value : ''), 'replace')}
        />
      </Group>
      {average !== undefined && (
        <ChartOrTable
          chart={<LatencyBars samples={own} averageMs={average} />}
          heads={['When', 'Took', 'Records']}
          rows={own.toReversed().map(({ atMs, latencyMs, rows }, at) => ({
            key: `${atMs} ${at}`,
            title: formatExact(atMs),
            cells: [formatClock(atMs, nowMs), formatLatency(latencyMs), formatNumber(rows)],
          }))}
        />
      )}
    </>
  );
};
