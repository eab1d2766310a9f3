// Where in the file the value stands that a validator's sentence is about, and what it is.

import type { Values } from './read-rows.ts';
import { valueAt, type Mapping } from './to-fields.ts';

const MAX_SHOWN = 60;
/** `"position.lat" is missing.`, `"amountMl" is more than 1000.` */
const MISFIT = /^"([^"]+)"/;

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

export function foundAt(
  reason: string,
  { columns, constants }: Mapping,
  values: Values,
): { readonly found?: string } {
  // From the field itself up to the column that holds it as JSON.
  for (
    let path = MISFIT.exec(reason)?.[1] ?? '';
    path !== '';
    path = path.replace(/\.?[^.]*$/, '')
  ) {
    const constant = constants.get(path);
    if (constant !== undefined) return { found: `--set ${path} is ${shown(constant)}` };
    const column = columns.get(path) ?? path;
    const value = valueAt(values, column);
    if (value !== undefined && value !== null)
      return { found: `column "${column}" has ${shown(value)}` };
  }
  return {};
}
