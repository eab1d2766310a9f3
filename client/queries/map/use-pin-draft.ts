// What a person has typed into a pin's form; only changed fields are ever written.

import { useWorkspace } from '../../database/use-workspace.ts';
import { useDraft, type Draft } from '../use-draft.ts';
import { checkPin, fieldsOf, formOf, type PinForm } from './pin-form.ts';
import { addPin, changePin, type PinRow } from './pins.ts';

export type PinDraft = Draft<PinForm>;

/** @param row what is stored; without one, a new pin is made. */
export const usePinDraft = (id: string, row: PinRow | undefined): PinDraft => {
  const workspace = useWorkspace();
  return useDraft({
    key: `${workspace.name}pins/${id}`,
    stored: formOf(row),
    check: checkPin,
    write: async (form) => {
      if (!row) return addPin(workspace, fieldsOf(form));
      await changePin(workspace, row.id, fieldsOf(form, row));
      return row.id;
    },
  });
};
