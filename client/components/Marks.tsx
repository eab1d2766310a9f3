// The marks of a record: not sent yet, not accepted and why, two versions. Each leads to where it is
// settled: beside a row's link, which must contain no other one, and above the record's form.

import { ActionIcon, Alert, Anchor, Box, Button, Group, Text, Tooltip } from '@mantine/core';
import { recordKey } from '../queries/sync/items.ts';
import { navigate, settleAddress, syncAddress } from '../router.ts';
import type { RecordMarks } from '../sync/use-marks.ts';
import { follow } from './follow.ts';
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
      {refused !== undefined && conflict && (
        <Mark icon="alert" color="red" words={`Not accepted: ${refused}`} />
      )}
      {conflict === '' && <Mark icon="versions" color="red" words="Two versions" />}
      {/* Room for the button, which must not stand inside of the row's link. */}
      {(conflict || refused !== undefined) && <Box w={{ base: 40, sm: 24 }} flex="none" />}
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

interface RowMarkProps {
  readonly collection: string;
  readonly id: string;
  readonly refused: string | undefined;
  readonly conflict: string | undefined;
}

const settle = (entry: string) => (): void => navigate(settleAddress(entry));

/** Beside a row's link, over the room that `Marks` leaves. */
export const RowMark = ({ collection, id, refused, conflict }: RowMarkProps) => {
  if (conflict)
    return <RowButton icon="versions" words="Two versions" onClick={settle(conflict)} />;
  if (refused === undefined) return null;
  const open = (): void => navigate(syncAddress('needs-you', recordKey({ collection, id })));
  return <RowButton icon="alert" words={`Not accepted: ${refused}`} onClick={open} />;
};

interface RowButtonProps {
  readonly icon: IconName;
  readonly words: string;
  readonly onClick: () => void;
}

const RowButton = ({ icon, words, onClick }: RowButtonProps) => (
  <Tooltip label={words} multiline maw={300}>
    <ActionIcon className="row-mark" color="red" aria-label={words} onClick={onClick}>
      <Icon name={icon} />
    </ActionIcon>
  </Tooltip>
);

interface SyncNoticeProps {
  readonly collection: string;
  readonly id: string;
  readonly marks: RecordMarks;
}

/** Above a record's form: how far its last change has come. */
export const SyncNotice = ({ collection, id, marks }: SyncNoticeProps) => {
  const refused = marks.refused.get(id);
  const key = recordKey({ collection, id });
  if (refused !== undefined)
    return (
      <Alert
        color="red"
        variant="outline"
        icon={<Icon name="alert" />}
        title="Not accepted"
        mb="md"
      >
        <Text size="sm" mb="xs" dir="auto">
          {refused}
        </Text>
        <Anchor href={syncAddress('needs-you', key)} onClick={follow} size="sm">
          Try again or discard
        </Anchor>
      </Alert>
    );
  if (!marks.pending.has(id)) return null;
  return (
    <Group gap={6} mb="md" wrap="nowrap">
      <Text span c="dimmed" lh={0}>
        <Icon name="clock" size={16} />
      </Text>
      <Anchor
        href={syncAddress('waiting', key)}
        onClick={follow}
        size="sm"
        c="dimmed"
        underline="always"
        className="touch-link"
      >
        Not sent yet
      </Anchor>
    </Group>
  );
};

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
