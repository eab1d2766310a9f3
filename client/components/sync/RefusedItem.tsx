// A change, or several that belong together, which the server did not accept: why, what was written,
// and the ways to go on.

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { nameOf } from '../../queries/inbox/faces.ts';
import { useHere } from '../../queries/inbox/use-inbox.ts';
import { readableText } from '../../queries/sync/copies.ts';
import type { EditField } from '../../queries/sync/edit-form.ts';
import { recordKey, type Item } from '../../queries/sync/items.ts';
import { useOutboxActions } from '../../queries/sync/use-outbox-actions.ts';
import { useRefusal } from '../../queries/sync/use-refusal.ts';
import { fieldsOf } from '../../queries/sync/use-retry-draft.ts';
import { useWords } from '../../queries/sync/use-words.ts';
import { editAddress, navigate } from '../../router.ts';
import { CopyText } from '../CopyableDetails.tsx';
import { Failure } from '../Failure.tsx';
import { ReadOnlyFacts } from '../ReadOnlyFacts.tsx';
import { DiscardButton } from './DiscardButton.tsx';
import { RecordLinks } from './RecordLinks.tsx';
import { When } from './WaitingItem.tsx';

interface RefusedItemProps {
  readonly item: Item;
  readonly onRetried: () => void;
  readonly onDiscarded: () => void;
}

const keptWords = ({ members, first }: Item): string => {
  if (members.length > 1)
    return 'These changes belong together, so none of them was made. All of them are kept here.';
  return first.kind === 'insert'
    ? 'What you wrote is kept here, and only here, until you decide.'
    : 'What you wrote is kept here. The record shows what the server has.';
};

export const RefusedItem = ({ item, onRetried, onDiscarded }: RefusedItemProps) => {
  const writes = useRefusal(item);
  const here = useHere();
  const words = useWords(writes);
  const actions = useOutboxActions(item);
  const fields = fieldsOf(writes);
  const reasons = [...new Set(writes.map(({ message }) => message))];
  // What it belongs to is not asked for.
  const isOrphan = writes.some(({ code }) => code === 'missing_reference');
  const mayEdit = !isOrphan && fields.some(({ input }) => input !== 'none');
  // A new record that was refused is nowhere else.
  const stored = item.members.filter(({ kind }) => kind !== 'insert');
  const retry = async (): Promise<void> => {
    if (await actions.retry()) onRetried();
  };
  return (
    <Stack gap="md">
      <Alert color="red" variant="outline" title="Not accepted">
        {reasons.map((reason) => (
          <Text key={reason} size="sm" dir="auto">
            {reason}
          </Text>
        ))}
      </Alert>
      <Text size="sm">{keptWords(item)}</Text>
      <Stack component="dl" gap="xs" m={0}>
        <When label="Refused" atMs={item.first.settledAtMs} />
      </Stack>
      {stored.length > 0 && (
        <RecordLinks title={stored.length > 1 ? 'Records' : 'Record'} records={stored} />
      )}
      {writes.map((write) => (
        <Written
          key={write.op}
          title={writes.length > 1 ? nameOf(write.collection, write.doc, here) : 'You wrote'}
          fields={fields.filter(({ record }) => record === recordKey(write))}
          words={(entry) => words(write, entry)}
        />
      ))}
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
        <DiscardButton item={item} actions={actions} onDiscarded={onDiscarded} />
        <CopyText text={readableText(item.label, writes, words, here)} size="sm" />
      </Group>
    </Stack>
  );
};

interface WrittenProps {
  readonly title: string;
  readonly fields: readonly EditField[];
  readonly words: (entry: string) => string;
}

const Written = ({ title, fields, words }: WrittenProps) =>
  fields.length > 0 && (
    <section aria-label={title}>
      <Text size="sm" fw={600} mb={4} dir="auto">
        {title}
      </Text>
      <ReadOnlyFacts facts={fields.map(({ label, entry }) => [label, words(entry) || 'Empty'])} />
    </section>
  );
