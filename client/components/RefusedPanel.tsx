// What the server did not accept of a screen's records: which, why, and the way to where it is tried
// again, edited or discarded.

import { Alert, Anchor, Group, ScrollArea, Stack, Text } from '@mantine/core';
import type { RefusedWrite } from '../../replication/index.ts';
import { plural } from '../queries/format.ts';
import { syncAddress } from '../router.ts';
import { follow } from './follow.ts';
import { Icon } from './Icon.tsx';

interface RefusedPanelProps {
  readonly refused: readonly RefusedWrite[];
  /** What to call the record of a refused write. */
  readonly titleField: string;
  /** How that field is written, where it is no title. */
  readonly write?: (value: unknown) => string;
}

const nameOf = (title: unknown, id: string): string =>
  typeof title === 'string' && title !== '' ? title : id;

export const RefusedPanel = ({ refused, titleField, write }: RefusedPanelProps) => {
  if (refused.length === 0) return null;
  return (
    <Alert
      color="red"
      variant="outline"
      role="region"
      icon={<Icon name="alert" />}
      title={`${plural(refused.length, 'change was', 'changes were')} not accepted`}
    >
      <ScrollArea.Autosize mah="30dvh">
        <Stack gap="xs">
          {refused.map(({ op, id, doc, message }) => {
            const name = write ? write(doc[titleField]) : nameOf(doc[titleField], id);
            return (
              <Group key={op} justify="space-between" wrap="nowrap" align="flex-start">
                <Text size="sm" dir="auto">
                  <Text span inherit fw={600}>
                    {name}
                  </Text>
                  {`: ${message}`}
                </Text>
                <Anchor
                  href={syncAddress('needs-you', op)}
                  onClick={follow}
                  size="sm"
                  flex="none"
                  className="touch-link"
                  aria-label={`Try again or discard: ${name}`}
                >
                  Try again or discard
                </Anchor>
              </Group>
            );
          })}
        </Stack>
      </ScrollArea.Autosize>
    </Alert>
  );
};
