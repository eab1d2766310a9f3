// Feedings as a table for other programs, each time as the clock here showed it and in UTC.

import { csvText, plainText } from '../csv.ts';
import { offsetMinutes, wallClock } from './days.ts';
import type { FeedingRow } from './feedings.ts';

const HEAD = ['local_time', 'time_zone', 'utc_time', 'food_type', 'amount_ml', 'notes', 'id'];

/** `2026-03-29T03:30:00+02:00` */
export const localIso = (atMs: number, zone: string): string => {
  const offset = offsetMinutes(atMs, zone);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${wallClock(atMs, zone)}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
};

/** In the order given. */
export const csvOf = (rows: readonly FeedingRow[], zone: string): string => {
  const lines = rows.map(({ id, atMs, foodType, amountMl, notes }) => [
    localIso(atMs, zone),
    zone,
    new Date(atMs).toISOString(),
    foodType,
    String(amountMl),
    plainText(notes),
    plainText(id),
  ]);
  return csvText([HEAD, ...lines]);
};
