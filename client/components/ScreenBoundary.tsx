// Where a screen fails, the rest of the page stays: it says what is safe and how to go on.

import { Alert, Button, Container, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';

interface Failed {
  readonly reason?: string;
}

export class ScreenBoundary extends Component<{ readonly children: ReactNode }, Failed> {
  override state: Failed = {};

  static getDerivedStateFromError(cause: unknown): Failed {
    return { reason: String(cause) };
  }

  override render(): ReactNode {
    const { reason } = this.state;
    if (reason === undefined) return this.props.children;
    return (
      <Container size="xs" py="xl">
        <Alert color="red" title="This part of the page could not be shown" role="alert">
          <Text size="sm">
            What you saved is safe on this device. Load the page again. If you are offline now, wait
            until you are connected.
          </Text>
          <Text size="xs" c="dimmed" my="sm">
            {reason}
          </Text>
          <Button onClick={() => location.reload()}>Load again</Button>
        </Alert>
      </Container>
    );
  }
}
