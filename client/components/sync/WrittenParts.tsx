// What a person wrote, by record, as it waits or was refused. Of a decision about two versions that
// is what becomes of the record.

import { Text } from '@mantine/core';
import { INBOX } from '../../../schemas/index.ts';
import { formatNumber } from '../../queries/format.ts';
import { decidedFacts } from '../../queries/inbox/decision.ts';
import { nameOf } from '../../queries/inbox/faces.ts';
import { useEntriesById, useHere, usePeople } from '../../queries/inbox/use-inbox.ts';
import { sentenceOf } from '../../queries/inbox/words.ts';
import type { WrittenVersion } from '../../queries/sync/edit-form.ts';
import { recordKey } from '../../queries/sync/items.ts';
import { fieldsOf } from '../../queries/sync/use-retry-draft.ts';
import type { WordsOf } from '../../queries/sync/use-words.ts';
import { ReadOnlyFacts } from '../ReadOnlyFacts.tsx';

/** More of them are better read in the copy that is saved. */
const MOST_RECORDS = 50;

interface WrittenPartsProps {
  readonly writes: readonly WrittenVersion[];
  readonly words: WordsOf;
}

export const WrittenParts = ({ writes, words }: WrittenPartsProps) => {
  const here = useHere();
  const people = usePeople();
  const entries = useEntriesById();
  const more = writes.length - MOST_RECORDS;
  const parts = writes.slice(0, MOST_RECORDS).map((write) => {
    const key = recordKey(write);
    const entry = write.collection === INBOX ? entries.get(write.id) : undefined;
    if (entry)
      return <Part key={key} title={sentenceOf(entry, people)} facts={decidedFacts(entry, here)} />;
    const facts = fieldsOf([write]).map(
      (field) => [field.label, words(write, field.entry) || 'Empty'] as const,
    );
    const title = writes.length > 1 ? nameOf(write.collection, write.doc, here) : 'You wrote';
    return <Part key={key} title={title} facts={facts} />;
  });
  return (
    <>
      {parts}
      {more > 0 && (
        <Text size="sm" c="dimmed">
          and {formatNumber(more)} more
        </Text>
      )}
    </>
  );
};

interface PartProps {
  readonly title: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
}

const Part = ({ title, facts }: PartProps) =>
  facts.length > 0 && (
    <section aria-label={title}>
      <Text size="sm" fw={600} mb={4} dir="auto">
        {title}
      </Text>
      <ReadOnlyFacts facts={facts} />
    </section>
  );
