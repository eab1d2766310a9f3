// This device: what it has measured, whether it equals the server, and what it runs.

import { Code, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Metrics } from '../../../replication/index.ts';
import { formatAgo, formatExact, formatNumber } from '../../queries/format.ts';
import { useDevice } from '../../queries/sync/use-device.ts';
import { useMetrics } from '../../queries/sync/use-metrics.ts';
import { useNow } from '../../queries/use-now.ts';
import { Fact } from '../Fact.tsx';
import { StorageFacts } from '../storage/StorageFacts.tsx';
import { LatencyChart } from './LatencyChart.tsx';
import { NotReady } from './NotReady.tsx';
import { VerifyPart } from './VerifyPart.tsx';

export const DeviceTab = ({ query }: { readonly query: URLSearchParams }) => {
  const read = useMetrics();
  if (read.state !== 'ready') return <NotReady read={read} what="The measurements" />;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Part title="In numbers">
        <Numbers metrics={read.value} />
      </Part>
      <Part title="How long the server takes">
        <LatencyChart samples={read.value.samples} shown={query.get('of')} />
      </Part>
      <Part title="Compare with the server">
        <VerifyPart />
      </Part>
      <Part title="Space on this device">
        <StorageFacts />
      </Part>
      <Part title="About">
        <About />
      </Part>
    </SimpleGrid>
  );
};

interface PartProps {
  readonly title: string;
  readonly children: ReactNode;
}

const Part = ({ title, children }: PartProps) => (
  <Paper withBorder p="md" component="section" aria-label={title}>
    <Title order={2} size="sm" mb="sm">
      {title}
    </Title>
    {children}
  </Paper>
);

const Numbers = ({ metrics }: { readonly metrics: Metrics }) => {
  const nowMs = useNow(60_000);
  const { queue, failed, rejected, conflicts, lastSuccessAtMs: last } = metrics;
  const counts: readonly (readonly [label: string, count: number])[] = [
    ['To be sent', queue],
    ['Of these, could not be sent', failed],
    ['Not accepted', rejected],
    ['Two versions', conflicts],
  ];
  return (
    <SimpleGrid component="dl" cols={2} spacing="xs" m={0} className="digits">
      {counts.map(([label, count]) => (
        <Fact key={label} label={label} labelSize="xs" fw={600}>
          {formatNumber(count)}
        </Fact>
      ))}
      <Fact label="Last answer of the server" labelSize="xs" fw={600}>
        {last === undefined ? (
          'None yet'
        ) : (
          <span title={formatExact(last)}>{formatAgo(last, nowMs)}</span>
        )}
      </Fact>
    </SimpleGrid>
  );
};

const About = () => {
  const { version, build, protocol, id } = useDevice();
  return (
    <Stack gap="xs">
      <Text size="sm">
        Holdfast {version}, which speaks version {protocol} of the sync protocol.
      </Text>
      {build !== undefined && (
        <Group gap={6}>
          <Text size="sm">This page’s build</Text>
          <Code>{build}</Code>
        </Group>
      )}
      <Group gap={6}>
        <Text size="sm">This device is known as</Text>
        <Code>{id}</Code>
      </Group>
    </Stack>
  );
};
