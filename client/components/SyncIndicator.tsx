// One button, the same in every tab, that says how this device and the server stand.

import { Button, Text, ThemeIcon, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { SyncStatus } from '../../replication/index.ts';
import { navigate, syncAddress } from '../router.ts';
import { needsOf, type StatusWords } from '../sync/describe-status.ts';
import { useCalmStatus, useStatusWords } from '../sync/use-sync-status.ts';
import { FoldOut } from './FoldOut.tsx';
import { Icon } from './Icon.tsx';
import { LogInDialog } from './LogInDialog.tsx';
import { SyncDetails } from './SyncDetails.tsx';

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
  /** Where there is little room: the mark alone, its words for screen readers. */
  readonly compact?: boolean;
}

export const SyncIndicator = ({ email, compact = false }: SyncIndicatorProps) => {
  const status = useCalmStatus();
  const words = useStatusWords(status);
  const spoken = useSpoken(status.state, words);
  const [details, showDetails] = useDisclosure(false);
  const [logIn, showLogIn] = useDisclosure(false);
  const open = (): void => {
    if (status.state === 'loggedOut') showLogIn.open();
    else if (status.state === 'attention') navigate(syncAddress('needs-you'));
    else showDetails.toggle();
  };
  const isQuick = status.state !== 'loggedOut' && status.state !== 'attention';
  return (
    <>
      <FoldOut
        opened={details && isQuick}
        onClose={showDetails.close}
        title={words.words}
        widthPx={320}
        target={
          <Button
            variant="subtle"
            color="gray"
            px={{ base: 4, sm: 'xs' }}
            h="auto"
            mih={44}
            miw={44}
            onClick={open}
            leftSection={<StatusMark status={status} words={words} />}
          >
            {compact ? (
              <VisuallyHidden>{words.words}</VisuallyHidden>
            ) : (
              <Text
                fz={{ base: 'xs', sm: 'sm' }}
                c="bright"
                ta="start"
                lh={1.2}
                style={{ whiteSpace: 'normal' }}
              >
                {words.words}
              </Text>
            )}
          </Button>
        }
      >
        <SyncDetails status={status} words={words} onLeave={showDetails.close} />
      </FoldOut>
      <VisuallyHidden role="status" aria-live="polite">
        {spoken}
      </VisuallyHidden>
      <LogInDialog opened={logIn} reason={words.sentence} email={email} onClose={showLogIn.close} />
    </>
  );
};

interface StatusMarkProps {
  readonly status: SyncStatus;
  readonly words: StatusWords;
}

/** Colour and picture of a state; with few things to decide, their number. */
const StatusMark = ({ status, words }: StatusMarkProps) => {
  const needing = needsOf(status);
  return (
    <ThemeIcon size={24} radius="xl" color={words.color} variant="filled" autoContrast>
      {status.state === 'attention' && needing < 10 ? (
        <Text size="sm" fw={700} c="inherit" aria-hidden>
          {needing}
        </Text>
      ) : (
        <Icon name={words.icon} size={15} />
      )}
    </ThemeIcon>
  );
};
