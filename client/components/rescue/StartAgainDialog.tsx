// Giving up this device's copy, to receive all of it again: it says how much is lost with it, and is
// possible only with a saved file or a second yes. Once a part of it is removed nothing can be kept.

import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { plural } from '../../queries/format.ts';
import type { Rescue } from '../../rescue/use-rescue.ts';
import { Dialog } from '../Dialog.tsx';

interface StartAgainDialogProps {
  readonly opened: boolean;
  readonly rescue: Rescue;
  readonly onClose: () => void;
}

const lostWords = ({ count, unsent }: Rescue): string | undefined => {
  const isWhole = unsent?.unread.length === 0;
  if (count === 0) return isWhole ? undefined : 'what could not be read';
  const changes = plural(count, 'unsent change', 'unsent changes');
  return isWhole ? changes : `${changes}, and what could not be read`;
};

const WHY_NOT = {
  held: 'Another tab holds some of it. Close the other tabs, then try again.',
  more: 'More was written here meanwhile. Nothing was removed: save it to a file, or agree to lose it.',
  begun:
    'The removal has begun. Another tab holds the rest, which is removed as soon as you close the other tabs. Then start again.',
} as const;

export const StartAgainDialog = ({ opened, rescue, onClose }: StartAgainDialogProps) => {
  const [agreed, agree] = useState(false);
  const [busy, setBusy] = useState(false);
  const [why, tellWhy] = useState<keyof typeof WHY_NOT>();
  const isBegun = why === 'begun';
  const lost = lostWords(rescue);
  const isSafe = lost === undefined || rescue.saved !== undefined || isBegun;
  const start = async (): Promise<void> => {
    setBusy(true);
    const found = await rescue.startAgain(isBegun);
    if (found === undefined) return;
    agree(false);
    tellWhy(found);
    setBusy(false);
  };
  return (
    <Dialog opened={opened} onClose={onClose} title="Start again with an empty copy">
      <Stack>
        <Text size="sm">
          This removes the copy on this device. Then everything that is on the server is received
          again.{' '}
          {lost === undefined
            ? 'Nothing on this device waits to be sent.'
            : `Lost for good: ${lost}.${rescue.saved === undefined ? '' : ` What could be read is in ${rescue.saved}.`}`}
        </Text>
        {!isSafe && (
          <Checkbox
            label={`I give up ${lost}, and need no file`}
            checked={agreed}
            onChange={(event) => agree(event.currentTarget.checked)}
          />
        )}
        {why !== undefined && !busy && (
          <Alert color="red" role="alert">
            {WHY_NOT[why]}
          </Alert>
        )}
        <Group justify="flex-end">
          {!isBegun && (
            <Button variant="default" disabled={busy} onClick={onClose} data-autofocus>
              Keep it
            </Button>
          )}
          <Button
            color="red"
            disabled={!isSafe && !agreed}
            loading={busy}
            onClick={() => void start()}
          >
            Start again
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
};
