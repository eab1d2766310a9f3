// Adding or changing a pin. Others' changes to untouched fields show while it is open.

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useEffectEvent, type FormEvent } from 'react';
import { formatAgo, formatExact } from '../../queries/format.ts';
import type { PinRow } from '../../queries/map/pins.ts';
import { useNow } from '../../queries/use-now.ts';
import { usePinDraft, type PinDraft } from '../../queries/map/use-pin-draft.ts';
import type { Place } from '../../queries/map/mercator.ts';
import { PinFields } from './PinFields.tsx';

interface PinFormProps {
  readonly id: string;
  /** What is stored; undefined for a new pin. */
  readonly row: PinRow | undefined;
  /** What was tapped on the map for it. */
  readonly placed: Place | undefined;
  /** Tells where the form says that it is, if that is not where it stands. */
  readonly onDraft: (place: Place | undefined) => void;
  readonly onChoose: () => void;
  readonly onClose: () => void;
  readonly onDelete: (row: PinRow) => void;
}

export const PinForm = (props: PinFormProps) => {
  const { id, row, placed, onClose, onDelete } = props;
  const draft = usePinDraft(id, row);
  usePlaces(draft, props);
  const nowMs = useNow(60_000);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const sheet = event.currentTarget;
    if (await draft.save()) onClose();
    else sheet.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  const cancel = (): void => {
    draft.discard();
    onClose();
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        {draft.found && !placed && (
          <Alert color="yellow" title="Not saved yet">
            <Text size="sm">These are your changes from before. Cancel lets go of them.</Text>
          </Alert>
        )}
        <PinFields draft={draft} isNew={!row} onChoose={props.onChoose} />
        {draft.failure !== undefined && (
          <Alert color="red" title="This device could not save it" role="alert">
            <Text size="sm">What you wrote is still here. Try again in a moment.</Text>
            <Text size="xs" c="dimmed">
              {draft.failure}
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

/** What is tapped on the map goes into the form, and what stands in the form goes onto the map. */
const usePlaces = (draft: PinDraft, { row, placed, onDraft }: PinFormProps): void => {
  const { lat, lng } = draft.form;
  const take = useEffectEvent(() => placed && draft.change(placed));
  useEffect(() => take(), [placed]);
  const tell = useEffectEvent(() => {
    const moved = lat !== row?.position.lat || lng !== row.position.lng;
    const isPlace = typeof lat === 'number' && typeof lng === 'number' && moved;
    onDraft(isPlace ? { lat, lng } : undefined);
  });
  useEffect(() => tell(), [lat, lng]);
  const forget = useEffectEvent(() => onDraft(undefined));
  useEffect(() => () => forget(), []);
};
