// How long the server took to answer lately, as bars and as a table.

import { Button, Group, ScrollArea, SegmentedControl, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { Sample } from '../../../replication/index.ts';
import { formatClock, formatExact, formatNumber } from '../../queries/format.ts';
import { averageOf, formatLatency, samplesOf } from '../../queries/sync/latency.ts';
import { useNow } from '../../queries/use-now.ts';
import { navigate, withFilter } from '../../router.ts';
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
  const [asTable, setAsTable] = useState(false);
  const average = averageOf(own);
  return (
    <>
      <Group justify="space-between" mb="xs">
        <Text size="sm">
          {average === undefined
            ? 'Nothing measured yet.'
            : `${formatLatency(average)} on average of the last ${formatNumber(own.length)}.`}
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
        <>
          {asTable ? (
            <LatencyTable samples={own} />
          ) : (
            <LatencyBars samples={own} averageMs={average} />
          )}
          <Button
            variant="subtle"
            size="compact-sm"
            px={0}
            mt="xs"
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? 'Show as a chart' : 'Show as a table'}
          </Button>
        </>
      )}
    </>
  );
};

const LatencyTable = ({ samples }: { readonly samples: readonly Sample[] }) => {
  const nowMs = useNow(60_000);
  return (
    <ScrollArea.Autosize mah={240} type="auto" viewportProps={{ tabIndex: 0 }}>
      <Table verticalSpacing={4} stickyHeader className="digits">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th ta="end">Took</Table.Th>
            <Table.Th ta="end">Records</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {samples.toReversed().map(({ atMs, latencyMs, rows }, at) => (
            <Table.Tr key={`${atMs} ${at}`}>
              <Table.Td title={formatExact(atMs)}>{formatClock(atMs, nowMs)}</Table.Td>
              <Table.Td ta="end">{formatLatency(latencyMs)}</Table.Td>
              <Table.Td ta="end">{formatNumber(rows)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
};
