// The Sync centre's top: the state in a sentence, what is done of how much, and "Sync now" or "Log in".

import { Button, Progress, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useId } from 'react';
import type { SyncStatus } from '../../../replication/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import type { StatusWords } from '../../sync/describe-status.ts';
import { useSyncNow } from '../../sync/use-sync-now.ts';
import { useCalmStatus, useStatusWords } from '../../sync/use-sync-status.ts';
import { CopyableDetails } from '../CopyableDetails.tsx';
import { LogInDialog } from '../LogInDialog.tsx';
import { PageHeader } from '../PageHeader.tsx';
import { SaveCopy } from '../SaveCopy.tsx';

export const SyncHeader = () => {
  const status = useCalmStatus();
  const words = useStatusWords(status);
  // Then trying again helps nobody before somebody else has acted.
  const isOut = status.state === 'notMember' && status.pending > 0;
  return (
    <Stack gap="xs">
      <PageHeader title="Sync centre" line={words.sentence} calm={false} long>
        {!isOut && <Action status={status} words={words} />}
      </PageHeader>
      <Sending status={status} words={words} />
      {isOut && <SaveCopy beside={<Action status={status} words={words} />} />}
      {status.state !== 'offline' && status.lastError !== undefined && (
        <CopyableDetails text={status.lastError} />
      )}
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
    <Stack gap={2} align="flex-start">
      <Button
        variant={status.state === 'notMember' ? 'default' : 'filled'}
        disabled={offline}
        onClick={syncNow}
        aria-describedby={offline ? why : undefined}
      >
        Sync now
      </Button>
      {offline && (
        <Text id={why} size="xs" c="dimmed">
          Needs a network
        </Text>
      )}
    </Stack>
  );
};

const Sending = ({ status: { progress }, words }: PartProps) => {
  if (progress?.of === undefined || progress.of === 0) return null;
  return (
    <div>
      <Text size="sm" fw={500} mb={4} className="digits">
        {words.words}
      </Text>
      <Progress.Root size="md">
        <Progress.Section
          value={Math.min(100, (progress.done / progress.of) * 100)}
          aria-label="How much is done"
          aria-valuetext={words.words}
        />
      </Progress.Root>
    </div>
  );
};
