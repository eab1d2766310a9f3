// What concerns every screen, above it, for as long as it holds: a tab that is too old, a device
// without space, and work of others that waits here.

import { Alert, Box, Button, Group, Stack, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Account } from '../session/account.ts';
import { useLeftBehind } from '../session/left-behind.ts';
import { useDeviceFull } from '../storage/use-device-full.ts';
import { useSyncNow } from '../sync/use-sync-now.ts';
import { useServerNewer } from '../sync/use-server-newer.ts';
import { useSyncFlag } from '../sync/use-sync-status.ts';
import { takeNewVersion } from '../update/new-version.ts';
import { Fold } from './Fold.tsx';
import { LeftBehindNote } from './LeftBehindNote.tsx';

// Rarely needed, and not before the first use.
const StorageFacts = lazy(async () => ({
  default: (await import('./storage/StorageFacts.tsx')).StorageFacts,
}));

export const ShellNotices = ({ account }: { readonly account: Account }) => {
  const outdated = useSyncFlag('outdated');
  const serverNewer = useServerNewer();
  const full = useDeviceFull();
  const left = useLeftBehind(account);
  return (
    <Stack gap={0} className="notices">
      {outdated && <Outdated />}
      {serverNewer && !outdated && <ServerNewer />}
      {full && <DeviceFull />}
      {left.map((one) => (
        <Box key={one.database} px="md" py={6} role="note" bg="var(--mantine-color-gray-light)">
          <LeftBehindNote left={one} present={account} />
        </Box>
      ))}
    </Stack>
  );
};

const Outdated = () => (
  <Alert
    color="red"
    variant="filled"
    radius={0}
    role="alert"
    title="This tab has an older version. Reload."
  >
    <Group justify="space-between" gap="xs">
      <Text size="sm">
        Another tab runs a newer one. Until you reload, nothing can be saved or sent from here. What
        you saved is safe.
      </Text>
      <Button color="gray" variant="white" onClick={takeNewVersion}>
        Reload
      </Button>
    </Group>
  </Alert>
);

const ServerNewer = () => (
  <Alert color="yellow" radius={0} role="alert" title="The server has a newer version. Reload.">
    <Group justify="space-between" gap="xs">
      <Text size="sm">
        You can go on writing; what you save is kept here. It is sent when this page has been
        reloaded.
      </Text>
      <Button variant="default" onClick={takeNewVersion}>
        Reload
      </Button>
    </Group>
  </Alert>
);

const DeviceFull = () => {
  const syncNow = useSyncNow();
  return (
    <Alert color="red" radius={0} role="alert" title="This device is full">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Text size="sm">
            New changes can’t be saved here, and what others change is not received, until there is
            space. What you saved before is safe, and is still sent.
          </Text>
          <Button variant="light" color="red" onClick={syncNow}>
            Try again
          </Button>
        </Group>
        <Fold label="Space on this device">
          <Box maw={560} pt="xs">
            <Suspense fallback={null}>
              <StorageFacts />
            </Suspense>
          </Box>
        </Fold>
      </Stack>
    </Alert>
  );
};
