// The Sync centre's top: the state in a sentence, progress in numbers, and "Sync now" or "Log in".

import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useId } from 'react';
import type { SyncStatus } from '../../../replication/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import { useNow } from '../../queries/use-now.ts';
import { describeStatus, type StatusWords } from '../../sync/describe-status.ts';
import { useSyncNow } from '../../sync/use-sync-now.ts';
import { useCalmStatus } from '../../sync/use-sync-status.ts';
import { CopyableDetails } from '../CopyableDetails.tsx';
import { LogInDialog } from '../LogInDialog.tsx';
import { PageHeader } from '../PageHeader.tsx';
import { StatusMark } from '../SyncIndicator.tsx';

export const SyncHeader = () => {
  const status = useCalmStatus();
  const words = describeStatus(status, useNow(status.state === 'waiting' ? 1_000 : 60_000));
  return (
    <Stack gap="xs">
      <PageHeader title="Sync centre" line="What waits, what needs you, and what was done" calm>
        <Action status={status} words={words} />
      </PageHeader>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <StatusMark status={status} words={words} />
        <div>
          <Text fw={600}>{words.words}</Text>
          <Text size="sm">{words.sentence}</Text>
          {status.state === 'offline' && (
            <Text size="sm" c="dimmed">
              “Sync now” needs a network.
            </Text>
          )}
        </div>
      </Group>
      <Sending status={status} words={words} />
      {status.lastError !== undefined && <CopyableDetails text={status.lastError} />}
    </Stack>
  );
};

interface PartProps {
  readonly status: SyncStatus;
  readonly words: StatusWords;
}

const Action = ({ status, words }: PartProps) => {
  const syncNow = useSyncNow();
  const { account } = useWorkspace();
  const [logIn, showLogIn] = useDisclosure(false);
  const why = useId();
  if (status.state === 'loggedOut')
    return (
      <>
        <Button onClick={showLogIn.open}>Log in</Button>
        <LogInDialog
          opened={logIn}
          reason={words.sentence}
          email={account.user.email}
          onClose={showLogIn.close}
        />
      </>
    );
  const offline = status.state === 'offline';
  return (
    <>
      <Button disabled={offline} onClick={syncNow} aria-describedby={offline ? why : undefined}>
        Sync now
      </Button>
      <span id={why} hidden>
        This needs a network.
      </span>
    </>
  );
};

const Sending = ({ status: { progress }, words }: PartProps) => {
  if (progress?.of === undefined || progress.of === 0) return null;
  return (
    <Progress.Root size="lg">
      <Progress.Section
        value={Math.min(100, (progress.done / progress.of) * 100)}
        aria-label="How much is done"
        aria-valuetext={words.words}
      />
    </Progress.Root>
  );
};
