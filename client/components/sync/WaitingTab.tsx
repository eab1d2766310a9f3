// What waits to be sent, in the order in which it was written, and what was sent last.

import { Collapse, Button, EmptyState, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useId } from 'react';
import { formatNumber, plural } from '../../queries/format.ts';
import { findItem, type Item, type Items } from '../../queries/sync/items.ts';
import { countWords } from '../../queries/sync/words.ts';
import { useNow } from '../../queries/use-now.ts';
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

const Sent = ({ items, nowMs, open }: SentProps) => {
  const [shown, fold] = useDisclosure(false);
  const id = useId();
  return (
    <section aria-label="Sent">
      <Title order={2} size="sm" fw={500}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          px={0}
          className="fold"
          leftSection={<Icon name="chevron" size={16} />}
          aria-expanded={shown}
          aria-controls={shown ? id : undefined}
          onClick={fold.toggle}
        >
          Sent: the last {plural(items.length, 'change', 'changes')}
        </Button>
      </Title>
      <Collapse expanded={shown} id={id} keepMounted={false}>
        <ItemList label="Sent" items={items} nowMs={nowMs} open={open} />
      </Collapse>
    </section>
  );
};
