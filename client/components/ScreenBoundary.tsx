// Where a part fails, or can't be loaded, the rest of the page stays: it says what is safe and how to
// go on.

import { Alert, Button, Container, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';

interface Failed {
  readonly reason?: string;
}

interface ScreenBoundaryProps {
  readonly children: ReactNode;
  /** What stands in its place where nothing is to be said of it. */
  readonly instead?: ReactNode;
}

export class ScreenBoundary extends Component<ScreenBoundaryProps, Failed> {
  override state: Failed = {};

  static getDerivedStateFromError(cause: unknown): Failed {
    return { reason: String(cause) };
  }

  override render(): ReactNode {
    const { reason } = this.state;
    const { children, instead } = this.props;
    if (reason === undefined) return children;
    if (instead !== undefined) return instead;
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
