// Numbers and times as people here write them.

const numbers = new Intl.NumberFormat();
const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  hour: 'numeric',
  minute: '2-digit',
});
const dayOfYear = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const day = new Intl.DateTimeFormat(undefined, dayOfYear);
const dayAndYear = new Intl.DateTimeFormat(undefined, { ...dayOfYear, year: 'numeric' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const degrees = new Intl.NumberFormat(undefined, {
  maximumFractionDigits: 6,
  style: 'unit',
  unit: 'degree',
  unitDisplay: 'narrow',
});

export const formatDegrees = (value: number): string => degrees.format(value);

export const formatNumber = (value: number): string => numbers.format(value);

/** The time of day, with the weekday when it was not today. */
export const formatClock = (atMs: number, nowMs: number): string =>
  new Date(atMs).toDateString() === new Date(nowMs).toDateString()
    ? clock.format(atMs)
    : dayAndClock.format(atMs);

/** Relative within a day, with weekday and date farther away. */
export const formatAgo = (atMs: number, nowMs: number): string => {
  const agoMs = nowMs - atMs;
  if (Number.isNaN(agoMs)) return '';
  if (agoMs < MINUTE_MS) return 'just now';
  if (agoMs < HOUR_MS) return relative.format(-Math.floor(agoMs / MINUTE_MS), 'minute');
  if (agoMs < DAY_MS) return relative.format(-Math.floor(agoMs / HOUR_MS), 'hour');
  const thisYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return (thisYear ? day : dayAndYear).format(atMs);
};

/** A date such as `2026-11-21`; what is none stays as it is. */
export const formatDate = (date: string): string => {
  const atMs = Date.parse(`${date}T00:00:00`);
  return Number.isNaN(atMs) ? date : dayAndYear.format(atMs);
};

/** For those who point at a time: to the second, with the zone. */
export const formatExact = (atMs: number): string => (Number.isNaN(atMs) ? '' : exact.format(atMs));

/** A value of a choice as a label: `in progress` is `In progress`. */
export const asLabel = (value: string): string => value.charAt(0).toUpperCase() + value.slice(1);

export const plural = (count: number, one: string, many: string): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** In thousands, as devices and browsers count. */
export const formatBytes = (sizeBytes: number): string => {
  const step = Math.min(sizes.length - 1, Math.floor(Math.log10(Math.max(1, sizeBytes)) / 3));
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: sizes[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: sizeBytes / 1_000 ** step < 10 ? 1 : 0,
  }).format(sizeBytes / 1_000 ** step);
};
