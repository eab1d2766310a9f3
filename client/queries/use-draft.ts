// What a person has typed into a form and not saved. It survives closing the form and Back, for as
// long as the page lives and nobody logs out.

import { useState } from 'react';
import { currentSession, subscribeSession } from '../session/session.ts';
import { failureOf, type WriteFailure } from '../storage/write-failure.ts';

const KEPT = 'holdfast.drafts';

/** What was kept for one reload, which takes it. */
const takeKept = (): readonly (readonly [string, unknown])[] => {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  return kept === null ? [] : (JSON.parse(kept) as [string, unknown][]);
};
const drafts = new Map<string, unknown>(takeKept());
subscribeSession(() => {
  if (currentSession().kind === 'out') drafts.clear();
});

export const hasDrafts = (): boolean => drafts.size > 0;

/** Just before the page loads itself again. */
export const keepDrafts = (): void => {
  if (hasDrafts()) sessionStorage.setItem(KEPT, JSON.stringify([...drafts]));
};

export type Problems<Form> = Partial<Record<keyof Form, string>>;

export interface Draft<Form> {
  readonly form: Form;
  readonly problems: Problems<Form>;
  /** Something typed earlier, found again. */
  readonly found: boolean;
  readonly failure: WriteFailure | undefined;
  readonly change: (edits: Partial<Form>) => void;
  readonly discard: () => void;
  /** Resolves to the record's id, or to nothing where it could not be saved. */
  readonly save: () => Promise<string | undefined>;
}

export interface DraftOf<Form> {
  /** Names the record among all of them. */
  readonly key: string;
  /** What is stored, or what a new record starts from; edits lie above it. */
  readonly stored: Form;
  /** What is wrong with each field; empty when all fits. */
  readonly check: (form: Form) => Problems<Form>;
  /** Resolves to the record's id. */
  readonly write: (form: Form) => Promise<string>;
}

export const useDraft = <Form extends object>(of: DraftOf<Form>): Draft<Form> => {
  const { key, stored, check, write } = of;
  const [edits, setEdits] = useState(() => (drafts.get(key) ?? {}) as Partial<Form>);
  const [found, setFound] = useState(() => drafts.has(key));
  const [problems, setProblems] = useState<Problems<Form>>({});
  const [failure, setFailure] = useState<WriteFailure>();
  const form = { ...stored, ...edits };

  const discard = (): void => {
    drafts.delete(key);
    setEdits({});
    setFound(false);
    setProblems({});
    setFailure(undefined);
  };
  const change = (more: Partial<Form>): void => {
    const next = { ...edits, ...more };
    drafts.set(key, next);
    setEdits(next);
    // What was wrong is judged again while it is put right.
    if (Object.keys(problems).length > 0) setProblems(check({ ...form, ...more }));
  };
  const save = async (): Promise<string | undefined> => {
    const wrong = check(form);
    setProblems(wrong);
    if (Object.keys(wrong).length > 0) return undefined;
    try {
      const id = await write(form);
      discard();
      return id;
    } catch (cause) {
      setFailure(failureOf(cause));
      return undefined;
    }
  };
  return { form, problems, found, failure, change, discard, save };
};
