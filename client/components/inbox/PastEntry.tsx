// An entry that asks for no choice: what was overwritten, and what was decided.

import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Collection } from '../../../schemas/index.ts';
import type { EntryRow } from '../../queries/inbox/entries.ts';
import { inOrder, kindOf, type Here } from '../../queries/inbox/faces.ts';
import { differences } from '../../queries/inbox/settle.ts';
import { sentenceOf, sidesOf, waitingWords, type People } from '../../queries/inbox/words.ts';
import { Failure } from '../Failure.tsx';
import { Icon } from '../Icon.tsx';
import { EntryHistory, SameFields, WhoWrote } from './EntryFacts.tsx';
import { VersionTable } from './VersionTable.tsx';
import { failureWords } from '../../storage/write-failure.ts';

export interface PastEntryProps {
  readonly entry: EntryRow;
  readonly collection: Collection;
  readonly people: People;
  readonly here: Here;
  /** Each missing where it is not offered. */
  readonly onUseMine: (() => Promise<void>) | undefined;
  readonly onPutAway: (() => Promise<void>) | undefined;
  readonly onUndo: (() => Promise<void>) | undefined;
  readonly onClose: () => void;
}

export const PastEntry = (props: PastEntryProps) => {
  const { entry, collection, people, here } = props;
  const [failure, setFailure] = useState<string>();
  const fields = inOrder(entry.collectionName, differences(collection, entry));
  const run = (does: () => Promise<void>) => (): void => {
    does().catch((cause: unknown) => setFailure(failureWords(cause)));
  };
  const { onUseMine, onPutAway, onUndo } = props;
  return (
    <div className="stack">
      <Text fw={600} dir="auto">
        {sentenceOf(entry, people)}.
      </Text>
      {entry.decidedHere && (
        <Group gap={6} c="dimmed">
          <Icon name="clock" size={16} />
          <Text size="sm">{waitingWords(entry)}</Text>
        </Group>
      )}
      <WhoWrote {...props} />
      {fields.length > 0 && (
        <VersionTable {...{ entry, fields, here }} heads={sidesOf(entry, people)} />
      )}
      <SameFields {...props} />
      {entry.phase === 'information' && !onUseMine && entry.author === people.me && (
        <Text size="sm" c="dimmed">
          Your version stays here, but can’t be put back: the {kindOf(entry.collectionName)} is gone
          or may not be changed.
        </Text>
      )}
      <Failure words={failure} />
      <Group justify="flex-end" gap="xs">
        {onUndo && (
          <Button variant="default" onClick={run(onUndo)}>
            Undo
          </Button>
        )}
        {onUseMine && (
          <Button variant="default" onClick={run(onUseMine)}>
            Use my version
          </Button>
        )}
        {onPutAway ? (
          <Button onClick={run(onPutAway)}>Put away</Button>
        ) : (
          <Button onClick={props.onClose}>Close</Button>
        )}
      </Group>
      <EntryHistory {...props} />
    </div>
  );
};
