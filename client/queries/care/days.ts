// Feedings by day, as the calendar of one time zone has them. Days are compared by their date, never
// by counting hours: where clocks change, a day has 23 or 25 of them.

/** A date without a time or a zone: `2026-03-29`. Sorts by time. */
export type DayKey = string;

const makers = new Map<string, Intl.DateTimeFormat>();

const makerOf = (zone: string): Intl.DateTimeFormat => {
  const known = makers.get(zone);
  if (known) return known;
  const maker = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  makers.set(zone, maker);
  return maker;
};

/** What a clock on the wall of that zone shows: `2026-03-29T03:30:00`. */
export const wallClock = (atMs: number, zone: string): string => {
  const part = new Map(
    makerOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  const two = (name: Intl.DateTimeFormatPartTypes): string => part.get(name) ?? '00';
  const date = `${two('year').padStart(4, '0')}-${two('month')}-${two('day')}`;
  return `${date}T${two('hour')}:${two('minute')}:${two('second')}`;
};

export const dayOf = (atMs: number, zone: string): DayKey => wallClock(atMs, zone).slice(0, 10);

/** The date some days before or after. */
export const shiftDay = (day: DayKey, by: number): DayKey => {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + by);
  return date.toISOString().slice(0, 10);
};

/** Minutes by which that zone's clocks are ahead of UTC then. */
export const offsetMinutes = (atMs: number, zone: string): number => {
  const shown = Date.parse(`${wallClock(atMs, zone)}Z`);
  return Math.round((shown - Math.floor(atMs / 1_000) * 1_000) / 60_000);
};

export interface Fed {
  readonly id: string;
  readonly atMs: number;
  readonly amountMl: number;
}

export interface Day<Row extends Fed> {
  readonly key: DayKey;
  readonly totalMl: number;
  /** Latest first. */
  readonly feedings: readonly Row[];
}

/**
 * Feedings, sorted latest first, by day. Keys are remembered by row, so that one new feeding does
 * not cost a calculation for each of thousands.
 */
export const daysOf = <Row extends Fed>(
  rows: readonly Row[],
  zone: string,
): readonly Day<Row>[] => {
  const days: { key: DayKey; totalMl: number; feedings: Row[] }[] = [];
  for (const row of rows) {
    const key = keyOf(row, zone);
    let day = days.at(-1);
    if (day?.key !== key) days.push((day = { key, totalMl: 0, feedings: [] }));
    day.feedings.push(row);
    day.totalMl += row.amountMl;
  }
  return days;
};

const keys = new Map<string, WeakMap<Fed, DayKey>>();

const keyOf = (row: Fed, zone: string): DayKey => {
  const inZone = keys.get(zone) ?? new WeakMap<Fed, DayKey>();
  keys.set(zone, inZone);
  const key = inZone.get(row) ?? dayOf(row.atMs, zone);
  inZone.set(row, key);
  return key;
};

export interface DayAmount {
  readonly key: DayKey;
  readonly totalMl: number;
  readonly count: number;
}

/** The last `count` days up to `last`, earliest first, those without a feeding with 0. */
export const amountsOf = (
  days: readonly Day<Fed>[],
  last: DayKey,
  count: number,
): readonly DayAmount[] => {
  const byKey = new Map(days.map((day) => [day.key, day]));
  return Array.from({ length: count }, (_, index) => {
    const key = shiftDay(last, index + 1 - count);
    const day = byKey.get(key);
    return { key, totalMl: day?.totalMl ?? 0, count: day?.feedings.length ?? 0 };
  });
};
