// The care log's export, read again by a parser that is not ours.

import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { csvOf, localIso } from '../../client/queries/care/csv.ts';
import type { FeedingRow } from '../../client/queries/care/feedings.ts';

const feeding = (time: string, notes: string): FeedingRow => ({
  id: `id of ${time}`,
  feedingTime: time,
  foodType: 'formula',
  amountMl: 120,
  notes,
  atMs: Date.parse(time),
  changedAtMs: 0,
  words: '',
});

it('quotes commas, quotation marks and line breaks, and ends every line with CRLF', () => {
  const notes = ['plain', 'a, b', 'said "more"', 'two\nlines', 'חלב, חם'];
  const text = csvOf(
    notes.map((note) => feeding('2026-06-01T10:00:00.000Z', note)),
    'Europe/Berlin',
  );
  const records = parse<Record<string, string>>(text, { columns: true });
  expect(records.map((record) => record['notes'])).toEqual(notes);
  expect(records[0]).toMatchObject({ food_type: 'formula', amount_ml: '120' });
  expect(text.endsWith('\r\n')).toBe(true);
  expect(text).toContain('"said ""more"""');
});

it('has each time as the clock there showed it, with its distance from UTC, and in UTC', () => {
  const times = ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'];
  const text = csvOf(
    times.map((time) => feeding(time, '')),
    'Europe/Berlin',
  );
  const records = parse<Record<string, string>>(text, { columns: true });
  expect(records.map((record) => record['local_time'])).toEqual([
    '2026-10-25T02:30:00+02:00',
    '2026-10-25T02:30:00+01:00',
  ]);
  expect(records.map((record) => record['utc_time'])).toEqual(times);
  expect(localIso(Date.parse('2026-01-01T00:00:00Z'), 'America/New_York')).toBe(
    '2025-12-31T19:00:00-05:00',
  );
  expect(localIso(Date.parse('2026-01-01T00:00:00Z'), 'Asia/Kathmandu')).toBe(
    '2026-01-01T05:45:00+05:45',
  );
});

it('has no text that a spreadsheet would run as a formula', () => {
  for (const note of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1']) {
    const text = csvOf([feeding('2026-06-01T10:00:00.000Z', note)], 'UTC');
    const [record] = parse<Record<string, string>>(text, { columns: true });
    expect(record?.['notes']).toBe(`'${note}`);
  }
});
