// The forms that can be filled in at a pin. Answers are text; a question says how it is asked.

export interface FormQuestion {
  /** The answer's key, which is also what is asked. */
  readonly key: string;
  readonly kind: 'text' | 'date' | 'choice' | 'yesNo';
  /** For a choice. */
  readonly choices?: readonly string[];
}

export interface FormTemplate {
  readonly name: string;
  readonly questions: readonly FormQuestion[];
}

const common: readonly FormQuestion[] = [
  { key: 'date', kind: 'date' },
  { key: 'filled in by', kind: 'text' },
];

export const FORM_TEMPLATES: readonly FormTemplate[] = [
  {
    name: 'Inspection',
    questions: [
      ...common,
      { key: 'condition', kind: 'choice', choices: ['good', 'worn', 'broken'] },
      { key: 'access is clear', kind: 'yesNo' },
      { key: 'meter reading', kind: 'text' },
      { key: 'remarks', kind: 'text' },
    ],
  },
  {
    name: 'Safety round',
    questions: [
      ...common,
      { key: 'signs in place', kind: 'yesNo' },
      {
        key: 'extinguisher checked',

        kind: 'choice',
        choices: ['yes', 'no', 'none here'],
      },
      {
        key: 'first-aid box',

        kind: 'choice',
        choices: ['complete', 'plasters missing', 'missing'],
      },
      { key: 'what to do next', kind: 'text' },
    ],
  },
];

const named = (key: string): FormQuestion => ({ key, kind: 'text' });

/** A template's questions, and one for each answer that no question of it asks for. */
export const questionsOf = (
  template: string,
  answers: Readonly<Record<string, string>>,
): readonly FormQuestion[] => {
  const known = FORM_TEMPLATES.find(({ name }) => name === template)?.questions ?? [];
  const others = Object.keys(answers).filter((key) => !known.some((one) => one.key === key));
  return [...known, ...others.map(named)];
};
