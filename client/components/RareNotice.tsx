// What is said above every screen when something is out of the ordinary.

import { Alert, Box, Button, Group, Stack, Text } from '@mantine/core';
import { useSyncNow } from '../sync/use-sync-now.ts';
import { takeNewVersion } from '../update/new-version.ts';
import { Fold } from './Fold.tsx';
import { StorageFacts } from './storage/StorageFacts.tsx';

interface RareNoticeProps {
  readonly kind: 'outdated' | 'serverNewer' | 'full';
  readonly title: string;
}

const RareNotice = ({ kind, title }: RareNoticeProps) => {
  if (kind === 'outdated') return <Outdated title={title} />;
  return kind === 'full' ? <DeviceFull title={title} /> : <ServerNewer title={title} />;
};

export default RareNotice;

type TitleProps = Pick<RareNoticeProps, 'title'>;

const Outdated = ({ title }: TitleProps) => (
  <Alert color="red" variant="filled" radius={0} role="alert" title={title}>
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

const ServerNewer = ({ title }: TitleProps) => (
  <Alert color="yellow" radius={0} role="alert" title={title}>
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

const DeviceFull = ({ title }: TitleProps) => {
  const syncNow = useSyncNow();
  return (
    <Alert color="red" radius={0} role="alert" title={title}>
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
            <StorageFacts />
          </Box>
        </Fold>
      </Stack>
    </Alert>
  );
};
