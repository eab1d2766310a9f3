// Records and their fields in people's words: what a field is called, how its value is written, and
// by what a record is known.

import { valueAt } from '../../../replication/index.ts';
import { FORM_TEMPLATES } from '../../../schemas/index.ts';
import { formatDay, formatTime } from '../care/clock.ts';
import { dayOf } from '../care/days.ts';
import { asLabel, formatDate, formatDegrees, formatNumber } from '../format.ts';
import type { Version } from './entries.ts';
import { collectionOf } from './settle.ts';

/** The zone of the clocks here, and the moment. */
export interface Here {
  readonly zone: string;
  readonly nowMs: number;
}

type Write = (value: unknown, here: Here) => string;
interface Face {
  readonly fields: Readonly<Record<string, readonly [label: string, write: Write]>>;
  /** Without the kind of thing. */
  readonly name: (version: Version, here: Here) => string;
}

const plain: Write = (value) => {
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
const choice: Write = (value, here) => asLabel(plain(value, here));
const moment: Write = (value, { zone, nowMs }) => {
  const atMs = Date.parse(String(value));
  if (Number.isNaN(atMs)) return '';
  return `${formatDay(dayOf(atMs, zone), dayOf(nowMs, zone))}, ${formatTime(atMs, zone)}`;
};
const place: Write = (value) => {
  const at = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return at.map((degrees) => formatDegrees(Number(degrees))).join(', ');
};

const listed = (parts: readonly string[]): string => parts.filter((part) => part).join(', ');

const faces: Readonly<Record<string, Face>> = {
  feedings: {
    fields: {
      feedingTime: ['When', moment],
      foodType: ['What', choice],
      amountMl: ['Amount', (value) => `${formatNumber(Number(value))} ml`],
      notes: ['Notes', plain],
    },
    name: ({ feedingTime, amountMl }, here) =>
      listed([
        moment(feedingTime, here),
        typeof amountMl === 'number' ? `${formatNumber(amountMl)} ml` : '',
      ]),
  },
  pins: {
    fields: {
      title: ['Title', plain],
      kind: ['Kind', choice],
      status: ['Status', choice],
      position: ['Place', place],
      notes: ['Notes', plain],
    },
    name: ({ title }, here) => plain(title, here),
  },
  forms: {
    fields: { template: ['Form', plain] },
    name: ({ template, answers }, here) => {
      const date = plain(valueOf(answers, 'date'), here);
      return listed([plain(template, here), date && formatDate(date)]);
    },
  },
};

const valueOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;

const KEYED = /^answers\//;

const questionOf = (key: string) =>
  FORM_TEMPLATES.flatMap(({ questions }) => questions).find((one) => one.key === key);

export const labelOf = (collection: string, field: string): string => {
  const known = faces[collection]?.fields[field]?.[0];
  if (known !== undefined) return known;
  if (KEYED.test(field)) return asLabel(field.replace(KEYED, ''));
  return asLabel(field.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
};

/** A field's value as text; empty where there is none. */
export const wordsOf = (
  name: string,
  field: string,
  version: Version | undefined,
  here: Here,
): string => {
  const collection = collectionOf(name);
  const value =
    collection && version ? valueAt(collection, version, field) : version && version[field];
  if (value === undefined || value === '') return '';
  const write = faces[name]?.fields[field]?.[1];
  if (write) return write(value, here);
  const question = KEYED.test(field) ? questionOf(field.replace(KEYED, '')) : undefined;
  if (question?.kind === 'date') return formatDate(plain(value, here));
  return question && question.kind !== 'text' ? choice(value, here) : plain(value, here);
};

/** `Feeding, Today, 3:03 PM`; without what names it, the kind of thing alone. */
export const nameOf = (collection: string, version: Version, here: Here): string =>
  listed([asLabel(kindOf(collection)), titleOf(collection, version, here)]);

/** `Today, 3:03 PM`; empty without what names it. */
export const titleOf = (collection: string, version: Version, here: Here): string => {
  const { nameField = '' } = collectionOf(collection) ?? {};
  return faces[collection]?.name(version, here) ?? plain(version[nameField], here);
};

/** `feeding` */
export const kindOf = (collection: string): string =>
  collectionOf(collection)?.label.one ?? 'record';

/** Fields in the order of the record's form; others after them, by name. */
export const inOrder = (collection: string, fields: readonly string[]): readonly string[] => {
  const order = Object.keys(faces[collection]?.fields ?? {});
  const place = (field: string): number => {
    const at = order.indexOf(field);
    return at < 0 ? order.length : at;
  };
  return fields.toSorted((one, other) => place(one) - place(other) || one.localeCompare(other));
};
