// What a person has typed into a pin's form and not saved. It survives closing the form and Back,
// for as long as the page lives, and only changed fields are ever written.

import { useState } from 'react';
import { useWorkspace } from '../database/use-workspace.ts';
import { addPin, changePin, type PinRow } from './pins.ts';
import { checkPin, fieldsOf, formOf, type PinForm, type PinProblems } from './pin-form.ts';

const drafts = new Map<string, Partial<PinForm>>();

export interface PinDraft {
  readonly form: PinForm;
  readonly problems: PinProblems;
  /** Something typed earlier, found again. */
  readonly found: boolean;
  readonly failure: string | undefined;
  readonly change: (edits: Partial<PinForm>) => void;
  readonly discard: () => void;
  /** Resolves to whether it was saved. */
  readonly save: () => Promise<boolean>;
}

/** @param row what is stored; without one, a new pin is made. */
export const usePinDraft = (id: string, row: PinRow | undefined): PinDraft => {
  const workspace = useWorkspace();
  const key = `${workspace.name}${id}`;
  const [edits, setEdits] = useState<Partial<PinForm>>(() => drafts.get(key) ?? {});
  const [found, setFound] = useState(() => drafts.has(key));
  const [problems, setProblems] = useState<PinProblems>({});
  const [failure, setFailure] = useState<string>();
  const form = { ...formOf(row), ...edits };

  const discard = (): void => {
    drafts.delete(key);
    setEdits({});
    setFound(false);
    setProblems({});
  };
  const change = (more: Partial<PinForm>): void => {
    const next = { ...edits, ...more };
    drafts.set(key, next);
    setEdits(next);
    // What was wrong is judged again while it is put right.
    if (Object.keys(problems).length > 0) setProblems(checkPin({ ...form, ...more }));
  };
  const save = async (): Promise<boolean> => {
    const wrong = checkPin(form);
    setProblems(wrong);
    if (Object.keys(wrong).length > 0) return false;
    try {
      const fields = fieldsOf(form);
      if (row) await changePin(workspace, row.id, fieldsOf(form, row));
      else await addPin(workspace, fields);
    } catch (cause) {
      setFailure(String(cause));
      return false;
    }
    discard();
    return true;
  };
  return { form, problems, found, failure, change, discard, save };
};
