// Whose work this is, the search, how the device and the server stand, and the user's menu. On a
// phone the screen's title, and the search behind a button.

import { ActionIcon, Box, Group, Image, Text } from '@mantine/core';
import { useState } from 'react';
import { labelOf, moduleFaces, type ModuleName } from '../modules.ts';
import type { Route } from '../router.ts';
import type { Account } from '../session/account.ts';
import { Icon } from './Icon.tsx';
import { ModuleSearch } from './ModuleSearch.tsx';
import { SyncIndicator } from './SyncIndicator.tsx';
import { UserMenu } from './UserMenu.tsx';

export interface BarProps {
  readonly account: Account;
  readonly route: Route;
  /** The module that is shown, if one is. */
  readonly module: ModuleName | undefined;
}

export const WideBar = ({ account, route, module }: BarProps) => (
  <Group h="100%" px="md" gap="md" wrap="nowrap">
    <Group gap="xs" wrap="nowrap" w={204} flex="none" miw={0}>
      <Image src="/icon.svg" alt="Holdfast" w={28} h={28} />
      <Text fw={600} c="bright" truncate dir="auto" title={account.workspace.name}>
        {account.workspace.name}
      </Text>
    </Group>
    {module && (
      <ModuleSearch
        key={module}
        label={moduleFaces[module].search}
        inAddress={route.query.get('q') ?? ''}
        byKey={route.open === undefined}
      />
    )}
    <Group gap="xs" wrap="nowrap" ms="auto">
      <SyncIndicator email={account.user.email} />
      <UserMenu account={account} />
    </Group>
  </Group>
);

export const NarrowBar = ({ account, route, module }: BarProps) => {
  const inAddress = route.query.get('q') ?? '';
  const [asked, ask] = useState(false);
  const label = module && moduleFaces[module].search;
  const searching = label !== undefined && (asked || inAddress !== '');
  return (
    <Group h="100%" px="sm" gap={4} wrap="nowrap">
      {searching ? (
        <ModuleSearch
          key={module}
          label={label}
          inAddress={inAddress}
          byKey={false}
          onClose={() => ask(false)}
        />
      ) : (
        <>
          <Box flex="none" maw="30%" me="auto" aria-hidden>
            <Text fw={700} lh={1.25} c="bright" truncate>
              {labelOf(route.screen) ?? 'Holdfast'}
            </Text>
            <Text size="xs" c="dimmed" lh={1.25} truncate dir="auto">
              {account.workspace.name}
            </Text>
          </Box>
          {label !== undefined && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={44}
              aria-label={label}
              onClick={() => ask(true)}
            >
              <Icon name="search" size={20} />
            </ActionIcon>
          )}
        </>
      )}
      <SyncIndicator email={account.user.email} compact={searching} />
      {!searching && <UserMenu account={account} />}
    </Group>
  );
};
