// The Sync centre's tabs, each with an address of its own and a number of what is in it.

import { Badge, Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatNumber } from '../../queries/format.ts';
import { navigate, SYNC_TABS, syncAddress, syncTab, type SyncTab } from '../../router.ts';
import { useNeedsCount, useWaitingCount } from '../../sync/use-sync-status.ts';

const NAMES: Readonly<Record<SyncTab, string>> = {
  waiting: 'Waiting',
  'needs-you': 'Needs you',
  activity: 'Activity',
  device: 'This device',
};

interface SyncTabsProps {
  readonly tab: SyncTab;
  readonly children: ReactNode;
}

const show = (value: string | null): void => {
  const tab = syncTab(value ?? undefined);
  if (tab) navigate(syncAddress(tab));
};

export const SyncTabs = ({ tab, children }: SyncTabsProps) => {
  const counts: Readonly<Partial<Record<SyncTab, number>>> = {
    waiting: useWaitingCount(),
    'needs-you': useNeedsCount(),
  };
  return (
    <Tabs value={tab} onChange={show} keepMounted={false} className="sync-tabs">
      <Tabs.List aria-label="Parts of the Sync centre">
        {SYNC_TABS.map((name) => (
          <Tabs.Tab
            key={name}
            value={name}
            rightSection={
              (counts[name] ?? 0) > 0 && (
                <Badge
                  size="sm"
                  px={6}
                  flex="none"
                  variant="filled"
                  color={name === 'needs-you' ? 'red' : 'gray'}
                  autoContrast
                >
                  {formatNumber(counts[name] ?? 0)}
                </Badge>
              )
            }
          >
            {NAMES[name]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab} pt="md">
        {children}
      </Tabs.Panel>
    </Tabs>
  );
};
