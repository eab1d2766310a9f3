// The filled forms of a pin: which there are, one opened to be answered, and another one added.

import { Accordion, Button, Group, Menu, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { FORM_TEMPLATES, questionsOf } from '../../../schemas/index.ts';
import { asLabel, formatAgo, formatDate } from '../../queries/format.ts';
import type { FormRow } from '../../queries/map/forms.ts';
import { useForms, type Forms } from '../../queries/map/use-forms.ts';
import { useHeldDeletes } from '../../queries/use-held-deletes.ts';
import { useMayWrite } from '../../queries/use-may-write.ts';
import { useNow } from '../../queries/use-now.ts';
import { useMarks } from '../../sync/use-marks.ts';
import { Failure } from '../Failure.tsx';
import { Icon } from '../Icon.tsx';
import { ConflictNotice } from '../Marks.tsx';
import { ReadOnlyFacts } from '../ReadOnlyFacts.tsx';
import { NoticeBar } from '../NoticeBar.tsx';
import { Typed } from '../Typed.tsx';
import { FormAnswers } from './FormAnswers.tsx';
import { failureWords } from '../../storage/write-failure.ts';

const LINE_ABOVE = { borderTop: '1px solid var(--mantine-color-default-border)' };

/** Which form is open. One that was just added goes where it is cancelled. */
const useOpenForm = (insert: Forms['add'], drop: (row: FormRow) => void) => {
  const [open, setOpen] = useState<string | null>(null);
  const [added, setAdded] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const show = (id: string | null): void => {
    setAdded(undefined);
    setOpen(id);
  };
  const showAdded = (id: string): void => {
    setAdded(id);
    setOpen(id);
  };
  return {
    open,
    problem,
    show,
    add: (template: string): void => {
      insert(template).then(showAdded, (cause: unknown) => setProblem(failureWords(cause)));
    },
    saved: (): void => show(null),
    cancel: (row: FormRow): void => {
      if (row.id === added) drop(row);
      show(null);
    },
  };
};

export const PinForms = ({ pin }: { readonly pin: string }) => {
  const forms = useForms(pin);
  const mayWrite = useMayWrite('forms');
  const deletes = useHeldDeletes<FormRow>('forms');
  const rows = forms.rows.filter(({ id }) => !deletes.hidden.has(id));
  const { open, problem, show, add, saved, cancel } = useOpenForm(forms.add, deletes.hold);
  return (
    <Stack gap="xs" component="section" aria-label="Forms" mt="lg" pt="xs" style={LINE_ABOVE}>
      <Group justify="space-between">
        <Title order={3} size="md">
          Forms
        </Title>
        {mayWrite && <AddForm onAdd={add} />}
      </Group>
      <Failure words={problem ?? deletes.problem} />
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          No forms here yet.
        </Text>
      ) : (
        <FormList
          {...{ rows, open, mayWrite }}
          onOpen={show}
          onSaved={saved}
          onCancel={cancel}
          onDelete={deletes.hold}
        />
      )}
      <NoticeBar
        words={deletes.latest && `Deleted “${deletes.latest.template}”`}
        action="Undo"
        onAction={() => deletes.latest && deletes.undo(deletes.latest.id)}
        inSheet
      />
    </Stack>
  );
};

const AddForm = ({ onAdd }: { readonly onAdd: (template: string) => void }) => (
  <Menu position="bottom-end">
    <Menu.Target>
      <Button variant="default" leftSection={<Icon name="plus" />}>
        Add form
      </Button>
    </Menu.Target>
    <Menu.Dropdown>
      {FORM_TEMPLATES.map(({ name }) => (
        <Menu.Item key={name} onClick={() => onAdd(name)}>
          {name}
        </Menu.Item>
      ))}
    </Menu.Dropdown>
  </Menu>
);

const answersOf = ({ template, answers }: FormRow): readonly (readonly [string, string])[] =>
  questionsOf(template, answers).map(({ key, kind }) => {
    const answer = answers[key] ?? '';
    return [asLabel(key), kind === 'date' ? formatDate(answer) : asLabel(answer)];
  });

const reveal = (item: HTMLElement | null): void => item?.scrollIntoView({ block: 'nearest' });

interface FormListProps {
  readonly rows: readonly FormRow[];
  readonly open: string | null;
  readonly mayWrite: boolean;
  readonly onOpen: (id: string | null) => void;
  readonly onSaved: () => void;
  readonly onCancel: (row: FormRow) => void;
  readonly onDelete: (row: FormRow) => void;
}

const FormList = ({ rows, open, mayWrite, onOpen, ...on }: FormListProps) => {
  const nowMs = useNow(60_000);
  const { pending, refused, conflicts } = useMarks('forms');
  const stateOf = ({ id, changedAtMs }: FormRow): string => {
    if (conflicts.has(id)) return 'Two versions';
    const reason = refused.get(id);
    if (reason !== undefined) return `Not accepted: ${reason}`;
    return pending.has(id) ? 'Not sent yet' : `Changed ${formatAgo(changedAtMs, nowMs)}`;
  };
  return (
    <Accordion
      variant="contained"
      value={open}
      onChange={onOpen}
      keepMounted={false}
      // So that a form has its whole height when it is brought into sight.
      transitionDuration={0}
    >
      {rows.map((row) => (
        <Accordion.Item
          key={row.id}
          value={row.id}
          ref={row.id === open ? reveal : null}
          // Below the sheet's title, which stays in its place.
          style={{ scrollMarginBlock: '4rem 1rem' }}
        >
          <Accordion.Control>
            <Text size="sm" fw={500} dir="auto">
              {row.template}
              {row.answers['date'] ? `, ${formatDate(row.answers['date'])}` : ''}
            </Text>
            <Text size="xs" c="dimmed">
              {stateOf(row)}
            </Text>
          </Accordion.Control>
          <Accordion.Panel>
            <ConflictNotice entry={conflicts.get(row.id)} />
            {mayWrite ? (
              <FormAnswers
                row={row}
                onSaved={on.onSaved}
                onCancel={() => on.onCancel(row)}
                onDelete={() => on.onDelete(row)}
              />
            ) : (
              <>
                <ReadOnlyFacts facts={answersOf(row)} />
                <Typed record={`forms/${row.id}`} />
              </>
            )}
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
};
