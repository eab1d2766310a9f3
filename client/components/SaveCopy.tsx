// What this device has not sent, as a file, for whoever would lose it or can't send it.

import { Button, Group, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useWorkspace } from '../database/use-workspace.ts';
import { failureWords } from '../storage/write-failure.ts';

interface SaveCopyProps {
  /** What else can be done in its place, where saving is the first thing to do. */
  readonly beside?: ReactNode;
}

export const SaveCopy = ({ beside }: SaveCopyProps) => {
  const { account, name } = useWorkspace();
  const [said, say] = useState('');
  const save = async (): Promise<void> => {
    const { saveFrom } = await import('../rescue/rescue-file.ts');
    say(await saveFrom(name, account));
  };
  return (
    <Stack gap={4} align="flex-start">
      <Group gap="xs">
        <Button
          variant={beside === undefined ? 'default' : 'filled'}
          onClick={() => void save().catch((cause: unknown) => say(failureWords(cause)))}
        >
          Save a copy
        </Button>
        {beside}
      </Group>
      <Text size="sm" className="wrapped" aria-live="polite">
        {said}
      </Text>
    </Stack>
  );
};
