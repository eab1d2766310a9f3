// Whether loading the page again would take something out of a person's hands.

import { hasDrafts, keepDrafts } from '../queries/use-draft.ts';

const TYPED_INTO = 'input:not([type=checkbox], [type=radio], [type=button]), textarea, select';

/** Something is typed and not saved, or the cursor stands in a field, a dialog is open, or somebody is about to log in. */
export const hasUnsavedInput = (): boolean =>
  hasDrafts() ||
  [...document.querySelectorAll<HTMLInputElement>('input[type=password]')].some(
    ({ value }) => value !== '',
  ) ||
  document.activeElement?.matches(TYPED_INTO) === true ||
  document.querySelector('[role=dialog]') !== null;

/** What can be kept over a reload that the person has asked for. */
export const keepInput = keepDrafts;
