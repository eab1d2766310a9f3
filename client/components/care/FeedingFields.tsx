// A feeding's fields in one column, with what is wrong under each. The likely answers are one tap.

import { Chip, Group, Input, NumberInput, Textarea, TextInput } from '@mantine/core';
import { FOOD_TYPES } from '../../../schemas/index.ts';
import { asLabel, formatNumber } from '../../queries/format.ts';
import type { FeedingDraft } from '../../queries/care/use-feeding-draft.ts';

interface FeedingFieldsProps {
  readonly draft: Pick<FeedingDraft, 'form' | 'problems' | 'change'>;
  /** Amounts to offer, smallest first. */
  readonly amounts: readonly number[];
  readonly zone: string;
}

export const FeedingFields = ({ draft, amounts, zone }: FeedingFieldsProps) => {
  const { form, problems, change } = draft;
  return (
    <>
      <div>
        <NumberInput
          label="Amount in ml"
          required
          inputMode="numeric"
          min={0}
          step={10}
          clampBehavior="none"
          value={form.amountMl}
          error={problems.amountMl}
          onChange={(amountMl) => change({ amountMl })}
        />
        <Choices
          label="Usual amounts"
          value={String(form.amountMl)}
          options={amounts.map((ml) => [String(ml), formatNumber(ml)])}
          onChange={(ml) => change({ amountMl: Number(ml) })}
        />
      </div>
      <Input.Wrapper label="What" labelElement="div">
        <Choices
          label="What"
          value={form.foodType}
          options={FOOD_TYPES.map((type) => [type, asLabel(type)])}
          onChange={(foodType) => change({ foodType })}
        />
      </Input.Wrapper>
      <TextInput
        label="When"
        required
        type="datetime-local"
        description={`Time zone ${zone.replaceAll('_', ' ')}`}
        value={form.time}
        error={problems.time}
        onChange={(event) => change({ time: event.currentTarget.value })}
      />
      <Textarea
        label="Notes"
        autosize
        minRows={2}
        maxRows={10}
        dir="auto"
        value={form.notes}
        error={problems.notes}
        onChange={(event) => change({ notes: event.currentTarget.value })}
      />
    </>
  );
};

interface ChoicesProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onChange: (value: string) => void;
}

const Choices = ({ label, value, options, onChange }: ChoicesProps) => (
  <Chip.Group value={value} onChange={onChange}>
    <Group gap={6} mt={6} role="radiogroup" aria-label={label}>
      {options.map(([option, words]) => (
        <Chip key={option} value={option} radius="md" variant="light">
          {words}
        </Chip>
      ))}
    </Group>
  </Chip.Group>
);
