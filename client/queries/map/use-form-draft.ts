// What a person has answered and not saved; only changed answers are written.

import { collections } from '../../../schemas/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import { formatNumber } from '../format.ts';
import { useDraft, type Draft } from '../use-draft.ts';
import { changeAnswers, type FormRow } from './forms.ts';

export type Answers = Readonly<Record<string, string>>;

const rule = collections.forms.schema.properties['answers']?.additionalProperties;
const longest = typeof rule === 'object' ? (rule.maxLength ?? Infinity) : Infinity;

const check = (answers: Answers): Answers =>
  Object.fromEntries(
    Object.entries(answers)
      .filter(([, answer]) => answer.length > longest)
      .map(([key]) => [key, `Use at most ${formatNumber(longest)} characters.`]),
  );

export const useFormDraft = (row: FormRow): Draft<Answers> => {
  const workspace = useWorkspace();
  return useDraft<Answers>({
    key: `${workspace.name}forms/${row.id}`,
    stored: row.answers,
    check,
    write: async (answers) => {
      const changed = Object.entries(answers).filter(([key, text]) => row.answers[key] !== text);
      if (changed.length > 0) await changeAnswers(workspace, row.id, Object.fromEntries(changed));
      return row.id;
    },
  });
};
