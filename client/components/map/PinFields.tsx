// A pin's fields in one column, with what is wrong under each.

import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { PIN_KINDS, PIN_STATUSES } from '../../../schemas/index.ts';
import { asLabel } from '../../queries/format.ts';
import { pinLimits } from '../../queries/map/pin-form.ts';
import { Icon } from '../Icon.tsx';
import type { PinDraft } from '../../queries/map/use-pin-draft.ts';
import { DegreesInput } from './DegreesInput.tsx';

interface PinFieldsProps {
  readonly draft: Pick<PinDraft, 'form' | 'problems' | 'change'>;
  /** The cursor starts in the title. */
  readonly isNew: boolean;
  /** Asks for the place on the map. */
  readonly onChoose: () => void;
}

export const PinFields = ({ draft, isNew, onChoose }: PinFieldsProps) => {
  const { form, problems, change } = draft;
  const choice = (name: 'kind' | 'status', label: string, data: readonly string[]) => (
    <NativeSelect
      label={label}
      data={data.map((value) => ({ value, label: asLabel(value) }))}
      value={form[name]}
      error={problems[name]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  const degrees = (name: 'lat' | 'lng', label: string) => (
    <DegreesInput
      label={label}
      description={`${pinLimits[name].minimum} to ${pinLimits[name].maximum}`}
      value={form[name]}
      error={problems[name]}
      onChange={(value) => change({ [name]: value })}
    />
  );
  return (
    <>
      <TextInput
        label="Title"
        required
        data-autofocus={isNew || undefined}
        // Beside the map nothing traps the focus, so it is put here.
        autoFocus={isNew}
        dir="auto"
        value={form.title}
        error={problems.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      {choice('kind', 'Kind', PIN_KINDS)}
      {choice('status', 'Status', PIN_STATUSES)}
      <Group grow align="flex-start">
        {degrees('lat', 'Latitude')}
        {degrees('lng', 'Longitude')}
      </Group>
      <Button variant="default" leftSection={<Icon name="pin" />} onClick={onChoose}>
        Choose on the map
      </Button>
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
    </>
  );
};
