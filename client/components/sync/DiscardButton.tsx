// Letting a change go for good: asks first, naming what and how many, and saves a copy before.

import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { plural } from '../../queries/format.ts';
import type { Item } from '../../queries/sync/items.ts';
import type { OutboxActions } from '../../queries/sync/use-outbox-actions.ts';
import { Dialog } from '../Dialog.tsx';
import { RecordLinks } from './RecordLinks.tsx';

interface DiscardButtonProps {
  readonly item: Item;
  /** What is discarded with it. */
  readonly dependents?: readonly Item[];
  readonly actions: Pick<OutboxActions, 'busy' | 'saveAndDiscard'>;
  readonly onDiscarded: () => void;
}

/** What happens to the records, by what was done with each. */
const consequence = ({ members, state }: Item): string => {
  if (state === 'rejected')
    return members.length === 1
      ? 'The version that was not accepted is removed from this device.'
      : 'The versions that were not accepted are removed from this device.';
  const added = members.filter(({ kind }) => kind === 'insert').length;
  const others = members.length - added;
  return [
    added > 0 ? `${plural(added, 'new record', 'new records')} will be deleted here, unsent.` : '',
    others > 0
      ? `${plural(others, 'record goes', 'records go')} back to what the server has; the change is never sent.`
      : '',
    'Only what has reached the server already comes back.',
  ]
    .filter(Boolean)
    .join(' ');
};

export const DiscardButton = (props: DiscardButtonProps) => {
  const { item, dependents = [], actions, onDiscarded } = props;
  const [asked, ask] = useDisclosure(false);
  const { label, members } = item;
  const all = [item, ...dependents].flatMap((one) => one.members);
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
      <Dialog
        opened={asked}
        onClose={ask.close}
        title={all.length === 1 ? 'Discard this change?' : 'Discard these changes?'}
      >
        <Stack>
          <RecordLinks
            title={
              members.length > 1
                ? `${label}, ${plural(members.length, 'record', 'records')}`
                : label
            }
            records={members}
          />
          {dependents.length > 0 && (
            <Text size="sm" dir="auto">
              With it goes what belongs to it:{' '}
              {new Intl.ListFormat('en').format(dependents.map((one) => one.label))}.
            </Text>
          )}
          <Text size="sm">
            {consequence({ ...item, members: all })} A copy is saved as a file first; this can’t be
            undone.
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
