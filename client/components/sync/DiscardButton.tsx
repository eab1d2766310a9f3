// Letting a change go for good: asks first, naming what and how many, and saves a copy before.

import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { plural } from '../../queries/format.ts';
import type { Item } from '../../queries/sync/items.ts';
import type { OutboxActions } from '../../queries/sync/use-outbox-actions.ts';

interface DiscardButtonProps {
  readonly item: Item;
  readonly actions: Pick<OutboxActions, 'busy' | 'saveAndDiscard'>;
  readonly onDiscarded: () => void;
}

const consequence = ({ members, state }: Item): string => {
  const records = members.length === 1 ? 'The record' : `The ${members.length} records`;
  return state === 'rejected'
    ? `${records} already ${members.length === 1 ? 'shows' : 'show'} what the server has; the version that was not accepted is removed from this device.`
    : `${records} ${members.length === 1 ? 'goes' : 'go'} back to what the server has. Nothing is sent.`;
};

export const DiscardButton = ({ item, actions, onDiscarded }: DiscardButtonProps) => {
  const [asked, ask] = useDisclosure(false);
  const { label, members } = item;
  const run = async (): Promise<void> => {
    const worked = await actions.saveAndDiscard();
    ask.close();
    if (worked) onDiscarded();
  };
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        px="xs"
        me="auto"
        disabled={item.state === 'syncing'}
        onClick={ask.open}
      >
        Discard
      </Button>
      <Modal
        opened={asked}
        onClose={ask.close}
        title={members.length === 1 ? 'Discard this change?' : 'Discard these changes?'}
        centered
      >
        <Stack>
          <Text size="sm" dir="auto">
            {label}
            {members.length > 1 && `, with ${plural(members.length, 'record', 'records')}`}
          </Text>
          <Text size="sm">
            {consequence(item)} A copy is saved as a file first; this can’t be undone.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={ask.close} data-autofocus>
              Keep
            </Button>
            <Button color="red" loading={actions.busy} onClick={() => void run()}>
              Save a copy and discard
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
};
