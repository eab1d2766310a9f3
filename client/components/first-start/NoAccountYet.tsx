// In the log-in's place on a new server: the way to its first account.

import { Button, Code, Paper, Stack, Text, Title } from '@mantine/core';
import { RESTART } from './ProblemAlert.tsx';

export const NoAccountYet = () => (
  <Paper withBorder p="lg">
    <Stack>
      <Title order={2} size="h4">
        This server is new
      </Title>
      <Text>
        Nobody has an account yet. In the window where the server was started, look for the line
        that begins with “first start”, and open the address that stands there:
      </Text>
      <Code block>{`${location.origin}/setup#…`}</Code>
      <Text size="sm" c="dimmed">
        You can’t find it? {RESTART}
      </Text>
      <Button variant="default" onClick={() => location.reload()}>
        I have an account now
      </Button>
    </Stack>
  </Paper>
);
