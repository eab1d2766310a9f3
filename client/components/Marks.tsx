// The marks of a record: not sent yet, or not accepted and why.

import { Group, Text, Tooltip } from '@mantine/core';
import { Icon, type IconName } from './Icon.tsx';

interface MarksProps {
  readonly pending: boolean;
  /** Why the server did not accept a change of it. */
  readonly refused: string | undefined;
}

export const Marks = ({ pending, refused }: MarksProps) => (
  <Group gap="xs" justify="flex-end" wrap="nowrap">
    {pending && <Mark icon="clock" color="dimmed" words="Not sent yet" />}
    {refused !== undefined && <Mark icon="alert" color="red" words={`Not accepted: ${refused}`} />}
  </Group>
);

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
