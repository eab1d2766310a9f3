// The filled forms of a pin: reading them, adding one, writing changed answers.

import { combineLatest, map, type Observable } from 'rxjs';
import type { LocalForm, Workspace } from '../../database/open.ts';
import type { Version } from '../inbox/entries.ts';
import { editVersion, versionsOf } from '../inbox/versions.ts';
import { uuid7 } from '../uuid7.ts';

export interface FormRow {
  readonly id: string;
  readonly template: string;
  readonly answers: LocalForm['answers'];
  readonly changedAtMs: number;
}

const toRow = (doc: LocalForm): FormRow => ({
  id: doc.id,
  template: doc.template,
  answers: doc.answers,
  changedAtMs: Date.parse(doc.updatedAt ?? ''),
});

/** The latest first. */
export const formsOf = (workspace: Workspace, pin: string): Observable<readonly FormRow[]> =>
  combineLatest([
    workspace.collections.forms.find({ selector: { pin } }).$,
    versionsOf(workspace, 'forms'),
  ]).pipe(
    map(([docs, versions]) =>
      docs
        // The server has checked a version that waits against the schema.
        .map((doc) => toRow({ ...doc.toJSON(), ...(versions.get(doc.id) as Partial<LocalForm>) }))
        .toSorted((one, other) => other.changedAtMs - one.changedAtMs),
    ),
  );

/** Resolves to the new form's id. */
export const addForm = async (
  { collections, account }: Workspace,
  pin: string,
  template: string,
): Promise<string> => {
  const id = uuid7();
  const today = new Date();
  const date = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  const answers = { date, 'filled in by': account.user.name };
  await collections.forms.insert({ id, pin, template, answers });
  return id;
};

/** Writes these answers only: those that others give meanwhile stand beside them. */
export const changeAnswers = async (
  workspace: Workspace,
  id: string,
  changed: LocalForm['answers'],
): Promise<void> => {
  const answered = (version: Version): Version => ({
    ...version,
    answers: { ...(version['answers'] as LocalForm['answers']), ...changed },
  });
  if (await editVersion(workspace, 'forms', id, answered)) return;
  const { collections } = workspace;
  const doc = await collections.forms.findOne(id).exec();
  if (!doc) throw new Error('This form was deleted meanwhile.');
  await doc.incrementalModify((before) => ({
    ...before,
    answers: { ...before.answers, ...changed },
  }));
};
