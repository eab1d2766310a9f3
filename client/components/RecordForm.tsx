// What stands around the fields of every record's form: what was typed before, what went wrong, and
// how to save, cancel or delete.

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { formatAgo, formatExact } from '../queries/format.ts';
import type { Draft } from '../queries/use-draft.ts';
import { useNow } from '../queries/use-now.ts';

interface RecordFormProps {
  readonly draft: Pick<Draft<object>, 'found' | 'failure' | 'save' | 'discard'>;
  /** On the button. */
  readonly submit: string;
  /** A form inside of another sheet leaves the primary button to that one. */
  readonly inner?: boolean;
  /** Whether saving as it stands is what most people want. */
  readonly focusSubmit?: boolean;
  /** When somebody last changed it; undefined for a new one. */
  readonly changedAtMs?: number | undefined;
  readonly onSaved: (id: string) => void;
  readonly onCancel: () => void;
  readonly onDelete?: (() => void) | undefined;
  readonly children: ReactNode;
}

export const RecordForm = (props: RecordFormProps) => {
  const { draft, changedAtMs, inner = false, focusSubmit = false } = props;
  const nowMs = useNow(60_000);
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const id = await draft.save();
    if (id !== undefined) props.onSaved(id);
    else form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  const cancel = (): void => {
    draft.discard();
    props.onCancel();
  };
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack gap={inner ? 'sm' : 'md'}>
        {draft.found && (
          <Alert color="yellow" title="Not saved yet">
            <Text size="sm">You typed this earlier. Save it, or cancel to drop it.</Text>
          </Alert>
        )}
        {props.children}
        {draft.failure !== undefined && (
          <Alert color="red" title={draft.failure.title} role="alert">
            <Text size="sm">{draft.failure.words}</Text>
            <Text size="xs" c="dimmed">
              {draft.failure.detail}
            </Text>
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          {props.onDelete && (
            <Button variant="subtle" color="red" mr="auto" px="xs" onClick={props.onDelete}>
              Delete
            </Button>
          )}
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant={inner ? 'light' : 'filled'}
            data-autofocus={focusSubmit || undefined}
          >
            {props.submit}
          </Button>
        </Group>
        {changedAtMs !== undefined && (
          <Text size="xs" c="dimmed" title={formatExact(changedAtMs)}>
            Changed {formatAgo(changedAtMs, nowMs)}
          </Text>
        )}
      </Stack>
    </form>
  );
};
