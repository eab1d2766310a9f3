// Items of the outbox as rows: what it is, how it stands, since when. Arrow keys walk them.

import { Group, Text } from '@mantine/core';
import { memo, type KeyboardEvent, type ReactNode } from 'react';
import { formatAgo, formatExact } from '../../queries/format.ts';
import type { Item } from '../../queries/sync/items.ts';
import { attemptsWords, membersWords, stateWords, verdictWords } from '../../queries/sync/words.ts';
import { itemAddress } from '../../router.ts';
import { follow } from '../follow.ts';
import { Icon } from '../Icon.tsx';

const ICONS = {
  pending: ['clock', 'dimmed'],
  syncing: ['arrows', 'dimmed'],
  failed: ['alert', 'red'],
  rejected: ['alert', 'red'],
  synced: ['check', 'dimmed'],
} as const satisfies Record<Item['state'], readonly [string, string]>;

const lineOf = (item: Item): string => {
  const { state, lastError, attempts } = item;
  const parts =
    state === 'synced'
      ? [verdictWords(item), membersWords(item)]
      : state === 'rejected'
        ? [`Not accepted: ${lastError ?? ''}`, membersWords(item)]
        : [stateWords(state), membersWords(item), attemptsWords(attempts), lastError ?? ''];
  return parts.filter(Boolean).join(' · ');
};

interface ItemListProps {
  readonly label: string;
  readonly items: readonly Item[];
  readonly nowMs: number;
  /** The open item's key. */
  readonly open: string | undefined;
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

const walk = (event: KeyboardEvent<HTMLElement>): void => {
  const step = STEPS[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-index]')];
  const next = rows[rows.findIndex((row) => row === document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
};

interface RowListProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** Rows of one height, each with something focusable that carries `data-index`. */
export const RowList = ({ label, children }: RowListProps) => (
  // Keys walk the links in it.
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
  <ul className="rows" aria-label={label} onKeyDown={walk}>
    {children}
  </ul>
);

export const ItemList = ({ label, items, nowMs, open }: ItemListProps) => (
  <RowList label={label}>
    {items.map((item, index) => (
      <li key={item.key}>
        <ItemRow item={item} index={index} nowMs={nowMs} open={item.key === open} />
      </li>
    ))}
  </RowList>
);

interface ItemRowProps {
  readonly item: Item;
  readonly index: number;
  readonly nowMs: number;
  readonly open: boolean;
}

const ItemRow = memo(({ item, index, nowMs, open }: ItemRowProps) => {
  const [icon, colour] = ICONS[item.state];
  const atMs = item.first.settledAtMs ?? item.createdAtMs;
  return (
    <a
      className="pin-row"
      href={itemAddress(item.key)}
      data-index={index}
      aria-current={open || undefined}
      onClick={follow}
    >
      <Text span c={colour} lh={0}>
        <Icon name={icon} size={22} />
      </Text>
      <div>
        <Text size="sm" fw={500} truncate dir="auto">
          {item.label}
        </Text>
        <Text size="xs" c="dimmed" lineClamp={2} lh={1.25} dir="auto">
          {lineOf(item)}
        </Text>
      </div>
      <Group gap={6} wrap="nowrap">
        <Text size="xs" c="dimmed" title={formatExact(atMs)}>
          {formatAgo(atMs, nowMs)}
        </Text>
      </Group>
    </a>
  );
});
