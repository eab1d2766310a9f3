// What stands around every screen: the workspace's name, the sync indicator, the user's menu.

import { AppShell, Group, Image, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Account } from '../session/account.ts';
import { SyncIndicator } from './SyncIndicator.tsx';
import { UserMenu } from './UserMenu.tsx';

interface ShellProps {
  readonly account: Account;
  readonly children: ReactNode;
}

export const Shell = ({ account, children }: ShellProps) => (
  <AppShell header={{ height: 56 }}>
    <AppShell.Header>
      <Group h="100%" px="md" maw={1200} mx="auto" gap="xs" wrap="nowrap" justify="space-between">
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Image src="/icon.svg" alt="Holdfast" w={28} h={28} />
          <Text fw={600} truncate visibleFrom="sm" dir="auto" title={account.workspace.name}>
            {account.workspace.name}
          </Text>
        </Group>
        <Group gap="xs" wrap="nowrap">
          <SyncIndicator email={account.user.email} />
          <UserMenu account={account} />
        </Group>
      </Group>
    </AppShell.Header>
    <AppShell.Main>{children}</AppShell.Main>
  </AppShell>
);
