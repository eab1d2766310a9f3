// What stands around two versions: who wrote them when and where, what is the same in both, and what
// has happened to the entry.

import { Stack, Text } from '@mantine/core';
import type { EntryRow } from '../../queries/inbox/entries.ts';
import { inOrder, kindOf, labelOf, nameOf, wordsOf, type Here } from '../../queries/inbox/faces.ts';
import { recordAddress } from '../../router.ts';
import { historyOf, wrote, type People } from '../../queries/inbox/words.ts';
import { formatAgo, formatExact, plural } from '../../queries/format.ts';
import { follow } from '../follow.ts';
import { Fold } from '../Fold.tsx';

interface EntryProps {
  readonly entry: EntryRow;
  readonly people: People;
  readonly here: Here;
}

export const WhoWrote = ({ entry, people, here }: EntryProps) => {
  const { collectionName, documentId, mine, theirs } = entry;
  const address = recordAddress(collectionName, documentId, mine);
  const name = nameOf(collectionName, { ...mine, ...theirs }, here);
  return (
    <div>
      <Text size="sm" fw={600} dir="auto">
        {address === undefined ? (
          name
        ) : (
          <a href={address} onClick={follow}>
            {name}
          </a>
        )}
      </Text>
      <Text size="sm" dir="auto" title={formatExact(Date.parse(entry.mineAt))}>
        {wrote(entry.author, entry.device, entry.mineAt, people, here.nowMs)}
      </Text>
      {entry.theirsBy !== '' && (
        <Text size="sm" dir="auto" title={formatExact(Date.parse(entry.theirsAt))}>
          {wrote(entry.theirsBy, entry.theirsDevice, entry.theirsAt, people, here.nowMs)}
        </Text>
      )}
    </div>
  );
};

interface SameFieldsProps extends EntryProps {
  /** Those that differ. */
  readonly fields: readonly string[];
}

export const SameFields = ({ entry, fields, here }: SameFieldsProps) => {
  const { collectionName, mine } = entry;
  const same = inOrder(collectionName, Object.keys(mine)).filter(
    (field) =>
      !fields.some((one) => one === field || one.startsWith(`${field}/`)) &&
      wordsOf(collectionName, field, mine, here) !== '',
  );
  if (same.length === 0) return null;
  return (
    <Fold label={`${plural(same.length, 'field is', 'fields are')} the same in both`}>
      {same.map((field) => (
        <Text key={field} size="sm" dir="auto">
          {labelOf(collectionName, field)}: {wordsOf(collectionName, field, mine, here)}
        </Text>
      ))}
    </Fold>
  );
};

export const EntryHistory = ({ entry, people, here }: EntryProps) => (
  <Fold label={`History of this ${kindOf(entry.collectionName)}`}>
    <Stack component="ol" gap={2} my={0} ps="lg">
      {historyOf(entry, people).map(({ at, words }, index) => (
        <Text key={index} component="li" size="sm" dir="auto" title={formatExact(Date.parse(at))}>
          {words}
          <Text span inherit c="dimmed">
            {at === '' ? '' : `, ${formatAgo(Date.parse(at), here.nowMs)}`}
          </Text>
        </Text>
      ))}
    </Stack>
  </Fold>
);
