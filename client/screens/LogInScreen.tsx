// The door: who are you?

import { Alert, Center, Group, Image, Paper, Stack, Text, Title } from '@mantine/core';
import { NoAccountYet } from '../components/first-start/NoAccountYet.tsx';
import { LeftBehindNote } from '../components/LeftBehindNote.tsx';
import { LogInForm } from '../components/LogInForm.tsx';
import { useLeftBehind } from '../session/left-behind.ts';
import { HELD, NO_SERVER, REMOVED, type LogInNotice } from '../session/session.ts';

const NOTICES = {
  unreachable: NO_SERVER,
  notRemoved: HELD,
  removed: REMOVED,
} as const;

interface LogInScreenProps {
  readonly notice: LogInNotice | undefined;
}

export const LogInScreen = ({ notice }: LogInScreenProps) => {
  const left = useLeftBehind();
  return (
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
        {notice === 'firstStart' ? (
          <NoAccountYet />
        ) : (
          <>
            {left.map((one) => (
              <LeftBehindNote key={one.database} left={one} />
            ))}
            {notice && <Alert color="gray">{NOTICES[notice]}</Alert>}
            <Paper withBorder p="lg">
              <LogInForm />
            </Paper>
          </>
        )}
      </Stack>
    </Center>
  );
};
