// Logging in again on a device that holds a person's work: the same person only, nothing is lost.

import { Modal, Text } from '@mantine/core';
import { useSyncNow } from '../sync/use-sync-now.ts';
import { LogInForm } from './LogInForm.tsx';
import { useNarrow } from './use-narrow.ts';

interface LogInDialogProps {
  readonly opened: boolean;
  /** Why, in a sentence. */
  readonly reason: string;
  readonly email: string;
  readonly onClose: () => void;
}

export const LogInDialog = ({ opened, reason, email, onClose }: LogInDialogProps) => {
  const narrow = useNarrow();
  const syncNow = useSyncNow();
  const done = (): void => {
    onClose();
    syncNow();
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Log in to sync"
      centered
      fullScreen={narrow}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text size="sm" mb="md">
        {reason}
      </Text>
      <LogInForm fixedEmail={email} onDone={done} />
    </Modal>
  );
};
