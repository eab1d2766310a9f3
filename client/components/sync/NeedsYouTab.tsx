// What waits for this person: changes that were not accepted, changes that could not be sent, and
// versions to decide between.

import { Anchor, Button, EmptyState, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { plural } from '../../queries/format.ts';
import type { EntryRow } from '../../queries/inbox/entries.ts';
import { useHere, useInbox, usePeople } from '../../queries/inbox/use-inbox.ts';
import { findItem, type Item, type Items } from '../../queries/sync/items.ts';
import { useRetryAll, type RetryAll } from '../../queries/sync/use-retry-all.ts';
import { settleAddress } from '../../router.ts';
import { useCalmStatus } from '../../sync/use-sync-status.ts';
import { Failure } from '../Failure.tsx';
import { follow } from '../follow.ts';
import { Icon } from '../Icon.tsx';
import { EntryLine } from '../inbox/EntryLine.tsx';
import { ItemList, RowList } from './ItemList.tsx';

/** More of them are better found in the inbox itself. */
const SHOWN = 20;
/** Of changes; all of them are counted. */
const MOST_ITEMS = 100;

interface NeedsYouTabProps {
  readonly items: Items;
  readonly open: string | undefined;
  /** After refused changes were made anew. */
  readonly onRetried: (items: readonly Item[]) => void;
}

export const NeedsYouTab = ({ items: { refused, failed }, open, onRetried }: NeedsYouTabProps) => {
  const { parts } = useInbox();
  const { nowMs } = useHere();
  const entries = parts.open;
  const all = useRetryAll();
  const tryAll = async (): Promise<void> => {
    const tried = await all.retry(refused);
    if (tried.length > 0) onRetried(tried);
  };
  const key = open === undefined ? undefined : findItem([...refused, ...failed], open)?.key;
  return (
    <Stack gap="lg">
      {refused.length + failed.length + entries.length === 0 && <Nothing />}
      <Part
        title={`Not accepted: ${plural(refused.length, 'change', 'changes')}`}
        count={refused.length}
      >
        {refused.length > 1 && <TryAll all={all} onTry={() => void tryAll()} />}
        <ItemList
          label="Not accepted"
          items={refused.slice(0, MOST_ITEMS)}
          nowMs={nowMs}
          open={key}
        />
      </Part>
      <Part
        title={`Could not be sent: ${plural(failed.length, 'change', 'changes')}`}
        count={failed.length}
      >
        <ItemList label="Could not be sent" items={failed} nowMs={nowMs} open={key} />
      </Part>
      <Part
        title={`Two versions: ${plural(entries.length, 'record', 'records')}`}
        count={entries.length}
      >
        <Conflicts entries={entries.slice(0, SHOWN)} />
      </Part>
      <Anchor href="/inbox" onClick={follow} size="sm" className="touch-link">
        Inbox: all versions, what was overwritten, and what was decided
      </Anchor>
    </Stack>
  );
};

/** What the server would say of it is not known where this person is not let in. */
const Nothing = () => {
  const { state } = useCalmStatus();
  const why = state === 'notMember' ? 'a member' : state === 'loggedOut' ? 'logged in' : undefined;
  return (
    <EmptyState
      title={why === undefined ? 'Nothing needs you' : `Nothing arrives while you are not ${why}`}
      description="What the server does not accept, and what two people changed at the same time, waits here for you."
      icon={<Icon name={why === undefined ? 'check' : 'alert'} size={40} />}
      mt="md"
    />
  );
};

interface TryAllProps {
  readonly all: RetryAll;
  readonly onTry: () => void;
}

/** After one mistake, about a role for example, all of them may be accepted. */
const TryAll = ({ all: { progress, failure }, onTry }: TryAllProps) => (
  <Stack gap="xs" my="xs">
    <Group gap="sm">
      <Button variant="default" loading={progress !== undefined} onClick={onTry}>
        Try all again
      </Button>
      {progress !== undefined && (
        <Text size="sm" c="dimmed" className="digits">
          {progress}
        </Text>
      )}
    </Group>
    <Failure words={failure} />
  </Stack>
);

interface PartProps {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}

const Part = ({ title, count, children }: PartProps) =>
  count > 0 && (
    <section aria-label={title}>
      <Title order={2} size="sm" mb={4}>
        {title}
      </Title>
      {children}
    </section>
  );

const Conflicts = ({ entries }: { readonly entries: readonly EntryRow[] }) => {
  const people = usePeople();
  const here = useHere();
  return (
    <RowList label="Two versions">
      {entries.map((entry, index) => (
        <li key={entry.id}>
          <EntryLine {...{ entry, index, people, here }} href={settleAddress(entry.id)} decide />
        </li>
      ))}
    </RowList>
  );
};
