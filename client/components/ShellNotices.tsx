// What concerns every screen, above it, for as long as it holds: a tab that is too old, a device
// without space, and work of others that waits here.

import { Alert, Box, Stack } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Account } from '../session/account.ts';
import { useLeftBehind } from '../session/left-behind.ts';
import { useDeviceFull } from '../storage/use-device-full.ts';
import { useServerNewer } from '../sync/use-server-newer.ts';
import { useSyncFlag } from '../sync/use-sync-status.ts';
import { LeftBehindNote } from './LeftBehindNote.tsx';
import { ScreenBoundary } from './ScreenBoundary.tsx';

// Rarely needed, and not before the first use. The title is said also without a network.
const RareNotice = lazy(() => import('./RareNotice.tsx'));
const TITLES = {
  outdated: 'This tab has an older version. Reload.',
  serverNewer: 'The server has a newer version. Reload.',
  full: 'This device is full',
} as const;

export const ShellNotices = ({ account }: { readonly account: Account }) => {
  const outdated = useSyncFlag('outdated');
  const serverNewer = useServerNewer();
  const full = useDeviceFull();
  const left = useLeftBehind(account);
  const kinds = [
    ...(outdated ? (['outdated'] as const) : []),
    ...(serverNewer && !outdated ? (['serverNewer'] as const) : []),
    ...(full ? (['full'] as const) : []),
  ];
  return (
    <Stack gap={0} className="notices">
      {kinds.map((kind) => (
        <ScreenBoundary
          key={kind}
          instead={<Alert color="red" radius={0} role="alert" title={TITLES[kind]} />}
        >
          <Suspense fallback={null}>
            <RareNotice kind={kind} title={TITLES[kind]} />
          </Suspense>
        </ScreenBoundary>
      ))}
      {left.map((one) => (
        <Box key={one.database} px="md" py={6} role="note" bg="var(--mantine-color-gray-light)">
          <LeftBehindNote left={one} present={account} />
        </Box>
      ))}
    </Stack>
  );
};
