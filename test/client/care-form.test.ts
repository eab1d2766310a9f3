// The feeding's form: where it starts, what it refuses, and what it writes.

import { describe, expect, it } from 'vitest';
import {
  changedFields,
  checkFeeding,
  fieldsOf,
  formOf,
  quickAmounts,
  startOf,
} from '../../client/queries/care/feeding-form.ts';
import type { FeedingRow } from '../../client/queries/care/feedings.ts';
import { daysOf } from '../../client/queries/care/days.ts';
import { linesOf } from '../../client/queries/care/lines.ts';

const ZONE = 'Europe/Berlin';
const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const feeding = (feedingTime: string, amountMl = 120): FeedingRow => ({
  id: feedingTime,
  feedingTime,
  foodType: 'formula',
  amountMl,
  notes: '',
  atMs: Date.parse(feedingTime),
  changedAtMs: 0,
  words: '',
});

describe('a new feeding', () => {
  it('starts now, with the last one’s food and amount', () => {
    const start = startOf([feeding('2026-11-21T09:00:00.000Z', 90)], NOW);
    expect(formOf(start, ZONE)).toEqual({
      time: '2026-11-21T13:00',
      foodType: 'formula',
      amountMl: 90,
      notes: '',
    });
  });

  it('offers the amounts given most often, smallest first', () => {
    const rows = [70, 70, 70, 200, 200, 130].map((ml) => feeding('2026-11-21T09:00:00.000Z', ml));
    expect(quickAmounts(rows)).toEqual([60, 70, 90, 130, 200]);
    expect(quickAmounts([])).toEqual([60, 90, 120, 150, 180]);
  });
});

describe('a form', () => {
  const before = feeding('2026-10-25T01:30:12.345Z');
  const form = formOf(before, ZONE);

  it('says what is wrong with amount, time and notes, by the schema’s limits', () => {
    const wrong = { ...form, amountMl: 5_001, time: '2026-03-29T02:30', notes: 'x'.repeat(2_001) };
    const problems = checkFeeding(wrong, before, ZONE, NOW);
    expect(problems.amountMl).toBe('Enter a number from 0 to 5,000.');
    expect(problems.time).toContain('went forward');
    expect(problems.notes).toContain('at most 2,000');
    expect(checkFeeding({ ...form, amountMl: '' }, before, ZONE, NOW).amountMl).toContain(
      'millilitres',
    );
    expect(checkFeeding({ ...form, amountMl: 1.5 }, before, ZONE, NOW).amountMl).toContain('whole');
    expect(checkFeeding({ ...form, time: '' }, before, ZONE, NOW).time).toContain('date');
    expect(checkFeeding(form, before, ZONE, NOW)).toEqual({});
  });

  it('writes nothing of what was not touched, not even the seconds of an hour that came twice', () => {
    expect(changedFields(fieldsOf(form, before, ZONE, NOW), before)).toEqual({});
    const edited = { ...form, amountMl: 150 };
    expect(changedFields(fieldsOf(edited, before, ZONE, NOW), before)).toEqual({ amountMl: 150 });
  });

  it('writes a time of the zone as UTC', () => {
    const moved = { ...form, time: '2026-10-25T03:00' };
    expect(fieldsOf(moved, before, ZONE, NOW).feedingTime).toBe('2026-10-25T02:00:00.000Z');
  });
});

describe('the list', () => {
  const rows = [feeding('2026-11-20T09:00:00.000Z'), feeding('2026-11-20T06:50:00.000Z')];

  it('starts with today while today has no feeding', () => {
    const lines = linesOf(daysOf(rows, ZONE), '2026-11-21');
    expect(lines.map(({ id }) => id)).toEqual([
      'day 2026-11-21',
      'day 2026-11-20',
      ...rows.map(({ id }) => id),
    ]);
    expect(lines[2]).toMatchObject({ gapMs: 130 * 60_000 });
  });

  it('has neither an empty day nor times between feedings where only some are listed', () => {
    const lines = linesOf(daysOf(rows, ZONE), undefined);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatchObject({ gapMs: undefined });
  });
});
