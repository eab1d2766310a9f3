// One entry in the inbox's list: which record, what happened to it, when, and whether it waits here.

import { Group, Text, Tooltip } from '@mantine/core';
import { memo } from 'react';
import { formatAgo, formatExact } from '../../queries/format.ts';
import type { EntryRow } from '../../queries/inbox/entries.ts';
import { inOrder, labelOf, nameOf, type Here } from '../../queries/inbox/faces.ts';
import { collectionOf, differences } from '../../queries/inbox/settle.ts';
import { sentenceOf, waitingWords, type People } from '../../queries/inbox/words.ts';
import { inboxAddress } from '../../router.ts';
import { follow } from '../follow.ts';
import { Icon } from '../Icon.tsx';

interface EntryLineProps {
  readonly entry: EntryRow;
  readonly index: number;
  readonly people: People;
  readonly here: Here;
  /** Where it opens; without one, in the inbox. */
  readonly href?: string;
  /** Whether it says that it is decided there. */
  readonly decide?: boolean;
}

const ICONS = {
  open: ['versions', 'red'],
  information: ['alert', 'dimmed'],
  settled: ['check', 'dimmed'],
} as const;

/** `Amount, Notes` */
const changed = (entry: EntryRow): string => {
  const collection = collectionOf(entry.collectionName);
  if (!collection || entry.phase !== 'open') return '';
  return inOrder(entry.collectionName, differences(collection, entry))
    .map((field) => labelOf(entry.collectionName, field))
    .join(', ');
};

export const EntryLine = memo((props: EntryLineProps) => {
  const { entry, index, people, here, href = inboxAddress(entry.id), decide = false } = props;
  const [icon, colour] = ICONS[entry.phase];
  const atMs = Date.parse(entry.updatedAt ?? entry.mineAt);
  const fields = changed(entry);
  return (
    <a className="pin-row" href={href} data-index={index} onClick={follow}>
      <Text span c={colour} lh={0}>
        <Icon name={icon} size={22} />
      </Text>
      <div>
        <Text size="sm" fw={500} truncate dir="auto">
          {nameOf(entry.collectionName, { ...entry.mine, ...entry.theirs }, here)}
        </Text>
        <Text size="xs" c="dimmed" lineClamp={2} lh={1.25} dir="auto">
          {fields && `${fields} · `}
          {sentenceOf(entry, people)}
        </Text>
      </div>
      <Group gap={6} wrap="nowrap">
        {entry.decidedHere && (
          <Tooltip label={waitingWords(entry)}>
            <Text span c="dimmed" lh={0} role="img" aria-label={waitingWords(entry)}>
              <Icon name="clock" />
            </Text>
          </Tooltip>
        )}
        <Text size="xs" c="dimmed" title={formatExact(atMs)}>
          {formatAgo(atMs, here.nowMs)}
        </Text>
        {decide && (
          <Text size="sm" fw={600} c="var(--mantine-color-anchor)">
            Decide
          </Text>
        )}
      </Group>
    </a>
  );
});
