// Shown where the browser keeps back what offline work needs.

import { Code, Container, List, Stack, Text, Title } from '@mantine/core';

export const InsecureScreen = () => (
  <Container size="xs" py="xl">
    <Stack>
      <Title order={1} size="h2">
        This address can’t keep your work offline
      </Title>
      <Text>
        Browsers give a page storage that is safe between tabs only over HTTPS, or on the very
        machine that serves it. This page came over plain HTTP from <Code>{location.host}</Code>.
      </Text>
      <Text>One of these gets you on:</Text>
      <List spacing="sm">
        <List.Item>
          Put the server behind a proxy that speaks HTTPS, and open that one’s address.
        </List.Item>
        <List.Item>
          On the machine itself, open <Code>http://localhost:{location.port || '80'}</Code>.
        </List.Item>
      </List>
      <Text c="dimmed">Nothing was lost: nothing has been stored here.</Text>
    </Stack>
  </Container>
);
