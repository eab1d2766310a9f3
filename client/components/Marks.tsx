// The marks of a record: not sent yet, not accepted and why, two versions.

import { ActionIcon, Alert, Box, Button, Group, Text, Tooltip } from '@mantine/core';
import { navigate, settleAddress } from '../router.ts';
import type { RecordMarks } from '../sync/use-marks.ts';
import { Icon, type IconName } from './Icon.tsx';

export interface MarksProps {
  readonly pending: boolean;
  /** Why the server did not accept a change of it. */
  readonly refused: string | undefined;
  /** The entry of the inbox that has two versions of it; empty until it has arrived. */
  readonly conflict: string | undefined;
}

export const marksOf = ({ pending, refused, conflicts }: RecordMarks, id: string): MarksProps => ({
  pending: pending.has(id),
  refused: refused.get(id),
  conflict: conflicts.get(id),
});

export const Marks = ({ pending, refused, conflict }: MarksProps) => {
  // As most are.
  if (!pending && refused === undefined && conflict === undefined) return null;
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      {pending && <Mark icon="clock" color="dimmed" words="Not sent yet" />}
      {refused !== undefined && (
        <Mark icon="alert" color="red" words={`Not accepted: ${refused}`} />
      )}
      {conflict === '' && <Mark icon="versions" color="red" words="Two versions" />}
      {/* Room for the button, which must not stand inside of the row's link. */}
      {conflict && <Box w={{ base: 40, sm: 24 }} flex="none" />}
    </Group>
  );
};

interface MarkProps {
  readonly icon: IconName;
  readonly color: string;
  readonly words: string;
}

const Mark = ({ icon, color, words }: MarkProps) => (
  <Tooltip label={words} multiline maw={300}>
    <Text component="span" role="img" aria-label={words} c={color} lh={0}>
      <Icon name={icon} />
    </Text>
  </Tooltip>
);

interface ConflictProps {
  readonly entry: string | undefined;
}

const settle = (entry: string) => (): void => navigate(settleAddress(entry));

/** Beside a row's link, over the room that `Marks` leaves. */
export const ConflictMark = ({ entry }: ConflictProps) =>
  entry ? (
    <Tooltip label="Two versions">
      <ActionIcon
        className="conflict-mark"
        color="red"
        aria-label="Two versions"
        onClick={settle(entry)}
      >
        <Icon name="versions" />
      </ActionIcon>
    </Tooltip>
  ) : null;

/** Above a record's form. */
export const ConflictNotice = ({ entry }: ConflictProps) =>
  entry ? (
    <Alert
      color="red"
      variant="outline"
      icon={<Icon name="versions" />}
      title="Two versions"
      mb="md"
    >
      <Text size="sm" mb="xs">
        Somebody else changed this at the same time. Both versions are kept until one is chosen.
      </Text>
      <Button color="red" size="sm" onClick={settle(entry)}>
        Compare and choose
      </Button>
    </Alert>
  ) : null;
