// The sample on its way into the workspace, in numbers.

import { Alert, Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { formatNumber, plural } from '../../queries/format.ts';
import type { SampleProgress } from '../../session/setup-api.ts';

interface SampleLoadingProps {
  readonly progress: SampleProgress | undefined;
  readonly stopped: boolean;
  readonly onRetry: () => void;
  readonly onSkip: () => void;
}

const inWords = (progress: SampleProgress | undefined, stopped: boolean): string => {
  if (!progress) return stopped ? 'Nothing loaded yet' : 'Starting';
  return `${formatNumber(progress.done)} of ${plural(progress.total, 'record', 'records')}`;
};

export const SampleLoading = ({ progress, stopped, onRetry, onSkip }: SampleLoadingProps) => (
  <Paper withBorder p="lg">
    <Stack>
      <div>
        <Title order={2} size="h4">
          {stopped ? 'Sample data is not complete' : 'Loading sample data'}
        </Title>
        <Text size="sm" c="dimmed">
          Your account and your workspace are ready.
        </Text>
      </div>
      <Progress
        value={progress ? (100 * progress.done) / progress.total : 0}
        aria-label="Sample data loaded"
        {...(stopped ? { color: 'gray' } : {})}
        size="lg"
      />
      <Text aria-live="polite">{inWords(progress, stopped)}</Text>
      {stopped && (
        <>
          <Alert color="red" role="alert" title="Can’t reach the server">
            What was loaded is kept. Check that the server runs, then go on where it stopped.
          </Alert>
          <Group>
            <Button onClick={onRetry}>Go on loading</Button>
            <Button variant="default" onClick={onSkip}>
              Open without the rest
            </Button>
          </Group>
        </>
      )}
    </Stack>
  </Paper>
);
