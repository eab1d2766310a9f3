// Who is logged in, how the page looks, and the way out.

import { ActionIcon, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useState } from 'react';
import type { Account } from '../session/account.ts';
import { Icon } from './Icon.tsx';
import { ScreenBoundary } from './ScreenBoundary.tsx';

const LogOutDialog = lazy(() => import('./LogOutDialog.tsx'));

const SCHEMES = { light: 'Light', dark: 'Dark', auto: 'Same as the system' } as const;
const schemes = ['light', 'dark', 'auto'] as const;

export const UserMenu = ({ account }: { readonly account: Account }) => {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [asked, ask] = useDisclosure(false);
  // From the first time on, so that it can close as it opens.
  const [isThere, make] = useState(false);
  const name = account.user.name || account.user.email;
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="default" size={40} radius="xl" aria-label={`Menu of ${name}`}>
            <Icon name="user" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text size="sm" c="bright" fw={600} truncate dir="auto">
              {name}
            </Text>
            <Text size="xs" truncate>
              {account.user.email}
            </Text>
            <Text size="xs" truncate dir="auto">
              {account.workspace.name}
            </Text>
          </Menu.Label>
          <Menu.Divider />
          <Menu.RadioGroup value={colorScheme}>
            {schemes.map((scheme) => (
              <Menu.RadioItem key={scheme} value={scheme} onClick={() => setColorScheme(scheme)}>
                {SCHEMES[scheme]}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item
            onClick={() => {
              make(true);
              ask.open();
            }}
          >
            Log out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isThere && (
        <ScreenBoundary instead={<span role="alert">Reload to log out</span>}>
          <Suspense fallback={null}>
            <LogOutDialog opened={asked} onClose={ask.close} />
          </Suspense>
        </ScreenBoundary>
      )}
    </>
  );
};
