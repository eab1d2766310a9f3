// Behind the indicator: the state in a sentence, what works without a network, "Sync now", and the
// way to the Sync centre.

import { Button, Group, List, Stack, Text } from '@mantine/core';
import type { SyncStatus } from '../../replication/index.ts';
import { formatAgo, formatExact } from '../queries/format.ts';
import { navigate, syncAddress } from '../router.ts';
import { useMetrics } from '../queries/sync/use-metrics.ts';
import { useNow } from '../queries/use-now.ts';
import type { StatusWords } from '../sync/describe-status.ts';
import { useSyncNow } from '../sync/use-sync-now.ts';
import { CopyableDetails } from './CopyableDetails.tsx';

interface SyncDetailsProps {
  readonly status: SyncStatus;
  readonly words: StatusWords;
  readonly onLeave: () => void;
}

export const SyncDetails = ({ status, words, onLeave }: SyncDetailsProps) => {
  const syncNow = useSyncNow();
  const nowMs = useNow(60_000);
  const metrics = useMetrics();
  const { lastError } = status;
  // Before this page has synced: the last request of this device that was answered.
  const lastSyncedAtMs =
    status.lastSyncedAtMs ??
    (metrics.state === 'ready' ? metrics.value.lastSuccessAtMs : undefined);
  const offline = status.state === 'offline';
  const toCentre = (): void => {
    onLeave();
    navigate(syncAddress('waiting'));
  };
  return (
    <Stack gap="sm">
      <Text size="sm">{words.sentence}</Text>
      {offline && <WorksOffline />}
      <Text size="xs" c="dimmed">
        {lastSyncedAtMs !== undefined && (
          <>
            <span title={formatExact(lastSyncedAtMs)}>
              Last synced {formatAgo(lastSyncedAtMs, nowMs)}.
            </span>
            <br />
          </>
        )}
        {status.leader
          ? 'This tab syncs for all tabs of this browser.'
          : 'Another tab of this browser syncs for this one.'}
      </Text>
      <Group gap="xs">
        <Button
          variant="light"
          disabled={offline}
          onClick={syncNow}
          data-autofocus={offline ? undefined : true}
        >
          Sync now
        </Button>
        <Button variant="default" onClick={toCentre} data-autofocus={offline || undefined}>
          Open the Sync centre
        </Button>
      </Group>
      {lastError !== undefined && <CopyableDetails text={lastError} />}
    </Stack>
  );
};

const WorksOffline = () => (
  <List size="sm" spacing={2}>
    <List.Item>You can look at, add, change and delete everything here.</List.Item>
    <List.Item>You can reload this page, or close it: your changes stay on this device.</List.Item>
    <List.Item>Sending and receiving start on their own with the network.</List.Item>
  </List>
);
