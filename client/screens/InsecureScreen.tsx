// Shown where the browser keeps back what offline work needs.

import { Code, Container, List, Stack, Text, Title } from '@mantine/core';

export const InsecureScreen = () => (
  <Container size="xs" py="xl" component="main">
    <Stack>
      <Title order={1} size="h2">
        This address can’t keep your work safe
      </Title>
      <Text>
        Browsers let a page work without a network only over HTTPS, or on the computer that the
        server runs on. This page came without HTTPS, from <Code>{location.host}</Code>.
      </Text>
      <Text>Any one of these helps:</Text>
      <List spacing="sm">
        <List.Item>
          Let the server itself speak HTTPS. Whoever runs it starts it with a certificate:
          <Code block mt={4}>
            serve --tls-cert FILE --tls-key FILE
          </Code>
        </List.Item>
        <List.Item>
          Put it behind a proxy that speaks HTTPS, and open the proxy’s address, which begins with{' '}
          <Code>https://</Code>.
        </List.Item>
        <List.Item>
          On the computer that it runs on, open{' '}
          <Code>http://localhost:{location.port || '80'}</Code>.
        </List.Item>
      </List>
      <Text c="dimmed">Nothing was stored here, so nothing is lost.</Text>
    </Stack>
  </Container>
);
