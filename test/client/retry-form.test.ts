// The form of a refused version: which inputs a schema gives, what it refuses, and what is changed.

import { describe, expect, it } from 'vitest';
import { checkEdits, editFieldsOf, editsOf, formOf } from '../../client/queries/sync/edit-form.ts';
import { collections, type Collection } from '../../schemas/index.ts';
import type { RefusedWrite } from '../../replication/index.ts';

const ZONE = 'Europe/Berlin';
const refused = (
  collection: Collection,
  doc: object,
  changed?: readonly string[],
): Pick<RefusedWrite, 'collection' | 'id' | 'doc' | 'changed'> => ({
  collection: collection.name,
  id: 'a',
  doc: { id: 'a', ...doc },
  ...(changed === undefined ? {} : { changed }),
});
const pin = {
  title: 'North gate',
  position: { lat: 1, lng: 2 },
  kind: 'site',
  status: 'open',
  notes: '',
};
const feeding = {
  feedingTime: '2026-11-28T12:30:15.123Z',
  foodType: 'formula',
  amountMl: 90,
  notes: '',
};

describe('a refused version as a form', () => {
  it('asks for each field of a new record as its schema says, in the record’s own order', () => {
    const inputs = (collection: Collection, doc: object) =>
      editFieldsOf(collection, refused(collection, doc)).map(({ entry, input }) => [entry, input]);
    expect(inputs(collections.pins, pin)).toEqual([
      ['title', 'line'],
      ['kind', 'choice'],
      ['status', 'choice'],
      ['position', 'none'],
      ['notes', 'text'],
    ]);
    expect(inputs(collections.feedings, feeding)).toEqual([
      ['feedingTime', 'time'],
      ['foodType', 'choice'],
      ['amountMl', 'number'],
      ['notes', 'text'],
    ]);
    const movement = { product: 'p', amount: -2, reason: 'sale', sale: 's' };
    expect(Object.fromEntries(inputs(collections.movements, movement))).toEqual({
      amount: 'number',
      product: 'none',
      reason: 'choice',
      sale: 'none',
    });
  });

  it('asks of a change only for what it changed, and for answers as their form does', () => {
    const form = { pin: 'p', template: 'Inspection', answers: { condition: 'odd', remarks: 'x' } };
    const changed = ['answers/condition', 'answers/remarks'];
    const fields = editFieldsOf(collections.forms, refused(collections.forms, form, changed));
    expect(fields.map(({ entry, label, input }) => [entry, label, input])).toEqual([
      ['answers/condition', 'Condition', 'choice'],
      ['answers/remarks', 'Remarks', 'text'],
    ]);
    // What is not offered any more is not taken away unasked.
    expect(fields[0]?.choices).toEqual(['odd', 'good', 'worn', 'broken']);
  });

  it('has nothing to ask for where a record was deleted', () => {
    const gone = refused(collections.pins, { ...pin, _deleted: true });
    expect(editFieldsOf(collections.pins, gone)).toEqual([]);
  });
});

describe('what was typed', () => {
  const fields = editFieldsOf(collections.feedings, refused(collections.feedings, feeding));
  const form = formOf(fields, ZONE);
  const key = (entry: string): string => `feedings/a ${entry}`;

  it('starts with the refused version, times as the clock here shows them', () => {
    expect(form).toEqual({
      [key('feedingTime')]: '2026-11-28T13:30',
      [key('foodType')]: 'formula',
      [key('amountMl')]: 90,
      [key('notes')]: '',
    });
  });

  it('is checked by the schema’s limits', () => {
    const wrong = (entry: string, typed: string | number) =>
      checkEdits(fields, { ...form, [key(entry)]: typed }, ZONE)[key(entry)];
    expect(wrong('amountMl', '')).toBe('Enter a number.');
    expect(wrong('amountMl', 5_001)).toBe('Enter a number from 0 to 5,000.');
    expect(wrong('amountMl', 1.5)).toBe('Enter a whole number.');
    expect(wrong('notes', 'x'.repeat(2_001))).toContain('at most 2,000');
    expect(wrong('feedingTime', '')).toBe('Enter a date and a time.');
    expect(checkEdits(fields, form, ZONE)).toEqual({});
    const titles = editFieldsOf(collections.pins, refused(collections.pins, pin, ['title']));
    expect(checkEdits(titles, { 'pins/a title': '' }, ZONE)).toEqual({
      'pins/a title': 'Enter something.',
    });
  });

  it('is sent only where it differs, by record and field', () => {
    expect(editsOf(fields, form, ZONE)).toEqual({});
    const typed = { ...form, [key('amountMl')]: 60, [key('feedingTime')]: '2026-11-28T14:00' };
    expect(editsOf(fields, typed, ZONE)).toEqual({
      'feedings/a': { amountMl: 60, feedingTime: '2026-11-28T13:00:00.000Z' },
    });
  });
});
