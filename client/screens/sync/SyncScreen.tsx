// The Sync centre: what waits and what was sent, what needs this person, what was done, and this
// device.

import { Anchor, Container, EmptyState, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { follow } from '../../components/follow.ts';
import { Icon } from '../../components/Icon.tsx';
import { NoticeBar } from '../../components/NoticeBar.tsx';
import { ActivityTab } from '../../components/sync/ActivityTab.tsx';
import { DeviceTab } from '../../components/sync/DeviceTab.tsx';
import { ItemSheet } from '../../components/sync/ItemSheet.tsx';
import { NeedsYouTab } from '../../components/sync/NeedsYouTab.tsx';
import { NotReady } from '../../components/sync/NotReady.tsx';
import { SyncHeader } from '../../components/sync/SyncHeader.tsx';
import { SyncTabs } from '../../components/sync/SyncTabs.tsx';
import { WaitingTab } from '../../components/sync/WaitingTab.tsx';
import { deedWords, retriedOf, type Deed } from '../../queries/sync/deed-words.ts';
import type { Item } from '../../queries/sync/items.ts';
import { useOutbox } from '../../queries/sync/use-outbox.ts';
import { navigate, openItem, syncAddress, syncTab, type SyncTab } from '../../router.ts';
import type { ModuleScreenProps } from '../module-screen.ts';

const MOMENT_MS = 8_000;

const SyncScreen = ({ open, query }: ModuleScreenProps) => {
  const tab = syncTab(open);
  return (
    <Container size={1200} py="md" px="md">
      {tab === undefined ? (
        <EmptyState
          title="There is nothing at this address"
          icon={<Icon name="search" size={40} />}
          mt="xl"
        >
          <EmptyState.Actions>
            <Anchor href={syncAddress('waiting')} onClick={follow}>
              Go to the Sync centre
            </Anchor>
          </EmptyState.Actions>
        </EmptyState>
      ) : (
        <Stack gap="md">
          <SyncHeader />
          <SyncTabs tab={tab}>
            <Shown tab={tab} query={query} />
          </SyncTabs>
        </Stack>
      )}
    </Container>
  );
};

interface ShownProps {
  readonly tab: SyncTab;
  readonly query: URLSearchParams;
}

const Shown = ({ tab, query }: ShownProps) => {
  switch (tab) {
    case 'waiting':
    case 'needs-you':
      return <OutboxPart tab={tab} query={query} />;
    case 'activity':
      return <ActivityTab query={query} />;
    case 'device':
      return <DeviceTab query={query} />;
  }
};

const OutboxPart = ({ tab, query }: ShownProps) => {
  const read = useOutbox();
  const [deed, tell] = useState<Deed>();
  useEffect(() => {
    if (deed === undefined) return undefined;
    const timer = setTimeout(tell, MOMENT_MS, undefined);
    return () => clearTimeout(timer);
  }, [deed]);
  if (read.state !== 'ready') return <NotReady read={read} what="What waits" />;
  const items = read.value;
  const open = openItem(query);
  const retried = (which: readonly Item[]): void => tell(retriedOf(which, items));
  const { words, waits = false } = deed === undefined ? {} : deedWords(deed, items);
  return (
    <>
      {tab === 'waiting' ? (
        <WaitingTab items={items} open={open} />
      ) : (
        <NeedsYouTab items={items} open={open} onRetried={retried} />
      )}
      <ItemSheet
        {...{ items, open, tab, query }}
        onRetried={retried}
        onDiscarded={(file) => tell({ kind: 'discarded', file })}
      />
      <NoticeBar
        words={words}
        action={waits ? 'Show' : undefined}
        onAction={() => {
          tell(undefined);
          navigate(syncAddress('waiting'));
        }}
      />
    </>
  );
};

export default SyncScreen;
