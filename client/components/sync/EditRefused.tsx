// The form in which a refused version, or all of a refused group, is changed and tried again.

import {
  Fieldset,
  NativeSelect,
  NumberInput,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { asLabel } from '../../queries/format.ts';
import { nameOf } from '../../queries/inbox/faces.ts';
import { useHere } from '../../queries/inbox/use-inbox.ts';
import type { EditField, Typed } from '../../queries/sync/edit-form.ts';
import { recordKey, type Item } from '../../queries/sync/items.ts';
import { useRefusal } from '../../queries/sync/use-refusal.ts';
import { useRetryDraft } from '../../queries/sync/use-retry-draft.ts';
import { useWords } from '../../queries/sync/use-words.ts';
import { RecordForm } from '../RecordForm.tsx';

interface EditRefusedProps {
  readonly item: Item;
  /** When it begins to be tried again, and when that failed. */
  readonly onDeed: (isRunning: boolean) => void;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
}

export const EditRefused = ({ item, onDeed, onSaved, onCancel }: EditRefusedProps) => {
  const writes = useRefusal(item);
  const { fields, draft } = useRetryDraft(item, writes, onDeed);
  const here = useHere();
  const words = useWords(writes);
  const inputs = writes.map((write) => {
    const own = fields.filter(({ record }) => record === recordKey(write));
    const rows = own.map((field) =>
      field.input === 'none' ? (
        <Text key={field.key} size="sm" dir="auto">
          {field.label}: {words(write, field.entry)}
        </Text>
      ) : (
        <EditInput
          key={field.key}
          field={field}
          value={draft.form[field.key] ?? ''}
          problem={draft.problems[field.key]}
          onChange={(value) => draft.change({ [field.key]: value })}
        />
      ),
    );
    if (writes.length === 1 || own.length === 0) return rows;
    return (
      <Fieldset key={write.op} legend={nameOf(write.collection, write.doc, here)}>
        <Stack gap="sm">{rows}</Stack>
      </Fieldset>
    );
  });
  return (
    <RecordForm draft={draft} submit="Save and try again" onSaved={onSaved} onCancel={onCancel}>
      <Text size="sm" c="dimmed" dir="auto">
        Not accepted: {[...new Set(writes.map(({ message }) => message))].join(' ')}
      </Text>
      {inputs}
    </RecordForm>
  );
};

interface EditInputProps {
  readonly field: EditField;
  readonly value: Typed;
  readonly problem: string | undefined;
  readonly onChange: (value: Typed) => void;
}

const TYPES = { line: 'text', date: 'date', time: 'datetime-local' } as const;

const EditInput = ({ field, value, problem, onChange }: EditInputProps) => {
  const { label, choices, limits } = field;
  switch (field.input) {
    case 'choice':
      return (
        <NativeSelect
          label={label}
          data={choices.map((choice) => ({ value: choice, label: asLabel(choice) }))}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'flag':
      return (
        <Switch
          label={label}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'number':
      return (
        <NumberInput
          label={label}
          value={typeof value === 'boolean' ? '' : value}
          allowDecimal={limits.type !== 'integer'}
          error={problem ?? false}
          onChange={onChange}
        />
      );
    case 'text':
      return (
        <Textarea
          label={label}
          autosize
          minRows={2}
          maxRows={8}
          dir="auto"
          value={String(value)}
          error={problem ?? false}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'line':
    case 'date':
    case 'time':
      return (
        <TextInput
          label={label}
          type={TYPES[field.input]}
          dir="auto"
          value={String(value)}
          error={problem ?? false}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'none':
      return null;
  }
};
