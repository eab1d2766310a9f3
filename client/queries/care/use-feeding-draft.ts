// A feeding's form: what is typed, what is wrong with it, and saving.

import { useState } from 'react';
import { useWorkspace } from '../../database/use-workspace.ts';
import { useDraft, type Draft } from '../use-draft.ts';
import {
  changedFields,
  checkFeeding,
  fieldsOf,
  formOf,
  startOf,
  type FeedingForm,
} from './feeding-form.ts';
import { addFeeding, changeFeeding, type FeedingRow } from './feedings.ts';

export type FeedingDraft = Draft<FeedingForm>;

/**
 * @param row what is stored; without one, a new feeding is made.
 * @param earlier latest first; a new feeding starts like the first of them.
 */
export const useFeedingDraft = (
  row: FeedingRow | undefined,
  earlier: readonly FeedingRow[],
  zone: string,
): FeedingDraft => {
  const workspace = useWorkspace();
  // Others' feedings must not move the form under the finger.
  const [start] = useState(() => startOf(earlier, Date.now()));
  const before = row ?? start;
  return useDraft<FeedingForm>({
    key: `${workspace.name}feedings/${row?.id ?? 'new'}`,
    stored: formOf(before, zone),
    check: (form) => checkFeeding(form, before, zone, Date.now()),
    write: async (form) => {
      const fields = fieldsOf(form, before, zone, Date.now());
      if (!row) return addFeeding(workspace, fields);
      await changeFeeding(workspace, row.id, changedFields(fields, row));
      return row.id;
    },
  });
};
