// An item that waits, is being sent or could not be sent, and one that was sent.

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { formatAgo, formatExact } from '../../queries/format.ts';
import { dependentsOf, type Item } from '../../queries/sync/items.ts';
import { useOutboxActions } from '../../queries/sync/use-outbox-actions.ts';
import { useWaitingWrites } from '../../queries/sync/use-waiting-writes.ts';
import { useWords } from '../../queries/sync/use-words.ts';
import { attemptsWords, stateWords, verdictWords } from '../../queries/sync/words.ts';
import { useNow } from '../../queries/use-now.ts';
import { useSyncStatus } from '../../sync/use-sync-status.ts';
import { CopyableDetails } from '../CopyableDetails.tsx';
import { Fact } from '../Fact.tsx';
import { Failure } from '../Failure.tsx';
import { DiscardButton } from './DiscardButton.tsx';
import { RecordLinks } from './RecordLinks.tsx';
import { WrittenParts } from './WrittenParts.tsx';

interface WhenProps {
  readonly label: string;
  readonly atMs: number | undefined;
  /** Before the time. */
  readonly words?: string;
}

export const When = ({ label, atMs, words = '' }: WhenProps) => {
  const nowMs = useNow(60_000);
  if (atMs === undefined) return null;
  return (
    <Fact label={label} size="sm">
      <span title={formatExact(atMs)}>
        {words}
        {formatAgo(atMs, nowMs)}
      </span>
    </Fact>
  );
};

interface WaitingItemProps {
  readonly item: Item;
  /** All that waits. */
  readonly waiting: readonly Item[];
  /** When it begins to be let go here. */
  readonly onDiscard: () => void;
  readonly onDiscarded: (file: string) => void;
}

export const WaitingItem = (props: WaitingItemProps) => {
  const { item, waiting, onDiscard, onDiscarded } = props;
  const { members, state, attempts, lastError, lastAttemptAtMs, createdAtMs } = item;
  const dependents = dependentsOf(item, waiting);
  const actions = useOutboxActions(item, dependents);
  const offline = useSyncStatus().state === 'offline';
  const needs = [...new Set(members.flatMap(({ dependsOn }) => dependsOn))];
  const writes = useWaitingWrites(item);
  const words = useWords(writes);
  const failed = state === 'failed';
  return (
    <Stack gap="md">
      {failed && (
        <Alert color="red" variant="outline" title="The server could not take it">
          <Text size="sm">
            It is kept on this device and tried again on its own. If it goes on, tell whoever runs
            the server what stands under Details.
          </Text>
        </Alert>
      )}
      <Stack component="dl" gap="xs" m={0}>
        <Fact label="State" size="sm">
          {stateWords(state)}
        </Fact>
        <When label="Since" atMs={createdAtMs} />
        {attempts > 0 && (
          <When
            label="Last try"
            atMs={lastAttemptAtMs}
            words={`${attemptsWords(attempts)}, the last time `}
          />
        )}
      </Stack>
      <RecordLinks title={members.length > 1 ? 'Sent together' : 'Record'} records={members} />
      <WrittenParts writes={writes} words={words} />
      {needs.length > 0 && <RecordLinks title="Sent after" records={needs.map(about)} />}
      {lastError !== undefined && <CopyableDetails text={lastError} />}
      <Failure words={actions.failure} />
      <Group gap="xs" justify="flex-end">
        <DiscardButton {...{ item, dependents, actions, onDiscard, onDiscarded }} />
        <Button
          disabled={offline || state === 'syncing'}
          loading={actions.busy}
          onClick={() => void actions.retry()}
        >
          {failed ? 'Try again' : 'Send now'}
        </Button>
      </Group>
      {offline && (
        <Text size="sm" c="dimmed" ta="end">
          Sending needs a network; it starts on its own then.
        </Text>
      )}
    </Stack>
  );
};

/** `collection/id` in its parts; an id may contain the sign, too. */
const about = (key: string): { readonly collection: string; readonly id: string } => {
  const at = key.indexOf('/');
  return { collection: key.slice(0, at), id: key.slice(at + 1) };
};

export const SentItem = ({ item }: { readonly item: Item }) => (
  <Stack gap="md">
    <Stack component="dl" gap="xs" m={0}>
      <Fact label="State" size="sm">
        {verdictWords(item)}
      </Fact>
      <When label="Written" atMs={item.createdAtMs} />
      <When label="Sent" atMs={item.first.settledAtMs} />
    </Stack>
    <RecordLinks
      title={item.members.length > 1 ? 'Sent together' : 'Record'}
      records={item.members}
    />
  </Stack>
);
