// What this device has done, newest first: all of it, what went wrong, what met.

import {
  ActionIcon,
  Button,
  EmptyState,
  Group,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useRef, useState } from 'react';
import type { Activity } from '../../../replication/index.ts';
import { useZone } from '../../queries/care/use-zone.ts';
import { downloadText } from '../../queries/download.ts';
import { plural } from '../../queries/format.ts';
import {
  activityCsv,
  FILTERS,
  filterOf,
  findActivity,
  type Filter,
} from '../../queries/sync/activity.ts';
import { useActivity } from '../../queries/sync/use-activity.ts';
import { useNow } from '../../queries/use-now.ts';
import { useSearch } from '../../queries/use-search.ts';
import { navigate, withFilter } from '../../router.ts';
import { Icon } from '../Icon.tsx';
import { useNarrow } from '../use-narrow.ts';
import { ActivityEntry } from './ActivityEntry.tsx';
import { NotReady } from './NotReady.tsx';

const NAMES: Readonly<Record<Filter, string>> = {
  all: 'All',
  errors: 'Errors',
  conflicts: 'Conflicts',
};
const PAGE = 100;

const show = (filter: string): void =>
  navigate(withFilter('show', filter === 'all' ? undefined : filter), 'replace');

export const ActivityTab = ({ query }: { readonly query: URLSearchParams }) => {
  const read = useActivity();
  const filter = filterOf(query);
  const inAddress = query.get('q') ?? '';
  if (read.state !== 'ready') return <NotReady read={read} what="The activity" />;
  const found = findActivity(read.value, filter, inAddress);
  return (
    <Stack gap="sm">
      <Tools filter={filter} inAddress={inAddress} found={found} />
      {found.length === 0 ? (
        <Nothing filter={filter} search={inAddress} />
      ) : (
        <Entries key={`${filter} ${inAddress}`} entries={found} />
      )}
    </Stack>
  );
};

interface ToolsProps {
  readonly filter: Filter;
  readonly inAddress: string;
  readonly found: readonly Activity[];
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && target.type !== 'radio';

const Tools = ({ filter, inAddress, found }: ToolsProps) => {
  const [text, search] = useSearch(inAddress);
  const box = useRef<HTMLInputElement>(null);
  const zone = useZone();
  const narrow = useNarrow();
  // Also from the filters, which are inputs that take no text.
  const find = (event: KeyboardEvent): void => {
    if (isTyping(event.target)) return;
    event.preventDefault();
    box.current?.focus();
  };
  useHotkeys([['/', find, { preventDefault: false }]], ['TEXTAREA', 'SELECT']);
  const give = (): void => {
    const day = new Date().toISOString().slice(0, 10);
    downloadText(`holdfast-activity-${day}.csv`, 'text/csv', activityCsv(found, zone));
  };
  return (
    <Group gap="sm">
      <SegmentedControl
        aria-label="What to show"
        w={narrow ? '100%' : undefined}
        data={FILTERS.map((value) => ({ value, label: NAMES[value] }))}
        value={filter}
        onChange={show}
      />
      <TextInput
        ref={box}
        flex="1 1 10rem"
        maw={360}
        role="searchbox"
        aria-label="Search the activity"
        placeholder="Search the activity"
        leftSection={<Icon name="search" />}
        value={text}
        onChange={(event) => search(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && search('')}
      />
      <ActionIcon
        variant="default"
        size={36}
        ms="auto"
        aria-label={`Export ${plural(found.length, 'entry', 'entries')} as a table (CSV)`}
        disabled={found.length === 0}
        onClick={give}
      >
        <Icon name="download" />
      </ActionIcon>
    </Group>
  );
};

const Entries = ({ entries }: { readonly entries: readonly Activity[] }) => {
  const nowMs = useNow(60_000);
  const [count, setCount] = useState(PAGE);
  return (
    <>
      <ul className="entries" aria-label="Activity">
        {entries.slice(0, count).map((entry) => (
          <ActivityEntry key={entry.id} entry={entry} nowMs={nowMs} />
        ))}
      </ul>
      {entries.length > count && (
        <Button variant="default" onClick={() => setCount(count + PAGE)}>
          Show {plural(Math.min(PAGE, entries.length - count), 'more entry', 'more entries')}
        </Button>
      )}
      <Text size="xs" c="dimmed">
        The last 500 entries are kept, on this device only.
      </Text>
    </>
  );
};

const EMPTY: Readonly<Record<Filter, readonly [title: string, about: string]>> = {
  all: ['Nothing happened yet', 'What this device sends and receives is written down here.'],
  errors: ['No errors', 'When something goes wrong, it is written down here with its details.'],
  conflicts: [
    'No conflicts',
    'When two people change the same thing at the same time, it is written down here.',
  ],
};

interface NothingProps {
  readonly filter: Filter;
  readonly search: string;
}

const Nothing = ({ filter, search }: NothingProps) => {
  const [title, about] = EMPTY[filter];
  return (
    <EmptyState
      title={search ? `Nothing has “${search}”` : title}
      description={search ? 'Try another word, or show everything.' : about}
      icon={<Icon name={search ? 'search' : 'check'} size={40} />}
      mt="md"
    />
  );
};
