// What stands in a list's place while there is nothing to list: being read, being received,
// unreadable, empty, or nothing found.

import { Button, EmptyState, Stack } from '@mantine/core';
import { useSyncStatus } from '../sync/use-sync-status.ts';
import { Icon, type IconName } from './Icon.tsx';
import { ListShape } from './ListShape.tsx';
import { ReadFailed } from './ReadFailed.tsx';
import { SampleOffer } from './SampleOffer.tsx';

interface ListInsteadProps {
  readonly list: {
    readonly state: 'loading' | 'ready' | 'failed';
    readonly reason: string | undefined;
    readonly retry: () => void;
    readonly search: string;
    /** How many there are, found or not. */
    readonly total: number;
    /** Whether some are left out by more than the search. */
    readonly filtered?: boolean;
  };
  readonly label: { readonly one: string; readonly many: string };
  readonly icon: IconName;
  /** What these records are for, in a sentence. */
  readonly about: string;
  readonly mayAdd: boolean;
  readonly onAdd: () => void;
  readonly onClear: () => void;
}

export const ListInstead = (props: ListInsteadProps) => {
  const { list, label } = props;
  const { state } = useSyncStatus();
  if (list.state === 'failed')
    return (
      <ReadFailed
        title={`The ${label.many} could not be read`}
        safe="They are still on this device."
        reason={list.reason}
        onRetry={list.retry}
      />
    );
  if (list.state === 'loading') return <ListShape words="Opening" />;
  if (list.total > 0) return <NothingFound {...props} />;
  if (state === 'starting' || state === 'receiving')
    return <ListShape words={`Receiving ${label.many}`} />;
  return <Nothing {...props} away={state === 'offline' || state === 'unreachable'} />;
};

const NothingFound = ({ list: { search, filtered }, label, onClear }: ListInsteadProps) => (
  <EmptyState
    title={search ? `No ${label.one} has “${search}”` : `No ${label.one} is like that`}
    description={search && filtered ? 'The filter leaves some out, too.' : undefined}
    icon={<Icon name="search" size={40} />}
    mt="xl"
  >
    <EmptyState.Actions>
      <Button variant="default" onClick={onClear}>
        Show all {label.many}
      </Button>
    </EmptyState.Actions>
  </EmptyState>
);

const next = (mayAdd: boolean, away: boolean): string => {
  if (!mayAdd) return 'They appear here as soon as somebody adds one.';
  return away
    ? 'You can add some now; what others added arrives once you are connected.'
    : 'Everybody in the workspace sees them.';
};

const Nothing = (props: ListInsteadProps & { readonly away: boolean }) => {
  const { label, icon, about, mayAdd, away, onAdd } = props;
  return (
    <EmptyState
      title={`No ${label.many} yet`}
      description={`${about} ${next(mayAdd, away)}`}
      icon={<Icon name={icon} size={40} />}
      mt="xl"
    >
      {mayAdd && (
        <Stack align="center" gap="sm" mt="md">
          <Button onClick={onAdd}>Add the first {label.one}</Button>
          <SampleOffer away={away} />
        </Stack>
      )}
    </EmptyState>
  );
};
