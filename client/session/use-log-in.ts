// One try to log in at a time, with what went wrong in a sentence.

import { useState } from 'react';
import { enterWith } from './session.ts';

export interface LogIn {
  readonly busy: boolean;
  readonly problem: string | undefined;
  /** Resolves to whether it worked. */
  readonly submit: (email: string, password: string) => Promise<boolean>;
}

export const useLogIn = (): LogIn => {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const submit = async (email: string, password: string): Promise<boolean> => {
    setBusy(true);
    setProblem(undefined);
    const wrong = await enterWith(email.trim(), password);
    setProblem(wrong);
    setBusy(false);
    return wrong === undefined;
  };
  return { busy, problem, submit };
};
