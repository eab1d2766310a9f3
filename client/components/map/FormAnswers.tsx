// The questions of one form, to be answered in any order. Others' answers to other questions show
// while it is open, and stand.

import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { questionsOf, type FormQuestion } from '../../../schemas/index.ts';
import { asLabel } from '../../queries/format.ts';
import type { FormRow } from '../../queries/map/forms.ts';
import { useFormDraft } from '../../queries/map/use-form-draft.ts';
import { RecordForm } from '../RecordForm.tsx';

interface FormAnswersProps {
  readonly row: FormRow;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
  readonly onDelete: () => void;
}

export const FormAnswers = ({ row, ...on }: FormAnswersProps) => {
  const draft = useFormDraft(row);
  return (
    <RecordForm draft={draft} submit="Save form" inner {...on}>
      {questionsOf(row.template, draft.form).map((question) => (
        <Answer
          key={question.key}
          question={question}
          answer={draft.form[question.key] ?? ''}
          problem={draft.problems[question.key]}
          onAnswer={(answer) => draft.change({ [question.key]: answer })}
        />
      ))}
    </RecordForm>
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
    label: asLabel(question.key),
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

const toChoice = (value: string) => ({ value, label: asLabel(value) });

/** Not answered, the choices, and what somebody answered before there were these choices. */
const choicesOf = (choices: readonly string[], answer: string) => [
  { value: '', label: 'Not answered' },
  ...choices.map(toChoice),
  ...(answer === '' || choices.includes(answer) ? [] : [toChoice(answer)]),
];
