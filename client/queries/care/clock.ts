// Times as the clocks of one zone show them: read from forms, said in words.

import { shiftDay, wallClock, type DayKey } from './days.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `2026-03-29T03:30`, as date-and-time inputs have it. */
export const minuteOf = (atMs: number, zone: string): string => wallClock(atMs, zone).slice(0, 16);

/**
 * The moments at which clocks of that zone show `minute`: none where they are put forward over it,
 * two where they are put back, else one. Earliest first.
 */
export const momentsOf = (minute: string, zone: string): readonly number[] => {
  const asUtc = Date.parse(`${minute}:00Z`);
  if (Number.isNaN(asUtc)) return [];
  // Clocks differ from UTC by less than a day, and are changed at most once in two.
  const candidates = [asUtc - DAY_MS, asUtc + DAY_MS].map(
    (nearMs) => asUtc - (Date.parse(`${wallClock(nearMs, zone)}Z`) - nearMs),
  );
  return [...new Set(candidates)]
    .filter((atMs) => minuteOf(atMs, zone) === minute)
    .toSorted((one, other) => one - other);
};

/** `under 1 min`, `45 min`, `2 h 10 min`, `3 days 4 h` */
export const formatLength = (lengthMs: number): string => {
  const minutes = Math.floor(lengthMs / MINUTE_MS);
  if (minutes < 1) return 'under 1 min';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return `${days} ${days === 1 ? 'day' : 'days'}${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
};

interface Formats {
  readonly time: Intl.DateTimeFormat;
  readonly exact: Intl.DateTimeFormat;
}
const formats = new Map<string, Formats>();

const formatsOf = (timeZone: string): Formats => {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = {
    time: new Intl.DateTimeFormat(undefined, { timeZone, hour: 'numeric', minute: '2-digit' }),
    exact: new Intl.DateTimeFormat(undefined, { timeZone, dateStyle: 'full', timeStyle: 'long' }),
  };
  formats.set(timeZone, made);
  return made;
};

export const formatTime = (atMs: number, zone: string): string => formatsOf(zone).time.format(atMs);
/** With the zone, for those who point at a time. */
export const formatMoment = (atMs: number, zone: string): string =>
  Number.isNaN(atMs) ? '' : formatsOf(zone).exact.format(atMs);

const dayOptions = { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' } as const;
const dayFormat = new Intl.DateTimeFormat(undefined, dayOptions);
const yearFormat = new Intl.DateTimeFormat(undefined, { ...dayOptions, year: 'numeric' });
const shortFormat = new Intl.DateTimeFormat(undefined, {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'numeric',
});

/** A date has no zone; it is written as the date it is. */
const dateOf = (day: DayKey): Date => new Date(`${day}T00:00:00Z`);

export const formatShortDay = (day: DayKey): string => shortFormat.format(dateOf(day));

export const formatDay = (day: DayKey, today: DayKey): string => {
  if (day === today) return 'Today';
  if (day === shiftDay(today, -1)) return 'Yesterday';
  if (day === shiftDay(today, 1)) return 'Tomorrow';
  return (day.slice(0, 4) === today.slice(0, 4) ? dayFormat : yearFormat).format(dateOf(day));
};
