// "Verify this device": compares everything that this person may see with the server, in words.

import { Alert, Button, Group, List, Loader, Stack, Text } from '@mantine/core';
import type { Verified } from '../../../replication/index.ts';
import { formatAgo, formatExact } from '../../queries/format.ts';
import { useVerify, type Verifying } from '../../queries/sync/use-verify.ts';
import { verifiedWords } from '../../queries/sync/words.ts';
import { useNow } from '../../queries/use-now.ts';
import { useSyncStatus } from '../../sync/use-sync-status.ts';
import { Icon } from '../Icon.tsx';

export const VerifyPart = () => {
  const [verifying, verify] = useVerify();
  const { state } = useSyncStatus();
  const away = state === 'offline';
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">
        Receives what is new, then compares every record with the server. What waits to be sent is
        left out.
      </Text>
      <Button variant="default" disabled={away || verifying.kind === 'running'} onClick={verify}>
        Verify this device
      </Button>
      {away && (
        <Text size="sm" c="dimmed">
          This needs a network.
        </Text>
      )}
      <div role="status">
        <Outcome verifying={verifying} />
      </div>
    </Stack>
  );
};

const Outcome = ({ verifying }: { readonly verifying: Verifying }) => {
  switch (verifying.kind) {
    case 'idle':
      return null;
    case 'running':
      return (
        <Group gap="xs">
          <Loader size="xs" />
          <Text size="sm">Comparing with the server</Text>
        </Group>
      );
    case 'failed':
      return (
        <Alert color="red" title="This could not be compared">
          {verifying.reason} Nothing was changed.
        </Alert>
      );
    case 'done':
      return <Result {...verifying} />;
  }
};

interface ResultProps {
  readonly atMs: number;
  readonly collections: readonly Verified[];
}

const Result = ({ atMs, collections }: ResultProps) => {
  const nowMs = useNow(60_000);
  const equal = collections.every((one) => one.equal);
  return (
    <Stack gap={4}>
      <Group gap={6} wrap="nowrap">
        <Text span c={equal ? 'green' : 'red'} lh={0}>
          <Icon name={equal ? 'check' : 'alert'} />
        </Text>
        <Text size="sm" fw={600}>
          {equal ? 'Everything here equals the server' : 'This device differs from the server'}
        </Text>
      </Group>
      <List size="sm">
        {collections.map((one) => (
          <List.Item key={one.collection}>{verifiedWords(one)}</List.Item>
        ))}
      </List>
      {!equal && (
        <Text size="sm">
          What others changed in this moment can be the reason: verify again. If it stays, log out
          and in again once nothing waits; everything is received anew then.
        </Text>
      )}
      <Text size="xs" c="dimmed" title={formatExact(atMs)}>
        Compared {formatAgo(atMs, nowMs)}
      </Text>
    </Stack>
  );
};
