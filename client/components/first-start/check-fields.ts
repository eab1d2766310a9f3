// What the server will ask of the fields, said before anything is sent.

import type { FirstStartFields } from '../../session/setup-api.ts';

export type FieldErrors = Partial<Record<keyof FirstStartFields, string>>;

const EMAIL = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u;
const NAME = /^[^\p{Cc}]{1,100}$/u;
const PASSWORD_MIN = 8;
const PASSWORD_MAX = 1_024;

const nameError = (name: string, missing: string): string | undefined => {
  if (name.trim() === '') return missing;
  return NAME.test(name.trim()) ? undefined : 'Use at most 100 characters.';
};

const emailError = (email: string): string | undefined => {
  if (email.trim() === '') return 'Enter your email address. You log in with it.';
  const fits = EMAIL.test(email.trim()) && email.trim().length <= 254;
  return fits ? undefined : 'This is not an email address, such as mara@example.org.';
};

const passwordError = ({ length }: string): string | undefined => {
  if (length === 0) return 'Choose a password.';
  if (length < PASSWORD_MIN) {
    const missing = PASSWORD_MIN - length;
    return `${missing} more ${missing === 1 ? 'character is' : 'characters are'} needed.`;
  }
  return length > PASSWORD_MAX ? 'Use at most 1,024 characters.' : undefined;
};

/** In the order in which the fields stand on the page. Empty where all is well. */
export const checkFields = (fields: FirstStartFields): FieldErrors => {
  const errors: Record<string, string | undefined> = {
    name: nameError(fields.name, 'Enter your name. Others see it beside what you write.'),
    email: emailError(fields.email),
    password: passwordError(fields.password),
    workspace: nameError(fields.workspace, 'Give your workspace a name.'),
    modules: fields.modules.length === 0 ? 'Choose at least one.' : undefined,
  };
  return Object.fromEntries(Object.entries(errors).filter(([, error]) => error !== undefined));
};
