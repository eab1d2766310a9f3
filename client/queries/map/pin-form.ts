// A pin as a form shows it, and back. Limits come from the schema, as the server's do.

import { PIN_KINDS, PIN_STATUSES, pins, type JsonSchema } from '../../../schemas/index.ts';
import type { PinFields } from './pins.ts';
import { formatNumber } from '../format.ts';

export interface PinForm {
  readonly title: string;
  readonly kind: string;
  readonly status: string;
  /** Text while it is no number. */
  readonly lat: number | string;
  readonly lng: number | string;
  readonly notes: string;
}
export type PinProblems = Partial<Record<keyof PinForm, string>>;

const { properties } = pins.schema;
const position = properties['position']?.properties ?? {};
export const pinLimits: Readonly<Record<keyof PinForm, JsonSchema>> = {
  title: properties['title'] ?? {},
  kind: properties['kind'] ?? {},
  status: properties['status'] ?? {},
  lat: position['lat'] ?? {},
  lng: position['lng'] ?? {},
  notes: properties['notes'] ?? {},
};

export const formOf = (row: PinFields | undefined): PinForm => ({
  title: row?.title ?? '',
  kind: row?.kind ?? PIN_KINDS[0],
  status: row?.status ?? PIN_STATUSES[0],
  lat: row?.position.lat ?? '',
  lng: row?.position.lng ?? '',
  notes: row?.notes ?? '',
});

const whatIsWrong = (schema: JsonSchema, value: number | string): string | undefined => {
  const { minLength = 0, maxLength = Infinity, minimum = -Infinity, maximum = Infinity } = schema;
  if (schema.type === 'number') {
    if (value === '') return 'Enter degrees, such as 51.5.';
    if (typeof value !== 'number')
      return `“${value}” is not a number. Enter degrees, such as 51.5.`;
    if (value < minimum || value > maximum) return `Enter a number from ${minimum} to ${maximum}.`;
    return undefined;
  }
  const length = String(value).length;
  if (minLength > 0 && String(value).trim() === '') return 'Enter a title.';
  if (length > maxLength)
    return `This has ${formatNumber(length)} characters. Use at most ${formatNumber(maxLength)}.`;
  return undefined;
};

/** What is wrong with each field, in a sentence; empty when all fits. */
export const checkPin = (form: PinForm): PinProblems => {
  const problems: PinProblems = {};
  for (const name of ['title', 'kind', 'status', 'lat', 'lng', 'notes'] as const) {
    const wrong = whatIsWrong(pinLimits[name], form[name]);
    if (wrong !== undefined) problems[name] = wrong;
  }
  return problems;
};

/** The form as a pin's fields. */
export function fieldsOf(form: PinForm): PinFields;
/** Only those that differ from `before`. */
export function fieldsOf(form: PinForm, before: PinFields): Partial<PinFields>;
export function fieldsOf(form: PinForm, before?: PinFields): Partial<PinFields> {
  const fields: PinFields = {
    title: form.title.trim(),
    kind: PIN_KINDS.find((kind) => kind === form.kind) ?? PIN_KINDS[0],
    status: PIN_STATUSES.find((status) => status === form.status) ?? PIN_STATUSES[0],
    position: { lat: Number(form.lat), lng: Number(form.lng) },
    notes: form.notes,
  };
  if (!before) return fields;
  const moved =
    fields.position.lat !== before.position.lat || fields.position.lng !== before.position.lng;
  return {
    ...(fields.title === before.title ? {} : { title: fields.title }),
    ...(fields.kind === before.kind ? {} : { kind: fields.kind }),
    ...(fields.status === before.status ? {} : { status: fields.status }),
    ...(fields.notes === before.notes ? {} : { notes: fields.notes }),
    ...(moved ? { position: fields.position } : {}),
  };
}
