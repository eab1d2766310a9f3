// What this device has not sent, as a file, for whoever would lose it or can't send it.

import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useWorkspace } from '../database/use-workspace.ts';
import { failureWords } from '../storage/write-failure.ts';

export const SaveCopy = () => {
  const { account, name } = useWorkspace();
  const [said, say] = useState('');
  const save = async (): Promise<void> => {
    const { saveFrom } = await import('../rescue/rescue-file.ts');
    say(await saveFrom(name, account));
  };
  return (
    <Stack gap={4} align="flex-start">
      <Button
        variant="default"
        onClick={() => void save().catch((cause: unknown) => say(failureWords(cause)))}
      >
        Save a copy
      </Button>
      <Text size="sm" className="wrapped" aria-live="polite">
        {said}
      </Text>
    </Stack>
  );
};
