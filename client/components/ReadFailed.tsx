// What stands in a list's place when this device could not read it.

import { Alert, Button, Text } from '@mantine/core';

interface ReadFailedProps {
  readonly title: string;
  /** What is safe. */
  readonly safe: string;
  readonly reason: string | undefined;
  readonly onRetry: () => void;
}

export const ReadFailed = ({ title, safe, reason, onRetry }: ReadFailedProps) => (
  <Alert color="red" title={title} role="alert">
    <Text size="sm">{safe} Nothing was lost.</Text>
    <Text size="xs" c="dimmed" my="xs">
      {reason}
    </Text>
    <Button onClick={onRetry}>Try again</Button>
  </Alert>
);
