// One pin in the list: what it is, how it stands, when it changed, and its marks.

import { Group, Text, Tooltip } from '@mantine/core';
import { memo, type MouseEvent } from 'react';
import type { PinRow as Row } from '../queries/pins.ts';
import { formatAgo, formatExact } from '../queries/format.ts';
import { navigate, pinAddress } from '../router.ts';
import { Icon, type IconName } from './Icon.tsx';
import { useFreshMark } from './use-fresh-mark.ts';

const STATUS_ICONS = {
  open: 'open',
  'in progress': 'half',
  done: 'check',
} as const satisfies Record<Row['status'], IconName>;

interface PinRowProps {
  readonly row: Row;
  readonly index: number;
  readonly narrow: boolean;
  readonly nowMs: number;
  readonly pending: boolean;
  /** Why the server did not accept a change of it. */
  readonly refused: string | undefined;
}

const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  navigate(event.currentTarget.pathname + event.currentTarget.search);
};

export const PinRow = memo(({ row, index, narrow, nowMs, pending, refused }: PinRowProps) => {
  const mark = useFreshMark<HTMLAnchorElement>(row.touchedAtMs);
  const changed = formatAgo(row.changedAtMs, nowMs);
  return (
    <a ref={mark} className="pin-row" href={pinAddress(row.id)} data-index={index} onClick={follow}>
      <div>
        <Text size="sm" fw={500} truncate dir="auto">
          {row.title}
        </Text>
        {narrow && (
          <Text size="xs" c="dimmed" truncate>
            {row.kind}, {row.status}, {changed}
          </Text>
        )}
      </div>
      {!narrow && (
        <>
          <Text size="sm">{row.kind}</Text>
          <Group gap={6} wrap="nowrap">
            <Icon name={STATUS_ICONS[row.status]} size={16} />
            <Text size="sm">{row.status}</Text>
          </Group>
          <Text size="sm" c="dimmed" truncate title={formatExact(row.changedAtMs)}>
            {changed}
          </Text>
        </>
      )}
      <Group gap="xs" justify="flex-end" wrap="nowrap">
        {pending && <Mark icon="clock" color="dimmed" words="Not sent yet" />}
        {refused !== undefined && (
          <Mark icon="alert" color="red" words={`Not accepted: ${refused}`} />
        )}
      </Group>
    </a>
  );
});

interface MarkProps {
  readonly icon: IconName;
  readonly color: string;
  readonly words: string;
}

const Mark = ({ icon, color, words }: MarkProps) => (
  <Tooltip label={words} multiline maw={300}>
    <Text component="span" role="img" aria-label={words} c={color} lh={0}>
      <Icon name={icon} />
    </Text>
  </Tooltip>
);
