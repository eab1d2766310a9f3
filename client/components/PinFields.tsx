// A pin's fields in one column, with what is wrong under each.

import { Group, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { PIN_KINDS, PIN_STATUSES } from '../../schemas/index.ts';
import { pinLimits } from '../queries/pin-form.ts';
import type { PinDraft } from '../queries/use-pin-draft.ts';

interface PinFieldsProps {
  readonly draft: Pick<PinDraft, 'form' | 'problems' | 'change'>;
  /** The cursor starts in the title. */
  readonly isNew: boolean;
}

export const PinFields = ({ draft: { form, problems, change }, isNew }: PinFieldsProps) => {
  const choice = (name: 'kind' | 'status', label: string, data: readonly string[]) => (
    <NativeSelect
      label={label}
      data={data}
      value={form[name]}
      error={problems[name]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  const degrees = (name: 'lat' | 'lng', label: string) => (
    <NumberInput
      label={label}
      description={`${pinLimits[name].minimum} to ${pinLimits[name].maximum}`}
      hideControls
      decimalScale={6}
      clampBehavior="none"
      // The number pads of some phones have no minus.
      inputMode="text"
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
