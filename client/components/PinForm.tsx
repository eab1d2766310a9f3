// A pin's fields in one column. Others' changes to untouched fields show while it is open.

import {
  Alert,
  Button,
  Group,
  NativeSelect,
  NumberInput,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { FormEvent } from 'react';
import { PIN_KINDS, PIN_STATUSES } from '../../schemas/index.ts';
import { formatAgo, formatExact } from '../queries/format.ts';
import { pinLimits } from '../queries/pin-form.ts';
import type { PinRow } from '../queries/pins.ts';
import { useNow } from '../queries/use-now.ts';
import { usePinDraft } from '../queries/use-pin-draft.ts';

interface PinFormProps {
  readonly id: string;
  /** What is stored; undefined for a new pin. */
  readonly row: PinRow | undefined;
  readonly onClose: () => void;
  readonly onDelete: (row: PinRow) => void;
}

export const PinForm = ({ id, row, onClose, onDelete }: PinFormProps) => {
  const { form, problems, found, failure, change, discard, save } = usePinDraft(id, row);
  const nowMs = useNow(60_000);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const sheet = event.currentTarget;
    if (await save()) onClose();
    else sheet.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  const cancel = (): void => {
    discard();
    onClose();
  };
  const position = (name: 'lat' | 'lng', label: string) => (
    <NumberInput
      label={label}
      description={`${pinLimits[name].minimum} to ${pinLimits[name].maximum}`}
      hideControls
      decimalScale={6}
      clampBehavior="none"
      inputMode="text"
      value={form[name]}
      error={problems[name]}
      onChange={(value) => change({ [name]: value })}
    />
  );
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        {found && (
          <Alert color="yellow" title="Not saved yet">
            <Text size="sm">These are your changes from before. Cancel lets go of them.</Text>
          </Alert>
        )}
        <TextInput
          label="Title"
          required
          data-autofocus={row === undefined || undefined}
          dir="auto"
          value={form.title}
          error={problems.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
        <NativeSelect
          label="Kind"
          data={PIN_KINDS}
          value={form.kind}
          error={problems.kind}
          onChange={(event) => change({ kind: event.currentTarget.value })}
        />
        <NativeSelect
          label="Status"
          data={PIN_STATUSES}
          value={form.status}
          error={problems.status}
          onChange={(event) => change({ status: event.currentTarget.value })}
        />
        <Group grow align="flex-start">
          {position('lat', 'Latitude')}
          {position('lng', 'Longitude')}
        </Group>
        <Textarea
          label="Notes"
          autosize
          minRows={3}
          maxRows={12}
          dir="auto"
          value={form.notes}
          error={problems.notes}
          onChange={(event) => change({ notes: event.currentTarget.value })}
        />
        {failure !== undefined && (
          <Alert color="red" title="This device could not save it" role="alert">
            <Text size="sm">What you wrote is still here. Try again in a moment.</Text>
            <Text size="xs" c="dimmed">
              {failure}
            </Text>
          </Alert>
        )}
        <Group justify="flex-end">
          {row && (
            <Button variant="subtle" color="red" mr="auto" px="xs" onClick={() => onDelete(row)}>
              Delete
            </Button>
          )}
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
          <Button type="submit">{row ? 'Save' : 'Add pin'}</Button>
        </Group>
        {row && (
          <Text size="xs" c="dimmed" title={formatExact(row.changedAtMs)}>
            Changed {formatAgo(row.changedAtMs, nowMs)}
          </Text>
        )}
      </Stack>
    </form>
  );
};
