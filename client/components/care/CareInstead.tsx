// What stands in the log's place while there is nothing to list: being read, being received,
// unreadable, empty, or nothing found.

import { Alert, Button, EmptyState, Skeleton, Stack, Text } from '@mantine/core';
import type { Care } from '../../queries/care/use-care.ts';
import { useSyncStatus } from '../../sync/use-sync-status.ts';
import { Icon } from '../Icon.tsx';

interface CareInsteadProps {
  readonly care: Care;
  readonly onAdd: () => void;
  readonly onClear: () => void;
}

const ROWS = [30, 62, 55, 58, 30, 60, 52, 57] as const;

const Shape = ({ words }: { readonly words: string }) => (
  <Stack gap="lg" pt="sm" aria-busy="true">
    <Text size="sm" c="dimmed">
      {words}
    </Text>
    {ROWS.map((width, at) => (
      <Skeleton key={at} h={16} w={`${width}%`} />
    ))}
  </Stack>
);

export const CareInstead = ({ care, onAdd, onClear }: CareInsteadProps) => {
  const { state } = useSyncStatus();
  const away = state === 'offline' || state === 'unreachable';
  if (care.state === 'failed')
    return (
      <Alert color="red" title="The feedings could not be read">
        <Text size="sm">They are still on this device. Nothing was lost.</Text>
        <Text size="xs" c="dimmed" my="xs">
          {care.reason}
        </Text>
        <Button onClick={care.retry}>Try again</Button>
      </Alert>
    );
  if (care.state === 'loading') return <Shape words="" />;
  if (care.rows.length > 0)
    return (
      <EmptyState
        title={`No feeding has “${care.search}”`}
        icon={<Icon name="search" size={40} />}
        mt="xl"
      >
        <EmptyState.Actions>
          <Button variant="default" onClick={onClear}>
            Show all feedings
          </Button>
        </EmptyState.Actions>
      </EmptyState>
    );
  if (state === 'starting' || state === 'receiving') return <Shape words="Receiving feedings…" />;
  const what =
    'The log keeps when, what and how much, and shows how long ago the last one was and what a day adds up to.';
  return (
    <EmptyState
      title="No feedings yet"
      description={`${what} ${away ? 'You can add some now; those of others come when the server is back.' : 'Everybody in the workspace sees the same log.'}`}
      icon={<Icon name="bottle" size={40} />}
      mt="xl"
    >
      <EmptyState.Actions>
        <Button onClick={onAdd}>Add the first feeding</Button>
      </EmptyState.Actions>
    </EmptyState>
  );
};
