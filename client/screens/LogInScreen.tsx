// The door: who are you?

import { Alert, Center, Group, Image, Paper, Stack, Text, Title } from '@mantine/core';
import { LogInForm } from '../components/LogInForm.tsx';

const NOTICES = {
  unreachable:
    'Can’t reach the server. Logging in needs it once; after that, work goes on without it.',
  notRemoved:
    'You are logged out, but another tab still holds some of the data on this device. Close the other tabs, then remove this site’s data in the browser’s settings.',
} as const;

interface LogInScreenProps {
  readonly notice: keyof typeof NOTICES | undefined;
}

export const LogInScreen = ({ notice }: LogInScreenProps) => (
  <Center mih="100dvh" p="md" component="main">
    <Stack w="100%" maw={400}>
      <Group gap="sm">
        <Image src="/icon.svg" alt="" w={40} h={40} />
        <div>
          <Title order={1} size="h2" lh={1.2}>
            Holdfast
          </Title>
          <Text c="dimmed" size="sm">
            Work that goes on without a network
          </Text>
        </div>
      </Group>
      {notice && <Alert color="gray">{NOTICES[notice]}</Alert>}
      <Paper withBorder p="lg">
        <LogInForm />
      </Paper>
    </Stack>
  </Center>
);
