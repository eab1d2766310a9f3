// Days of the care log in zones whose clocks change: a day is a date, however many hours it has.

import { describe, expect, it } from 'vitest';
import { formatLength, minuteOf, momentsOf } from '../../client/queries/care/clock.ts';
import {
  amountsOf,
  dayOf,
  daysOf,
  offsetMinutes,
  shiftDay,
} from '../../client/queries/care/days.ts';

const HOUR_MS = 3_600_000;
const DAYS = [
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 23],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', 25],
  ['Europe/Berlin', '2026-06-01', '2026-05-31T22:00:00Z', 24],
  ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', 23],
  ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', 25],
  ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00Z', 23.5],
  ['Asia/Kathmandu', '2026-01-01', '2025-12-31T18:15:00Z', 24],
] as const;

const fed = (time: string, amountMl = 100) => ({ id: time, atMs: Date.parse(time), amountMl });

describe('a day', () => {
  it.each(DAYS)('of %s, %s, starts at %s and has %d hours', (zone, day, start, hours) => {
    const first = Date.parse(start);
    const end = first + hours * HOUR_MS;
    expect(dayOf(first, zone)).toBe(day);
    expect(dayOf(first - 1, zone)).toBe(shiftDay(day, -1));
    expect(dayOf(end - 1, zone)).toBe(day);
    expect(dayOf(end, zone)).toBe(shiftDay(day, 1));
  });

  it('follows another by its date, over months, years and changes of the clock', () => {
    expect(shiftDay('2026-03-29', 1)).toBe('2026-03-30');
    expect(shiftDay('2026-03-01', -1)).toBe('2026-02-28');
    expect(shiftDay('2027-01-01', -1)).toBe('2026-12-31');
  });
});

describe('feedings', () => {
  // Half past twelve at night, before and after two changes, and near midnight.
  const rows = [
    fed('2026-03-29T21:59:00.000Z', 10),
    fed('2026-03-29T01:30:00.000Z', 20),
    fed('2026-03-29T00:30:00.000Z', 30),
    fed('2026-03-28T23:00:00.000Z', 40),
    fed('2026-03-28T22:59:00.000Z', 50),
  ];

  it('stand under the date that the clock there showed, with the day’s total', () => {
    const days = daysOf(rows, 'Europe/Berlin');
    expect(days.map(({ key, totalMl }) => [key, totalMl])).toEqual([
      ['2026-03-29', 100],
      ['2026-03-28', 50],
    ]);
  });

  it('move to other days when the device is in another zone', () => {
    const days = daysOf(rows, 'America/New_York');
    expect(days.map(({ key, totalMl }) => [key, totalMl])).toEqual([
      ['2026-03-29', 10],
      ['2026-03-28', 140],
    ]);
  });

  it('of the hour that comes twice are all on the day of 25 hours', () => {
    const night = [
      '2026-10-25T22:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
    ];
    const days = daysOf(
      night.map((time) => fed(time)),
      'Europe/Berlin',
    );
    expect(days.map(({ key, feedings }) => [key, feedings.length])).toEqual([['2026-10-25', 3]]);
  });

  it('of the last days count up to today, days without any with nothing', () => {
    const amounts = amountsOf(daysOf(rows, 'Europe/Berlin'), '2026-03-30', 4);
    expect(amounts).toEqual([
      { key: '2026-03-27', totalMl: 0, count: 0 },
      { key: '2026-03-28', totalMl: 50, count: 1 },
      { key: '2026-03-29', totalMl: 100, count: 4 },
      { key: '2026-03-30', totalMl: 0, count: 0 },
    ]);
  });
});

describe('a time that is read from a form', () => {
  const iso = (minute: string, zone: string): readonly string[] =>
    momentsOf(minute, zone).map((atMs) => new Date(atMs).toISOString());

  it('is one moment on most days', () => {
    expect(iso('2026-06-01T12:00', 'Europe/Berlin')).toEqual(['2026-06-01T10:00:00.000Z']);
    expect(iso('2026-01-01T00:00', 'Asia/Kathmandu')).toEqual(['2025-12-31T18:15:00.000Z']);
  });

  it('is none where clocks are put forward over it', () => {
    expect(iso('2026-03-29T02:30', 'Europe/Berlin')).toEqual([]);
    expect(iso('2026-03-08T02:30', 'America/New_York')).toEqual([]);
    expect(iso('2026-03-29T03:00', 'Europe/Berlin')).toEqual(['2026-03-29T01:00:00.000Z']);
  });

  it('is two where clocks are put back', () => {
    expect(iso('2026-10-25T02:30', 'Europe/Berlin')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
    expect(iso('2026-11-01T01:30', 'America/New_York')).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-01T06:30:00.000Z',
    ]);
  });

  it('is written as the clock shows it, also next to a change', () => {
    expect(minuteOf(Date.parse('2026-10-25T01:30:00Z'), 'Europe/Berlin')).toBe('2026-10-25T02:30');
    expect(offsetMinutes(Date.parse('2026-10-25T00:59:59.999Z'), 'Europe/Berlin')).toBe(120);
    expect(offsetMinutes(Date.parse('2026-10-25T01:00:00.000Z'), 'Europe/Berlin')).toBe(60);
  });
});

it('a length of time is written in its two largest units', () => {
  const MINUTE_MS = 60_000;
  const lengths = [0, 59, 60, 130, 24 * 60, 26 * 60, 49 * 60].map((n) =>
    formatLength(n * MINUTE_MS),
  );
  expect(lengths).toEqual([
    'under 1 min',
    '59 min',
    '1 h',
    '2 h 10 min',
    '1 day',
    '1 day 2 h',
    '2 days 1 h',
  ]);
});
