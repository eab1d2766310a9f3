// In the place of an item that is not there any more, with what was typed to try it again.

import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useWorkspace } from '../../database/use-workspace.ts';
import type { Item } from '../../queries/sync/items.ts';
import { typedWords } from '../../queries/sync/typed-words.ts';
import { retryKey } from '../../queries/sync/use-retry-draft.ts';
import { forgetTyped, typedInto } from '../../queries/use-draft.ts';
import { CopyText } from '../CopyableDetails.tsx';

interface GoneItemProps {
  /** The last that was known of it, where it went while it was shown. */
  readonly item: Item | undefined;
  readonly onClose: () => void;
}

export const GoneItem = ({ item, onClose }: GoneItemProps) => {
  const elsewhere = item?.state === 'rejected';
  return (
    <Stack gap="md">
      <Alert
        color="gray"
        title={elsewhere ? 'This was decided in another tab' : 'This waits no longer'}
      >
        <Text size="sm" mb="sm">
          {elsewhere
            ? 'It was tried again or discarded there.'
            : 'It was sent, tried again or discarded.'}{' '}
          What this device has done stands under Activity.
        </Text>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </Alert>
      {elsewhere && <Typed key={item.key} item={item} />}
    </Stack>
  );
};

const Typed = ({ item }: { readonly item: Item }) => {
  const key = retryKey(useWorkspace().name, item);
  const [typed, show] = useState(() => typedInto(key));
  if (typed === undefined) return null;
  const words = typedWords(typed, item.members);
  const drop = (): void => {
    forgetTyped(key);
    show(undefined);
  };
  return (
    <>
      <Textarea
        label="What you typed and did not save"
        value={words}
        readOnly
        autosize
        dir="auto"
      />
      <Group gap="xs" justify="flex-end">
        <Button variant="default" onClick={drop}>
          Drop it
        </Button>
        <CopyText text={words} size="sm" />
      </Group>
    </>
  );
};
