// How much space this site uses, and whether the browser keeps it.

import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { formatBytes } from '../../queries/format.ts';
import { useStorage, type StorageFacts as Facts } from '../../storage/use-storage.ts';

export const StorageFacts = () => {
  const facts = useStorage();
  return (
    <Stack gap="sm">
      <Space {...facts} />
      {facts.persisted === true && (
        <Text size="sm">This browser promises to keep your data, also when it needs space.</Text>
      )}
      {facts.mayBeEvicted && <MayBeRemoved {...facts} />}
    </Stack>
  );
};

const Space = ({ usageBytes, quotaBytes }: Facts) => {
  if (usageBytes === undefined || quotaBytes === undefined || quotaBytes === 0)
    return <Text size="sm">This browser does not tell how much space is used.</Text>;
  const percent = Math.min(100, (usageBytes / quotaBytes) * 100);
  const words = `${formatBytes(usageBytes)} used of ${formatBytes(quotaBytes)} that this browser allows`;
  return (
    <div>
      <Text size="sm" mb={4}>
        {words}
      </Text>
      <Progress.Root size="lg">
        <Progress.Section
          value={percent}
          color={percent > 90 ? 'red' : 'indigo'}
          aria-label="Space used"
          aria-valuetext={words}
        />
      </Progress.Root>
    </div>
  );
};

const MayBeRemoved = ({ forgetsAfterDays, ask }: Facts) => {
  const [answer, tell] = useState<'refused' | 'asking'>();
  const run = async (): Promise<void> => {
    tell('asking');
    if (!(await ask())) tell('refused');
  };
  return (
    <Alert color="yellow" title="The browser may remove what is on this device">
      <Stack gap="xs">
        <Text size="sm">
          When it runs out of space, it may remove this site’s data without asking, also changes
          that were not sent yet. A private window removes everything when it is closed.
          {forgetsAfterDays !== undefined &&
            ` Safari removes it when you don’t open this site for ${forgetsAfterDays} days; adding it to the home screen prevents that.`}{' '}
          What was sent is safe on the server.
        </Text>
        {answer === 'refused' && (
          <Text size="sm" role="status">
            The browser did not promise it. Browsers do so for sites that you use often, or that you
            have installed or bookmarked.
          </Text>
        )}
        <Group>
          <Button variant="light" loading={answer === 'asking'} onClick={() => void run()}>
            Ask the browser to keep it
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
};
