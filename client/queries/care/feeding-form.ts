// A feeding as a form shows it, and back. Limits come from the schema, as the server's do.

import { collections, FOOD_TYPES, type JsonSchema } from '../../../schemas/index.ts';
import { formatNumber } from '../format.ts';
import { minuteOf, momentsOf } from './clock.ts';
import type { FeedingFields, FeedingRow } from './feedings.ts';

export interface FeedingForm {
  /** As the clock here shows it: `2026-03-29T03:30`. */
  readonly time: string;
  readonly foodType: string;
  /** Text while it is no number. */
  readonly amountMl: number | string;
  readonly notes: string;
}
export type FeedingProblems = Partial<Record<keyof FeedingForm, string>>;
type Values = Omit<FeedingFields, 'feedingTime'> & { readonly atMs: number };

const { properties } = collections.feedings.schema;
const limitsOf = (name: string): JsonSchema => properties[name] ?? {};
export const amountLimits = {
  minimum: limitsOf('amountMl').minimum ?? 0,
  maximum: limitsOf('amountMl').maximum ?? Infinity,
};
const longestNote = limitsOf('notes').maxLength ?? Infinity;
const timePattern = new RegExp(limitsOf('feedingTime').pattern ?? '');

const FIRST_AMOUNT_ML = 120;
const USUAL = [60, 90, 120, 150, 180];
const RECENT = 30;
const OFFERED = 5;

/** What a new feeding starts from: now, and the last one's food and amount. */
export const startOf = (rows: readonly FeedingRow[], nowMs: number): Values => ({
  atMs: nowMs,
  foodType: rows[0]?.foodType ?? FOOD_TYPES[0],
  amountMl: rows[0]?.amountMl ?? FIRST_AMOUNT_ML,
  notes: '',
});

/** The amounts that were given most often lately, smallest first, filled up with usual ones. */
export const quickAmounts = (rows: readonly FeedingRow[]): readonly number[] => {
  const counts = new Map<number, number>();
  for (const { amountMl } of rows.slice(0, RECENT))
    counts.set(amountMl, (counts.get(amountMl) ?? 0) + 1);
  const often = [...counts].toSorted(([, one], [, other]) => other - one).map(([ml]) => ml);
  return [...new Set([...often, ...USUAL])].slice(0, OFFERED).toSorted((one, two) => one - two);
};

export const formOf = ({ atMs, foodType, amountMl, notes }: Values, zone: string): FeedingForm => ({
  time: minuteOf(atMs, zone),
  foodType,
  amountMl,
  notes,
});

/** The moment that a form's time means; its own where the time was not touched. */
const momentOf = (form: FeedingForm, before: Values, zone: string, nowMs: number) => {
  if (form.time === minuteOf(before.atMs, zone)) return before.atMs;
  const moments = momentsOf(form.time.slice(0, 16), zone);
  // Of two moments with one name, the latest that has been.
  return moments.findLast((atMs) => atMs <= nowMs) ?? moments[0];
};

const wrongTime = (form: FeedingForm, before: Values, zone: string, nowMs: number) => {
  if (Number.isNaN(Date.parse(`${form.time}Z`))) return 'Enter a date and a time.';
  const atMs = momentOf(form, before, zone, nowMs);
  if (atMs === undefined) return 'Clocks went forward and skipped this time. Choose another one.';
  return timePattern.test(new Date(atMs).toISOString()) ? undefined : 'Check the year.';
};

const wrongAmount = ({ amountMl }: FeedingForm): string | undefined => {
  const { minimum, maximum } = amountLimits;
  if (typeof amountMl !== 'number') return 'Enter how many millilitres.';
  if (amountMl < minimum || amountMl > maximum)
    return `Enter a number from ${formatNumber(minimum)} to ${formatNumber(maximum)}.`;
  return Number.isInteger(amountMl) ? undefined : 'Enter whole millilitres.';
};

const wrongNotes = ({ notes: { length } }: FeedingForm): string | undefined =>
  length > longestNote
    ? `This has ${formatNumber(length)} characters. Use at most ${formatNumber(longestNote)}.`
    : undefined;

/** What is wrong with each field, in a sentence; empty when all fits. */
export const checkFeeding = (
  form: FeedingForm,
  before: Values,
  zone: string,
  nowMs: number,
): FeedingProblems => {
  const found = {
    time: wrongTime(form, before, zone, nowMs),
    amountMl: wrongAmount(form),
    notes: wrongNotes(form),
  };
  const problems: FeedingProblems = {};
  for (const name of ['time', 'amountMl', 'notes'] as const)
    if (found[name] !== undefined) problems[name] = found[name];
  return problems;
};

/** A form without problems as a feeding's fields. */
export const fieldsOf = (
  form: FeedingForm,
  before: Values,
  zone: string,
  nowMs: number,
): FeedingFields => ({
  feedingTime: new Date(momentOf(form, before, zone, nowMs) ?? before.atMs).toISOString(),
  foodType: FOOD_TYPES.find((type) => type === form.foodType) ?? before.foodType,
  amountMl: Number(form.amountMl),
  notes: form.notes,
});

/** Only those that differ. */
export const changedFields = (
  after: FeedingFields,
  before: FeedingFields,
): Partial<FeedingFields> => ({
  ...(after.feedingTime === before.feedingTime ? {} : { feedingTime: after.feedingTime }),
  ...(after.foodType === before.foodType ? {} : { foodType: after.foodType }),
  ...(after.amountMl === before.amountMl ? {} : { amountMl: after.amountMl }),
  ...(after.notes === before.notes ? {} : { notes: after.notes }),
});
