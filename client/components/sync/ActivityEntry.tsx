// One line of the activity: when, what, and folded away what the server said and the records.

import { Group, Stack, Text } from '@mantine/core';
import { memo } from 'react';
import type { Activity } from '../../../replication/index.ts';
import { formatAgo, formatExact } from '../../queries/format.ts';
import { CopyableText } from '../CopyableDetails.tsx';
import { Fold } from '../Fold.tsx';
import { Icon } from '../Icon.tsx';
import { RecordLinks } from './RecordLinks.tsx';

const ICONS = {
  info: ['check', 'dimmed', 'Done'],
  error: ['alert', 'red', 'Error'],
  conflict: ['versions', 'red', 'Conflict'],
} as const satisfies Record<Activity['kind'], readonly [string, string, string]>;

interface ActivityEntryProps {
  readonly entry: Activity;
  readonly nowMs: number;
}

export const ActivityEntry = memo(({ entry, nowMs }: ActivityEntryProps) => {
  const { kind, message, detail, records = [], atMs } = entry;
  const [icon, colour, name] = ICONS[kind];
  return (
    <li>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Text span c={colour} lh={0} pt={1} role="img" aria-label={name}>
          <Icon name={icon} />
        </Text>
        <Stack gap={2} flex={1} miw={0}>
          <Text size="sm" dir="auto">
            {message}
          </Text>
          {(detail !== undefined || records.length > 0) && (
            <Fold label="Details">
              <Details detail={detail} records={records} />
            </Fold>
          )}
        </Stack>
        <Text size="xs" c="dimmed" flex="none" pt={1} title={formatExact(atMs)}>
          {formatAgo(atMs, nowMs)}
        </Text>
      </Group>
    </li>
  );
});

interface DetailsProps {
  readonly detail: string | undefined;
  readonly records: NonNullable<Activity['records']>;
}

const Details = ({ detail, records }: DetailsProps) => (
  <Stack gap="xs" align="flex-start" pb="xs">
    {detail !== undefined && <CopyableText text={detail} />}
    {records.length > 0 && (
      <RecordLinks title={records.length === 1 ? 'Record' : 'Records'} records={records} />
    )}
  </Stack>
);
