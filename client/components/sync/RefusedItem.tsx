// A change, or several that belong together, which the server did not accept: why, what was written,
// and the ways to go on.

import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useHere } from '../../queries/inbox/use-inbox.ts';
import { readableText } from '../../queries/sync/copies.ts';
import { recordKey, type Item } from '../../queries/sync/items.ts';
import { useOutboxActions } from '../../queries/sync/use-outbox-actions.ts';
import { useRefusal } from '../../queries/sync/use-refusal.ts';
import { fieldsOf } from '../../queries/sync/use-retry-draft.ts';
import { useRefusedParents, useWords, type RefusedParent } from '../../queries/sync/use-words.ts';
import { editAddress, navigate, syncAddress } from '../../router.ts';
import { CopyText } from '../CopyableDetails.tsx';
import { Failure } from '../Failure.tsx';
import { follow } from '../follow.ts';
import { DiscardButton } from './DiscardButton.tsx';
import { RecordLinks } from './RecordLinks.tsx';
import { When } from './WaitingItem.tsx';
import { WrittenParts } from './WrittenParts.tsx';

interface RefusedItemProps {
  readonly item: Item;
  /** When it begins to be tried again or let go here, and when that failed. */
  readonly onDeed: (isRunning: boolean) => void;
  readonly onRetried: () => void;
  readonly onDiscarded: (file: string) => void;
}

const keptWords = ({ members, first }: Item): string => {
  if (members.length > 1)
    return 'These changes belong together, so none of them was made. All of them are kept here.';
  return first.kind === 'insert'
    ? 'What you wrote is kept here, and only here, until you decide.'
    : 'What you wrote is kept here. The record shows what the server has.';
};

export const RefusedItem = (props: RefusedItemProps) => {
  const { item, onDeed, onRetried, onDiscarded } = props;
  const writes = useRefusal(item);
  const here = useHere();
  const words = useWords(writes);
  const actions = useOutboxActions(item);
  const fields = fieldsOf(writes);
  const parents = useRefusedParents(writes);
  const reasons = [...new Set(writes.map(({ message }) => message))];
  // What it belongs to is not asked for.
  const isOrphan = writes.some(({ code }) => code === 'missing_reference');
  const mayEdit = !isOrphan && fields.some(({ input }) => input !== 'none');
  // A new record that was refused is nowhere else.
  const stored = item.members.filter(({ kind }) => kind !== 'insert');
  const retry = async (): Promise<void> => {
    onDeed(true);
    if (await actions.retry()) onRetried();
    else onDeed(false);
  };
  return (
    <Stack gap="md">
      <Alert color="red" variant="outline" title="Not accepted">
        {reasons.map((reason) => (
          <Text key={reason} size="sm" dir="auto">
            {reason}
          </Text>
        ))}
        {parents.length > 0 && <Parents parents={parents} />}
      </Alert>
      <Text size="sm">{keptWords(item)}</Text>
      <Stack component="dl" gap="xs" m={0}>
        <When label="Refused" atMs={item.first.settledAtMs} />
      </Stack>
      {stored.length > 0 && (
        <RecordLinks title={stored.length > 1 ? 'Records' : 'Record'} records={stored} />
      )}
      <WrittenParts writes={writes} words={words} />
      <Failure words={actions.failure} />
      <Group gap="xs" justify="flex-end">
        <Button
          variant={mayEdit || isOrphan ? 'default' : 'filled'}
          loading={actions.busy}
          onClick={() => void retry()}
        >
          Try again
        </Button>
        {mayEdit && <Button onClick={() => navigate(editAddress())}>Edit and try again</Button>}
      </Group>
      <Group gap="xs">
        <DiscardButton {...{ item, actions, onDiscarded }} onDiscard={() => onDeed(true)} />
        <CopyText text={readableText(item.label, writes, words, here)} size="sm" />
      </Group>
    </Stack>
  );
};

/** What it belongs to was refused, too, so that it can't be accepted alone. */
const Parents = ({ parents }: { readonly parents: readonly RefusedParent[] }) => (
  <>
    <Text size="sm" mt={4}>
      {parents.length === 1
        ? 'That was not accepted either. Try that one again first:'
        : 'Those were not accepted either. Try those again first:'}
    </Text>
    {parents.map(({ collection, id, name }) => (
      <div key={id}>
        <Anchor
          href={syncAddress('needs-you', recordKey({ collection, id }))}
          onClick={follow}
          size="sm"
          className="touch-link"
          dir="auto"
        >
          {name}
        </Anchor>
      </div>
    ))}
  </>
);
