// What was just done, with what can be done about it, for as long as it can.

import { Affix, Button, CloseButton, Group, Paper, Text, Transition } from '@mantine/core';
import { useShown } from './use-shown.ts';

interface NoticeBarProps {
  /** Nothing is shown without. */
  readonly words: string | undefined;
  /** On the button; without it the words may take several lines. */
  readonly action?: string | undefined;
  readonly onAction?: () => void;
  /** Where it stays until it is put away. */
  readonly onClose?: () => void;
  /** Whether it leaves the place below to what was just done. */
  readonly raised?: boolean;
  /** Whether it belongs to a sheet, which lies above all else and keeps the focus. */
  readonly inSheet?: boolean;
}

const ABOVE_NAVIGATION = 'calc(var(--app-shell-footer-height, 0rem) + 1rem)';
const ABOVE_ANOTHER = 'calc(var(--app-shell-footer-height, 0rem) + 6rem)';

export const NoticeBar = (props: NoticeBarProps) => {
  const { words, action, onAction, onClose, raised, inSheet = false } = props;
  const bottom = raised === true ? ABOVE_ANOTHER : ABOVE_NAVIGATION;
  const shown = useShown(words);
  const button = useShown(words === undefined ? undefined : (action ?? ''));
  return (
    <Affix position={{ bottom, left: 16, right: 16 }} zIndex={150} withinPortal={!inSheet}>
      <div role="status">
        <Transition mounted={words !== undefined} transition="slide-up" duration={150}>
          {(style) => (
            <Paper withBorder shadow="md" p="xs" pl="md" maw={420} mx="auto" style={style}>
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm" truncate={button !== ''} dir="auto">
                  {shown}
                </Text>
                <Group gap="xs" wrap="nowrap" flex="none">
                  {button && (
                    <Button variant="light" onClick={onAction}>
                      {button}
                    </Button>
                  )}
                  {onClose && <CloseButton aria-label="Not now" size={44} onClick={onClose} />}
                </Group>
              </Group>
            </Paper>
          )}
        </Transition>
      </div>
    </Affix>
  );
};

interface RecordNoticeProps {
  /** The name of what was deleted a moment ago. */
  readonly deleted: string | undefined;
  /** The name of what was added a moment ago. */
  readonly added: string | undefined;
  readonly onUndo: () => void;
  readonly onShow: () => void;
}

/** Of adding and deleting, what can be taken back comes first. */
export const RecordNotice = ({ deleted, added, onUndo, onShow }: RecordNoticeProps) =>
  deleted === undefined ? (
    <NoticeBar
      words={added === undefined ? undefined : `Added “${added}”`}
      action="Show"
      onAction={onShow}
    />
  ) : (
    <NoticeBar words={`Deleted “${deleted}”`} action="Undo" onAction={onUndo} />
  );
