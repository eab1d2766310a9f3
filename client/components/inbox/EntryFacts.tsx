// What stands around two versions: who wrote them when and where, what is the same in both, and what
// has happened to the entry.

import { Anchor, Stack, Text } from '@mantine/core';
import type { EntryRow } from '../../queries/inbox/entries.ts';
import { inOrder, labelOf, nameOf, wordsOf, type Here } from '../../queries/inbox/faces.ts';
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
          <Anchor href={address} onClick={follow} inherit>
            {name}
          </Anchor>
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

export const SameFields = ({ entry, here }: EntryProps) => {
  const { collectionName, mine, theirs } = entry;
  const same = inOrder(collectionName, Object.keys(mine)).filter((field) => {
    const words = wordsOf(collectionName, field, mine, here);
    return words !== '' && words === wordsOf(collectionName, field, theirs, here);
  });
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
  <Fold label="History">
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
