// One button, the same in every tab, that says how this device and the server stand.

import { Button, Modal, Popover, Text, ThemeIcon, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { SyncStatus } from '../../replication/index.ts';
import { useNow } from '../queries/use-now.ts';
import { describeStatus, type StatusWords } from '../sync/describe-status.ts';
import { useCalmStatus } from '../sync/use-sync-status.ts';
import { useSyncNow } from '../sync/use-sync-now.ts';
import { Icon } from './Icon.tsx';
import { LogInForm } from './LogInForm.tsx';
import { SyncDetails } from './SyncDetails.tsx';
import { useNarrow } from './use-narrow.ts';

/** What a screen reader says: only when the state changes, not with every number. */
const useSpoken = (state: SyncStatus['state'], { sentence }: StatusWords): string => {
  const [spoken, speak] = useState({ state, sentence: '' });
  useEffect(() => {
    if (spoken.state !== state) speak({ state, sentence });
  }, [spoken.state, state, sentence]);
  return spoken.sentence;
};

interface SyncIndicatorProps {
  /** Who may log in again. */
  readonly email: string;
}

export const SyncIndicator = ({ email }: SyncIndicatorProps) => {
  const status = useCalmStatus();
  const words = describeStatus(status, useNow(status.state === 'waiting' ? 1_000 : 60_000));
  const spoken = useSpoken(status.state, words);
  const syncNow = useSyncNow();
  const [details, showDetails] = useDisclosure(false);
  const [logIn, showLogIn] = useDisclosure(false);
  const narrow = useNarrow();
  const loggedOut = status.state === 'loggedOut';
  return (
    <>
      <Popover
        opened={details && !loggedOut}
        onChange={(open) => !open && showDetails.close()}
        width={320}
        position="bottom-end"
        trapFocus
        returnFocus
        withRoles
      >
        <Popover.Target>
          <Button
            variant="subtle"
            color="gray"
            px="xs"
            h="auto"
            mih={44}
            onClick={loggedOut ? showLogIn.open : showDetails.toggle}
            leftSection={<StatusMark status={status} words={words} />}
          >
            <Text size="sm" c="bright" ta="start" lh={1.2} style={{ whiteSpace: 'normal' }}>
              {words.words}
            </Text>
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <SyncDetails status={status} words={words} />
        </Popover.Dropdown>
      </Popover>
      <VisuallyHidden role="status" aria-live="polite">
        {spoken}
      </VisuallyHidden>
      <Modal
        opened={logIn}
        onClose={showLogIn.close}
        title="Log in to sync"
        centered
        fullScreen={narrow}
      >
        <Text size="sm" mb="md">
          {words.sentence}
        </Text>
        <LogInForm
          fixedEmail={email}
          onDone={() => {
            showLogIn.close();
            syncNow();
          }}
        />
      </Modal>
    </>
  );
};

interface StatusMarkProps {
  readonly status: SyncStatus;
  readonly words: StatusWords;
}

const StatusMark = ({ status, words }: StatusMarkProps) => (
  <ThemeIcon size={24} radius="xl" color={words.color} variant="filled" autoContrast>
    {status.state === 'attention' && status.refused < 10 ? (
      <Text size="sm" fw={700} c="inherit" aria-hidden>
        {status.refused}
      </Text>
    ) : (
      <Icon name={words.icon} size={15} />
    )}
  </ThemeIcon>
);
