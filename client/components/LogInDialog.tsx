// Logging in again on a device that holds a person's work: nothing is lost, and somebody else may
// use the device meanwhile.

import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { currentSession } from '../session/session.ts';
import { useSyncNow } from '../sync/use-sync-now.ts';
import { Dialog } from './Dialog.tsx';
import { LogInForm } from './LogInForm.tsx';

interface LogInDialogProps {
  readonly opened: boolean;
  /** Why, in a sentence. */
  readonly reason: string;
  readonly email: string;
  readonly onClose: () => void;
}

export const LogInDialog = ({ opened, reason, email, onClose }: LogInDialogProps) => {
  const syncNow = useSyncNow();
  const [other, letOther] = useState(false);
  const close = (): void => {
    letOther(false);
    onClose();
  };
  const done = (): void => {
    const session = currentSession();
    // Somebody else has another workspace open by now.
    if (session.kind !== 'in' || session.account.user.email !== email) return;
    close();
    syncNow();
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={other ? 'Log in as somebody else' : 'Log in to sync'}
    >
      <Text size="sm" mb="md">
        {other
          ? `The work of ${email} stays on this device. It is sent when ${email} logs in again, and not before.`
          : reason}
      </Text>
      <Stack gap="sm">
        <LogInForm key={String(other)} {...(other ? {} : { fixedEmail: email })} onDone={done} />
        <Button variant="subtle" color="gray" onClick={() => letOther(!other)}>
          {other ? `Log in as ${email}` : 'Log in as somebody else'}
        </Button>
      </Stack>
    </Dialog>
  );
};
