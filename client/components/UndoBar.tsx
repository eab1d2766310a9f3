// "Deleted. Undo", for as long as it can be.

import { Affix, Button, Group, Paper, Text, Transition } from '@mantine/core';

interface UndoBarProps {
  readonly what: string | undefined;
  readonly onUndo: () => void;
}

export const UndoBar = ({ what, onUndo }: UndoBarProps) => (
  <Affix
    position={{ bottom: 'calc(var(--app-shell-footer-height, 0rem) + 1rem)', left: 16, right: 16 }}
    zIndex={150}
  >
    <div role="status">
      <Transition mounted={what !== undefined} transition="slide-up" duration={150}>
        {(style) => (
          <Paper withBorder shadow="md" p="xs" pl="md" maw={420} mx="auto" style={style}>
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" truncate dir="auto">
                Deleted “{what}”
              </Text>
              <Button variant="light" flex="none" onClick={onUndo}>
                Undo
              </Button>
            </Group>
          </Paper>
        )}
      </Transition>
    </div>
  </Affix>
);
