// What waits to be sent, in the order in which it was written, and what was sent last.

import { EmptyState, Stack, Text } from '@mantine/core';
import { formatNumber, plural } from '../../queries/format.ts';
import { findItem, type Item, type Items } from '../../queries/sync/items.ts';
import { countWords } from '../../queries/sync/words.ts';
import { useNow } from '../../queries/use-now.ts';
import { Fold } from '../Fold.tsx';
import { Icon } from '../Icon.tsx';
import { ItemList } from './ItemList.tsx';

interface WaitingTabProps {
  readonly items: Items;
  /** What the address has open. */
  readonly open: string | undefined;
}

export const WaitingTab = ({ items, open }: WaitingTabProps) => {
  const { waiting, more, finished, counts } = items;
  const nowMs = useNow(60_000);
  const chosen = open === undefined ? undefined : findItem(waiting, open)?.key;
  return (
    <Stack gap="md">
      {waiting.length === 0 ? (
        <EmptyState
          title="Nothing waits"
          description="What you change stands here until the server has it."
          icon={<Icon name="check" size={40} />}
          mt="md"
        />
      ) : (
        <section aria-label="Waiting">
          <Text size="sm" c="dimmed" mb={4} className="digits">
            {countWords(counts)}
          </Text>
          <ItemList label="Waiting" items={waiting} nowMs={nowMs} open={chosen} />
          {more > 0 && (
            <Text size="sm" c="dimmed" mt="xs">
              and {formatNumber(more)} more
            </Text>
          )}
        </section>
      )}
      {finished.length > 0 && <Sent items={finished} nowMs={nowMs} open={open} />}
    </Stack>
  );
};

interface SentProps {
  readonly items: readonly Item[];
  readonly nowMs: number;
  readonly open: string | undefined;
}

const Sent = ({ items, nowMs, open }: SentProps) => (
  <section aria-label="Sent">
    <Fold label={`Sent: the last ${plural(items.length, 'change', 'changes')}`}>
      <ItemList label="Sent" items={items} nowMs={nowMs} open={open} />
    </Fold>
  </section>
);
