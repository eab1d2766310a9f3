// What stands in the list's place while there is nothing to list: being read, being received,
// unreadable, empty, or nothing found.

import { Alert, Button, EmptyState, Skeleton, Stack, Text } from '@mantine/core';
import type { Pins } from '../../queries/map/use-pins.ts';
import { useSyncStatus } from '../../sync/use-sync-status.ts';
import { Icon } from '../Icon.tsx';

interface PinsInsteadProps {
  readonly pins: Pins;
  readonly onAdd: () => void;
  readonly onClear: () => void;
}

const ROWS = [70, 45, 60, 52, 66, 40, 58, 48] as const;

const Shape = ({ words }: { readonly words: string }) => (
  <Stack gap="lg" pt="sm" aria-busy="true">
    <Text size="sm" c="dimmed">
      {words}
    </Text>
    {ROWS.map((width) => (
      <Skeleton key={width} h={16} w={`${width}%`} />
    ))}
  </Stack>
);

export const PinsInstead = ({ pins, onAdd, onClear }: PinsInsteadProps) => {
  const { state } = useSyncStatus();
  const away = state === 'offline' || state === 'unreachable';
  if (pins.state === 'failed')
    return (
      <Alert color="red" title="The pins could not be read">
        <Text size="sm">They are still on this device. Nothing was lost.</Text>
        <Text size="xs" c="dimmed" my="xs">
          {pins.reason}
        </Text>
        <Button onClick={pins.retry}>Try again</Button>
      </Alert>
    );
  if (pins.state === 'loading') return <Shape words="" />;
  if (pins.total > 0)
    return (
      <EmptyState
        title={pins.search ? `No pin has “${pins.search}”` : 'No pin is like that'}
        description={
          pins.search && pins.filtered ? 'Some kinds or statuses are left out, too.' : undefined
        }
        icon={<Icon name="search" size={40} />}
        mt="xl"
      >
        <EmptyState.Actions>
          <Button variant="default" onClick={onClear}>
            Show all pins
          </Button>
        </EmptyState.Actions>
      </EmptyState>
    );
  if (state === 'starting' || state === 'receiving') return <Shape words="Receiving pins…" />;
  return (
    <EmptyState
      title="No pins yet"
      description={
        away
          ? 'Pins mark places: a hazard, a sample, a site to visit. You can add some now; those of others come when the server is back.'
          : 'Pins mark places: a hazard, a sample, a site to visit. They are kept on this device and shared with everybody in the workspace.'
      }
      icon={<Icon name="pin" size={40} />}
      mt="xl"
    >
      <EmptyState.Actions>
        <Button onClick={onAdd}>Add the first pin</Button>
      </EmptyState.Actions>
    </EmptyState>
  );
};
