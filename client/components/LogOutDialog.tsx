// Logging out removes the data from this device; unsent work would be lost, so that is asked.

import { Button, Group, Stack, Text } from '@mantine/core';
import { plural } from '../queries/format.ts';
import { logOut } from '../session/session.ts';
import { useSyncStatus } from '../sync/use-sync-status.ts';
import { Dialog } from './Dialog.tsx';

interface LogOutDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export const LogOutDialog = ({ opened, onClose }: LogOutDialogProps) => {
  const { pending, refused } = useSyncStatus();
  const lost = [
    pending > 0 ? `${plural(pending, 'change was', 'changes were')} not sent yet` : '',
    refused > 0 ? `${plural(refused, 'change was', 'changes were')} not accepted` : '',
  ].filter(Boolean);
  return (
    <Dialog opened={opened} onClose={onClose} title="Log out on this device">
      <Stack>
        <Text size="sm">
          {lost.length > 0
            ? `${lost.join(' and ')}. Logging out removes this for good.`
            : 'Everything is on the server. Logging out removes only the copy on this device.'}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Stay
          </Button>
          <Button color={lost.length > 0 ? 'red' : 'indigo'} onClick={() => void logOut()}>
            {lost.length > 0
              ? `Log out and lose ${plural(pending + refused, 'change', 'changes')}`
              : 'Log out'}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
};
