// Letting a change go for good: asks first, naming what and how many, and saves a copy before.

import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { plural } from '../../queries/format.ts';
import { useEntriesById } from '../../queries/inbox/use-inbox.ts';
import { discardedWords } from '../../queries/sync/discard-words.ts';
import type { Item } from '../../queries/sync/items.ts';
import type { OutboxActions } from '../../queries/sync/use-outbox-actions.ts';
import { Dialog } from '../Dialog.tsx';
import { RecordLinks } from './RecordLinks.tsx';

interface DiscardButtonProps {
  readonly item: Item;
  /** What is discarded with it. */
  readonly dependents?: readonly Item[];
  readonly actions: Pick<OutboxActions, 'busy' | 'saveAndDiscard'>;
  /** When a person has said yes. */
  readonly onDiscard: () => void;
  /** @param file the copy that was saved. */
  readonly onDiscarded: (file: string) => void;
}

const refusedWords = ({ members }: Item): string =>
  members.length === 1
    ? 'The version that was not accepted is removed from this device.'
    : 'The versions that were not accepted are removed from this device.';

export const DiscardButton = (props: DiscardButtonProps) => {
  const { item, dependents = [], actions, onDiscard, onDiscarded } = props;
  const [asked, ask] = useDisclosure(false);
  const entries = useEntriesById();
  const all = [item, ...dependents].flatMap((one) => one.members);
  const run = async (): Promise<void> => {
    onDiscard();
    const file = await actions.saveAndDiscard();
    ask.close();
    if (file !== undefined) onDiscarded(file);
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
      <Dialog
        opened={asked}
        onClose={ask.close}
        title={all.length === 1 ? 'Discard this change?' : 'Discard these changes?'}
      >
        <Stack>
          <What item={item} />
          {dependents.length > 0 && (
            <Text size="sm" dir="auto">
              With it goes what belongs to it:{' '}
              {new Intl.ListFormat('en').format(dependents.map((one) => one.label))}.
            </Text>
          )}
          <Text size="sm">
            {item.state === 'rejected' ? refusedWords(item) : discardedWords(all, entries)}
          </Text>
          <Text size="sm" c="dimmed">
            A copy is saved as a file first. This can’t be undone.
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
      </Dialog>
    </>
  );
};

const What = ({ item: { label, members } }: Pick<DiscardButtonProps, 'item'>) =>
  members.length > 1 ? (
    <RecordLinks
      title={`${label}, ${plural(members.length, 'record', 'records')}`}
      records={members}
    />
  ) : (
    <Text fw={500} dir="auto">
      {label}
    </Text>
  );
