// What the server did not accept: which record, why, and seen.

import { Alert, Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { plural } from '../queries/format.ts';
import type { Refused } from '../sync/use-refused.ts';
import { Icon } from './Icon.tsx';

interface RefusedPanelProps {
  readonly refused: Refused;
  /** What to call the record of a refused write. */
  readonly titleField: string;
  /** How that field is written, where it is no title. */
  readonly write?: (value: unknown) => string;
}

const nameOf = (title: unknown, id: string): string =>
  typeof title === 'string' && title !== '' ? title : id;

export const RefusedPanel = ({ refused, titleField, write }: RefusedPanelProps) => {
  const { writes, discard } = refused;
  if (writes.length === 0) return null;
  return (
    <Alert
      color="red"
      variant="outline"
      role="region"
      icon={<Icon name="alert" />}
      title={`${plural(writes.length, 'change was', 'changes were')} not accepted`}
    >
      <ScrollArea.Autosize mah="30dvh">
        <Stack gap="xs">
          {writes.map(({ op, id, doc, message }) => (
            <Group key={op} justify="space-between" wrap="nowrap" align="flex-start">
              <Text size="sm" dir="auto">
                <Text span inherit fw={600}>
                  {write ? write(doc[titleField]) : nameOf(doc[titleField], id)}
                </Text>
                {`: ${message}`}
              </Text>
              <Button size="xs" variant="default" flex="none" onClick={() => discard(op)}>
                Dismiss
              </Button>
            </Group>
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </Alert>
  );
};
