// What stands in the inbox's place while there is nothing to list there.

import { EmptyState } from '@mantine/core';
import type { Phase } from '../../queries/inbox/entries.ts';
import type { Inbox } from '../../queries/inbox/use-inbox.ts';
import { useSyncStatus } from '../../sync/use-sync-status.ts';
import { Icon } from '../Icon.tsx';
import { ListShape } from '../ListShape.tsx';
import { ReadFailed } from '../ReadFailed.tsx';

interface InboxInsteadProps {
  readonly inbox: Inbox;
  readonly part: Phase;
}

const EMPTY: Readonly<Record<Phase, readonly [title: string, about: string]>> = {
  open: [
    'Nothing waits for you',
    'When two people change the same thing at the same time and only a person can say which is right, both versions wait here.',
  ],
  information: [
    'Nothing was overwritten',
    'When somebody else’s change takes the place of yours, your version is kept here.',
  ],
  settled: ['Nothing settled yet', 'What was decided here, and by whom, stays here for a while.'],
};

export const InboxInstead = ({ inbox, part }: InboxInsteadProps) => {
  const { state } = useSyncStatus();
  if (inbox.state === 'failed')
    return (
      <ReadFailed
        title="The inbox could not be read"
        safe="It is still on this device."
        reason={inbox.reason}
        onRetry={inbox.retry}
      />
    );
  if (inbox.state === 'loading') return <ListShape words="Opening" />;
  if (state === 'starting' || state === 'receiving') return <ListShape words="Receiving" />;
  const [title, about] = EMPTY[part];
  const away = state === 'offline' || state === 'unreachable';
  return (
    <EmptyState
      title={title}
      description={away ? `${about} What is new arrives once you are connected.` : about}
      icon={<Icon name={part === 'open' ? 'check' : 'inbox'} size={40} />}
      mt="xl"
    />
  );
};
