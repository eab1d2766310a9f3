// What was typed into the form of a record that has gone, or that may not be changed any more.

import { Button, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useWorkspace } from '../database/use-workspace.ts';
import { forgetTyped, typedInto } from '../queries/use-draft.ts';

interface TypedProps {
  /** `collection/id` */
  readonly record: string;
}

export const Typed = ({ record }: TypedProps) => {
  const key = useWorkspace().name + record;
  const [typed, show] = useState(() => typedInto(key));
  if (typed === undefined) return null;
  const drop = (): void => {
    forgetTyped(key);
    show(undefined);
  };
  return (
    <Stack gap="sm" mt="md">
      <Textarea label="What you typed and did not save" value={typed} readOnly autosize />
      <Button variant="default" onClick={drop}>
        Drop it
      </Button>
    </Stack>
  );
};
