// What a person has typed into a form and not saved. It survives closing the form and Back, for as
// long as the page lives and nobody logs out.

import { useRef, useState } from 'react';
import { databaseOf } from '../database/name.ts';
import { currentSession, subscribeSession } from '../session/session.ts';
import { failureOf, type WriteFailure } from '../storage/write-failure.ts';

const KEPT = 'holdfast.drafts';

/** What was kept for one reload, which takes it. */
const takeKept = (): readonly (readonly [string, unknown])[] => {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  return kept === null ? [] : (JSON.parse(kept) as [string, unknown][]);
};
/** By the workspace's database and the record. */
const drafts = new Map<string, unknown>(takeKept());

/** Whose are typed now: who only gives the page to somebody else finds them again. */
let database = '';
subscribeSession(() => {
  const session = currentSession();
  if (session.kind === 'in') database = databaseOf(session.account);
  if (session.kind !== 'out') return;
  for (const key of drafts.keys()) if (key.startsWith(database)) drafts.delete(key);
});

/** @param of the beginning of their keys. */
export const hasDrafts = (of = ''): boolean => [...drafts.keys()].some((key) => key.startsWith(of));

/** What was typed into a record's form, a line for each field; undefined where nothing was. */
export const typedInto = (key: string): string | undefined => {
  const typed = drafts.get(key);
  if (typeof typed !== 'object' || typed === null) return undefined;
  return Object.entries(typed)
    .map(([field, value]) => `${field}: ${String(value)}`)
    .join('\n');
};

/** Just before the page loads itself again. */
export const keepDrafts = (): void => {
  if (hasDrafts()) sessionStorage.setItem(KEPT, JSON.stringify([...drafts]));
};

export const forgetTyped = (key: string): boolean => drafts.delete(key);

export type Problems<Form> = Partial<Record<keyof Form, string>>;

export interface Draft<Form> {
  readonly form: Form;
  readonly problems: Problems<Form>;
  /** Something typed earlier, found again. */
  readonly found: boolean;
  readonly failure: WriteFailure | undefined;
  readonly change: (edits: Partial<Form>) => void;
  readonly discard: () => void;
  /** Resolves to the record's id, or to nothing where it could not be saved, or has been already. */
  readonly save: () => Promise<string | undefined>;
}

export interface DraftOf<Form> {
  /** Names the record among all of them: the workspace's database, then what is unique there. */
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
  const progress = useRef<'none' | 'running' | 'done'>('none');
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
    if (progress.current === 'done') progress.current = 'none';
    // What was wrong is judged again while it is put right.
    if (Object.keys(problems).length > 0) setProblems(check({ ...form, ...more }));
  };
  const save = async (): Promise<string | undefined> => {
    const wrong = check(form);
    setProblems(wrong);
    // A form that slides away can still be pressed.
    if (Object.keys(wrong).length > 0 || progress.current !== 'none') return undefined;
    progress.current = 'running';
    try {
      const id = await write(form);
      progress.current = 'done';
      discard();
      return id;
    } catch (cause) {
      progress.current = 'none';
      setFailure(failureOf(cause));
      return undefined;
    }
  };
  return { form, problems, found, failure, change, discard, save };
};
