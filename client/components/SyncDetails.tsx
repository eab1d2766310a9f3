// Behind the indicator: the state in a sentence, "Sync now", and what helps those who help.

import { Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import type { SyncStatus } from '../../replication/index.ts';
import { formatAgo, formatExact } from '../queries/format.ts';
import { navigate } from '../router.ts';
import { useNow } from '../queries/use-now.ts';
import type { StatusWords } from '../sync/describe-status.ts';
import { useSyncNow } from '../sync/use-sync-now.ts';
import { Fold } from './Fold.tsx';

interface SyncDetailsProps {
  readonly status: SyncStatus;
  readonly words: StatusWords;
  readonly onLeave: () => void;
}

export const SyncDetails = ({ status, words, onLeave }: SyncDetailsProps) => {
  const syncNow = useSyncNow();
  const nowMs = useNow(60_000);
  const { lastSyncedAtMs, lastError } = status;
  const toInbox = (): void => {
    onLeave();
    navigate('/inbox');
  };
  return (
    <Stack gap="sm">
      <Text size="sm">{words.sentence}</Text>
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
          disabled={status.state === 'offline'}
          onClick={syncNow}
          data-autofocus
        >
          Sync now
        </Button>
        {status.conflicts > 0 && (
          <Button variant="default" onClick={toInbox}>
            Open the inbox
          </Button>
        )}
      </Group>
      {lastError !== undefined && (
        <Fold label="Details">
          <Stack gap="xs" align="flex-start">
            <Code block w="100%">
              {lastError}
            </Code>
            <CopyButton value={lastError}>
              {({ copied, copy }) => (
                <Button size="xs" variant="default" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </Stack>
        </Fold>
      )}
    </Stack>
  );
};
