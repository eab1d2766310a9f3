// A pin's filled forms, as they are on this device.

import { useMemo } from 'react';
import { useWorkspace } from '../../database/use-workspace.ts';
import { useObservable } from '../use-observable.ts';
import { addForm, formsOf, type FormRow } from './forms.ts';

const NONE: readonly FormRow[] = [];

export interface Forms {
  readonly rows: readonly FormRow[];
  readonly add: (template: string) => Promise<string>;
}

export const useForms = (pin: string): Forms => {
  const workspace = useWorkspace();
  const source = useMemo(() => formsOf(workspace, pin), [workspace, pin]);
  const rows = useObservable(source, NONE);
  return { rows, add: (template) => addForm(workspace, pin, template) };
};
