// Adding or changing a feeding. What is likely is filled in, so that adding is done in two taps.

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMemo, type FormEvent } from 'react';
import { quickAmounts } from '../../queries/care/feeding-form.ts';
import type { FeedingRow } from '../../queries/care/feedings.ts';
import type { Care } from '../../queries/care/use-care.ts';
import { useFeedingDraft } from '../../queries/care/use-feeding-draft.ts';
import { formatAgo, formatExact } from '../../queries/format.ts';
import { FeedingFields } from './FeedingFields.tsx';

interface FeedingFormProps {
  /** What is stored; undefined for a new feeding. */
  readonly row: FeedingRow | undefined;
  readonly care: Pick<Care, 'rows' | 'zone' | 'nowMs'>;
  readonly onClose: () => void;
  readonly onDelete: (row: FeedingRow) => void;
}

export const FeedingForm = ({ row, care, onClose, onDelete }: FeedingFormProps) => {
  const draft = useFeedingDraft(row, care.rows, care.zone);
  const amounts = useMemo(() => quickAmounts(care.rows), [care.rows]);
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
        {draft.found && (
          <Alert color="yellow" title="Not saved yet">
            <Text size="sm">These are your changes from before. Cancel lets go of them.</Text>
          </Alert>
        )}
        <FeedingFields draft={draft} amounts={amounts} zone={care.zone} />
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
          <Button type="submit" data-autofocus={!row || undefined}>
            {row ? 'Save' : 'Add feeding'}
          </Button>
        </Group>
        {row && (
          <Text size="xs" c="dimmed" title={formatExact(row.changedAtMs)}>
            Changed {formatAgo(row.changedAtMs, care.nowMs)}
          </Text>
        )}
      </Stack>
    </form>
  );
};
