// The questions of one form, to be answered in any order. Others' answers to other questions show
// while it is open, and stand.

import {
  Alert,
  Button,
  Group,
  NativeSelect,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { FormEvent } from 'react';
import { questionsOf, type FormQuestion } from '../../../schemas/index.ts';
import type { FormRow } from '../../queries/map/forms.ts';
import { useFormDraft } from '../../queries/map/use-form-draft.ts';

interface FormAnswersProps {
  readonly row: FormRow;
  readonly onDone: () => void;
  readonly onDelete: () => void;
}

export const FormAnswers = ({ row, onDone, onDelete }: FormAnswersProps) => {
  const draft = useFormDraft(row);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (await draft.save()) onDone();
  };
  const cancel = (): void => {
    draft.discard();
    onDone();
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="sm">
        {questionsOf(row.template, draft.form).map((question) => (
          <Answer
            key={question.key}
            question={question}
            answer={draft.form[question.key] ?? ''}
            problem={draft.problems[question.key]}
            onAnswer={(answer) => draft.change({ [question.key]: answer })}
          />
        ))}
        {draft.failure !== undefined && (
          <Alert color="red" title="This device could not save it" role="alert">
            <Text size="sm">What you wrote is still here. Try again in a moment.</Text>
            <Text size="xs" c="dimmed">
              {draft.failure}
            </Text>
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" color="red" mr="auto" px="xs" onClick={onDelete}>
            Delete
          </Button>
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
          <Button type="submit" variant="light">
            Save form
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

interface AnswerProps {
  readonly question: FormQuestion;
  readonly answer: string;
  readonly problem: string | undefined;
  readonly onAnswer: (answer: string) => void;
}

const Answer = ({ question, answer, problem, onAnswer }: AnswerProps) => {
  const shared = {
    label: question.label,
    value: answer,
    error: problem,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      onAnswer(event.currentTarget.value),
  };
  switch (question.kind) {
    case 'text':
      return <Textarea {...shared} autosize minRows={1} maxRows={8} dir="auto" />;
    case 'date':
      return <TextInput {...shared} type="date" />;
    case 'yesNo':
      return <NativeSelect {...shared} data={choicesOf(['yes', 'no'], answer)} />;
    case 'choice':
      return <NativeSelect {...shared} data={choicesOf(question.choices ?? [], answer)} />;
  }
};

/** Not answered, the choices, and what somebody answered before there were these choices. */
const choicesOf = (choices: readonly string[], answer: string) => [
  { value: '', label: 'Not answered' },
  ...choices,
  ...(answer === '' || choices.includes(answer) ? [] : [answer]),
];
