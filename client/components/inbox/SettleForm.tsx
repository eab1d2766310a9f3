// Choosing between two versions, as a whole or field by field, with what comes of it.

import { Alert, Button, Group, Paper, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Collection } from '../../../schemas/index.ts';
import { entriesOf } from '../../../replication/index.ts';
import type { EntryRow } from '../../queries/inbox/entries.ts';
import { inOrder, labelOf, wordsOf, type Here } from '../../queries/inbox/faces.ts';
import {
  differences,
  mergedBy,
  resolutionOf,
  whyTooLarge,
  type Choices,
  type Side,
} from '../../queries/inbox/settle.ts';
import { keepWords, sidesOf, type People } from '../../queries/inbox/words.ts';
import { Fact } from '../Fact.tsx';
import { EntryHistory, SameFields, WhoWrote } from './EntryFacts.tsx';
import { VersionTable } from './VersionTable.tsx';
import { failureWords } from '../../storage/write-failure.ts';

interface SettleFormProps {
  readonly entry: EntryRow;
  readonly collection: Collection;
  readonly people: People;
  readonly here: Here;
  readonly onDecide: (resolution: NonNullable<EntryRow['resolution']>) => Promise<void>;
  readonly onCancel: () => void;
}

const SIDES = ['mine', 'theirs'] as const;

export const SettleForm = (props: SettleFormProps) => {
  const { entry, collection, people, here, onDecide } = props;
  const [choices, setChoices] = useState<Choices>({});
  const [failure, setFailure] = useState<string>();
  const fields = inOrder(entry.collectionName, differences(collection, entry));
  const resolution = resolutionOf(collection, entry, fields, choices);
  const problem = whyTooLarge(collection, mergedBy(collection, entry, choices));
  const isAll = (side: Side): boolean => fields.every((field) => choices[field] === side);
  const keep = (side: Side): void =>
    setChoices(Object.fromEntries(fields.map((field) => [field, side])));
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (resolution) onDecide(resolution).catch((cause: unknown) => setFailure(failureWords(cause)));
  };
  return (
    <form onSubmit={save} className="stack">
      <Moved entry={entry} />
      <WhoWrote {...props} />
      <Group gap="xs" grow preventGrowOverflow={false}>
        {SIDES.map((side) => (
          <Button
            key={side}
            variant={isAll(side) ? 'light' : 'default'}
            className="tall-button"
            aria-pressed={isAll(side)}
            onClick={() => keep(side)}
          >
            {keepWords(entry, side, people)}
          </Button>
        ))}
      </Group>
      <VersionTable
        {...{ entry, fields, here, choices }}
        heads={sidesOf(entry, people)}
        onChoose={(field, side) => setChoices((before) => ({ ...before, [field]: side }))}
      />
      <SameFields {...props} />
      <Preview {...{ entry, collection, fields, choices, here }} />
      {(problem ?? failure) !== undefined && (
        <Alert color="red" title="This could not be saved" role="alert">
          {problem ?? failure}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        {!resolution && (
          <Text size="sm" c="dimmed" me="auto">
            Choose a version for each field.
          </Text>
        )}
        <Button variant="default" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button type="submit" disabled={!resolution || problem !== undefined}>
          Save
        </Button>
      </Group>
      <EntryHistory {...props} />
    </form>
  );
};

const Moved = ({ entry }: { readonly entry: EntryRow }) =>
  entry.history.at(-1)?.event === 'moved' ? (
    <Alert color="yellow" title="Please choose once more">
      The record was changed again before the decision arrived, so nothing was settled. Below is
      what stands now.
    </Alert>
  ) : null;

interface PreviewProps {
  readonly entry: EntryRow;
  readonly collection: Collection;
  readonly fields: readonly string[];
  readonly choices: Choices;
  readonly here: Here;
}

/** The whole record as it will be. */
const Preview = ({ entry, collection, fields, choices, here }: PreviewProps) => {
  const name = entry.collectionName;
  const merged = mergedBy(collection, entry, choices);
  const shown = inOrder(name, [...entriesOf(collection, merged)]).filter((field) =>
    collection.ownFields.includes(field.split('/')[0] ?? ''),
  );
  const words = (field: string): string =>
    fields.includes(field) && choices[field] === undefined
      ? '…'
      : wordsOf(name, field, merged, here);
  return (
    <Paper bg="var(--mantine-color-gray-light)" p="sm" role="region" aria-label="Result">
      <Text size="sm" fw={600} mb={4}>
        Result
      </Text>
      <Group component="dl" gap="xs" my={0} className="result">
        {shown
          .filter((field) => words(field) !== '')
          .map((field) => (
            <Fact key={field} label={labelOf(name, field)} labelSize="xs" size="sm" lineClamp={4}>
              {words(field)}
            </Fact>
          ))}
      </Group>
    </Paper>
  );
};
