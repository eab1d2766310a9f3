// Logging out removes the data from this device; unsent work would be lost, so that is asked.

import { Button, Group, Stack, Text } from '@mantine/core';
import { useWorkspace } from '../database/use-workspace.ts';
import { hasDrafts } from '../queries/use-draft.ts';
import { useParting } from '../rescue/use-parting.ts';
import { logOut } from '../session/session.ts';
import { Dialog } from './Dialog.tsx';
import { SaveCopy } from './SaveCopy.tsx';

interface LogOutDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** There while the dialog is open, so that it is counted anew each time. */
const Question = ({ onClose }: Pick<LogOutDialogProps, 'onClose'>) => {
  const parting = useParting();
  const isTyped = hasDrafts(useWorkspace().name);
  const isLoss = isTyped || parting?.isLoss === true;
  const deed = parting?.isLoss === true ? parting.deed : `Log out${isTyped ? ' and lose it' : ''}`;
  return (
    <Stack>
      <Text size="sm" role="status">
        {parting?.words ?? 'Looking for unsent work…'}
        {parting && isTyped && ' What you typed and did not save goes with it.'}
      </Text>
      {parting?.isLoss === true && <SaveCopy />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Stay
        </Button>
        <Button color={isLoss ? 'red' : 'indigo'} disabled={!parting} onClick={() => void logOut()}>
          {deed}
        </Button>
      </Group>
    </Stack>
  );
};

const LogOutDialog = ({ opened, onClose }: LogOutDialogProps) => (
  <Dialog opened={opened} onClose={onClose} title="Log out on this device">
    <Question onClose={onClose} />
  </Dialog>
);

export default LogOutDialog;
