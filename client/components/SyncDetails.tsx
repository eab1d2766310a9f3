// Behind the indicator: the state in a sentence, "Sync now", and what helps those who help.

import { Button, Code, Collapse, CopyButton, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { SyncStatus } from '../../replication/index.ts';
import { formatAgo, formatExact } from '../queries/format.ts';
import { useNow } from '../queries/use-now.ts';
import type { StatusWords } from '../sync/describe-status.ts';
import { useSyncNow } from '../sync/use-sync-now.ts';

interface SyncDetailsProps {
  readonly status: SyncStatus;
  readonly words: StatusWords;
}

export const SyncDetails = ({ status, words }: SyncDetailsProps) => {
  const syncNow = useSyncNow();
  const nowMs = useNow(60_000);
  const [folded, fold] = useDisclosure(false);
  const { lastSyncedAtMs, lastError } = status;
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
        {lastError !== undefined && (
          <Button variant="default" onClick={fold.toggle} aria-expanded={folded}>
            Details
          </Button>
        )}
      </Group>
      {lastError !== undefined && (
        <Collapse expanded={folded}>
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
        </Collapse>
      )}
    </Stack>
  );
};
