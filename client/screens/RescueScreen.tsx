// In place of the workspace where its data can't be opened: what happened, what is safe, and a way to
// save what was not sent before anything is given up.

import { Alert, Box, Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { isDeviceFull, isOutdated } from '../../replication/index.ts';
import { Fold } from '../components/Fold.tsx';
import { Icon } from '../components/Icon.tsx';
import { StartAgainDialog } from '../components/rescue/StartAgainDialog.tsx';
import { StorageFacts } from '../components/storage/StorageFacts.tsx';
import { plural } from '../queries/format.ts';
import { useRescue, type Rescue } from '../rescue/use-rescue.ts';
import type { Account } from '../session/account.ts';

interface RescueScreenProps {
  readonly account: Account;
  readonly cause: unknown;
}

const happened = (cause: unknown): { readonly title: string; readonly words: string } => {
  if (isOutdated(cause))
    return {
      title: 'This tab has an older version. Reload.',
      words:
        'A newer version has been used on this device, and its data are not for this one. If a reload does not help, the server was set back to an older version: ask whoever runs it.',
    };
  if (isDeviceFull(cause))
    return {
      title: 'This device is full',
      words: 'The browser needs some space to open your data. Free some, then try again.',
    };
  return {
    title: 'This browser could not open your data',
    words:
      'Something on this device is in the way: a damaged disk or file, a private window, or the browser itself. Closing the browser and opening it again often helps.',
  };
};

export const RescueScreen = ({ account, cause }: RescueScreenProps) => {
  const rescue = useRescue(account);
  const [asked, ask] = useDisclosure(false);
  const { title, words } = happened(cause);
  return (
    <Box component="main" mx="auto" maw={560} px="md" py={{ base: 'md', sm: 'xl' }}>
      <Stack>
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <Text c="red" mt={4} component="span">
            <Icon name="alert" size={28} />
          </Text>
          <div>
            <Title order={1} size="h2" lh={1.2}>
              {title}
            </Title>
            <Text size="sm" c="dimmed" dir="auto">
              {account.workspace.name}
            </Text>
          </div>
        </Group>
        <Text role="alert">{words}</Text>
        <Safe {...rescue} />
        <Group gap="xs">
          <Button onClick={rescue.retry}>{isOutdated(cause) ? 'Reload' : 'Try again'}</Button>
          <Button variant="default" disabled={rescue.count === 0} onClick={rescue.save}>
            Save unsent work to a file
          </Button>
        </Group>
        {rescue.saved !== undefined && (
          <Text size="sm" role="status">
            Saved as {rescue.saved}. Check that it is among your downloads.
          </Text>
        )}
        {!isOutdated(cause) && (
          <Button
            variant="subtle"
            color="red"
            px={0}
            me="auto"
            disabled={!rescue.unsent}
            onClick={ask.open}
          >
            Start again with an empty copy
          </Button>
        )}
        <Fold label="Details">
          <Stack gap="sm" pt="xs">
            <Code block tabIndex={0}>
              {String(cause)}
            </Code>
            <StorageFacts />
          </Stack>
        </Fold>
      </Stack>
      <StartAgainDialog opened={asked} onClose={ask.close} rescue={rescue} />
    </Box>
  );
};

const Safe = ({ unsent, count }: Rescue) => {
  if (!unsent)
    return (
      <Alert color="gray" title="What is safe" role="status">
        Looking for work that was not sent…
      </Alert>
    );
  const least = unsent.unread.length > 0 ? 'At least ' : '';
  return (
    <Alert color={count > 0 ? 'yellow' : 'gray'} title="What is safe" role="status">
      <Text size="sm">
        What was sent is on the server.{' '}
        {count > 0
          ? `${least}${plural(count, 'change', 'changes')} that the server does not have can still be read here: save ${count === 1 ? 'it' : 'them'} to a file.`
          : unsent.unread.length === 0 && 'Nothing on this device waits to be sent.'}
      </Text>
      {unsent.unread.length > 0 && (
        <Text size="sm" mt={4}>
          Could not be read: {unsent.unread.join(', ')}.
        </Text>
      )}
    </Alert>
  );
};
