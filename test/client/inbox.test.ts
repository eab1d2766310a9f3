// The inbox without a page: what differs, what a choice makes, what is shown, and in which words.

import { describe, expect, it } from 'vitest';
import { collections } from '../../schemas/index.ts';
import type { EntryRow } from '../../client/queries/inbox/entries.ts';
import { inOrder, labelOf, nameOf, wordsOf } from '../../client/queries/inbox/faces.ts';
import {
  differences,
  mergedBy,
  resolutionOf,
  whyTooLarge,
} from '../../client/queries/inbox/settle.ts';
import { layOver, versionShown } from '../../client/queries/inbox/versions.ts';
import {
  keepWords,
  sentenceOf,
  sidesOf,
  titleOf,
  wrote,
} from '../../client/queries/inbox/words.ts';

const { feedings, forms } = collections;
const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const here = { zone: 'Europe/Berlin', nowMs: NOW };
const AT = '2026-11-21T11:58:00.000Z';
const [mine, theirs] = [
  { feedingTime: AT, foodType: 'formula', amountMl: 120, notes: 'hungry' },
  { feedingTime: AT, foodType: 'formula', amountMl: 90, notes: '' },
];
const entry: EntryRow = {
  id: 'e1',
  collectionName: 'feedings',
  documentId: 'f1',
  op: '',
  state: 'open',
  phase: 'open',
  decidedHere: false,
  reason: 'concurrent',
  fields: ['amountMl', 'notes'],
  author: 'bea',
  device: 'b1',
  mineAt: AT,
  mine,
  theirs,
  theirsBy: 'ada',
  theirsDevice: 'a1',
  theirsAt: AT,
  theirsRev: 3,
  history: [],
  shared: true,
};
const names = { ada: 'Ada', bea: 'Bea' };
const bea = { me: 'bea', device: 'b1', names };
const ada = { me: 'ada', device: 'a2', names };

describe('choosing', () => {
  const fields = differences(feedings, entry);

  it('is about the fields in which the versions differ', () => {
    expect(inOrder('feedings', fields)).toEqual(['amountMl', 'notes']);
  });

  it('ends only when every field has a choice', () => {
    expect(resolutionOf(feedings, entry, fields, { amountMl: 'mine' })).toBeUndefined();
  });

  it.each(['mine', 'theirs'] as const)('of %s for each field keeps that version', (side) => {
    const choices = { amountMl: side, notes: side };
    expect(resolutionOf(feedings, entry, fields, choices)).toEqual({ choice: side });
  });

  it('of both sides makes a merge with every field of the document', () => {
    const choices = { amountMl: 'theirs', notes: 'mine' } as const;
    expect(resolutionOf(feedings, entry, fields, choices)).toEqual({
      choice: 'merge',
      merged: { ...theirs, notes: 'hungry' },
    });
  });

  it('merges answers of a form one by one', () => {
    const versions = {
      mine: { pin: 'p', template: 'Inspection', answers: { remarks: 'wet', condition: 'worn' } },
      theirs: { pin: 'p', template: 'Inspection', answers: { condition: 'good' } },
    };
    const about = { ...versions, phase: 'open', fields: [] } as const;
    const differing = differences(forms, about);
    expect(differing.toSorted()).toEqual(['answers/condition', 'answers/remarks']);
    expect(mergedBy(forms, versions, { 'answers/remarks': 'mine' })['answers']).toEqual({
      condition: 'good',
      remarks: 'wet',
    });
  });

  it('says when both together are more than a record can hold', () => {
    const notes = 'x'.repeat(feedings.maxBytes);
    expect(whyTooLarge(feedings, { ...mine, notes })).toMatch(/more than a feeding can hold/);
    expect(whyTooLarge(feedings, mine)).toBeUndefined();
  });
});

describe('in the place of the document', () => {
  it.each([
    ['its author sees the version that waits', 'bea', undefined, mine],
    ['others see the document', 'ada', undefined, undefined],
    ['whoever kept the version sees it', 'ada', { choice: 'mine' }, mine],
    ['who merged sees the merge', 'bea', { choice: 'merge', merged: theirs }, theirs],
    ['who kept theirs sees the document', 'bea', { choice: 'theirs' }, undefined],
  ] as const)('%s', (_who, user, resolution, shown) => {
    const waiting = { ...entry, ...(resolution === undefined ? {} : { resolution }) };
    expect(versionShown(waiting, user)).toEqual(shown);
  });

  it('a version stands where its own fields put it among the others', () => {
    const rows = ['a', 'b', 'c'].map((id, at) => ({ id, at }));
    const versions = new Map([['a', { at: 5 }]]);
    const laid = layOver(
      rows,
      versions,
      (row, { at }) => ({ ...row, at: Number(at) }),
      (one, two) => one.at - two.at,
    );
    expect(laid.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
    expect(
      layOver(
        rows,
        new Map(),
        (row) => row,
        () => 0,
      ),
    ).toBe(rows);
  });
});

describe('in words', () => {
  it('a field has the name and the unit that its form has', () => {
    expect(labelOf('feedings', 'amountMl')).toBe('Amount');
    expect(wordsOf('feedings', 'amountMl', mine, here)).toBe('120 ml');
    expect(wordsOf('feedings', 'foodType', mine, here)).toBe('Formula');
    expect(labelOf('forms', 'answers/access is clear')).toBe('Access is clear');
    expect(labelOf('products', 'priceMinor')).toBe('Price minor');
  });

  it('a record is called as people know it', () => {
    expect(nameOf('feedings', mine, here)).toMatch(/^Feeding, Today, 12:58/);
    expect(nameOf('pins', { title: 'North gate' }, here)).toBe('Pin, North gate');
    expect(nameOf('products', { name: 'Bread' }, here)).toBe('Product, Bread');
    expect(nameOf('products', {}, here)).toBe('Product');
    expect(nameOf('tomorrow', {}, here)).toBe('Record');
  });

  it('its author reads of mine and theirs, a manager names', () => {
    expect(sidesOf(entry, bea)).toEqual({ mine: 'Yours', theirs: 'Ada’s' });
    expect(keepWords(entry, 'theirs', bea)).toBe('Keep theirs');
    expect(keepWords(entry, 'mine', ada)).toBe('Keep Bea’s');
    expect(sentenceOf(entry, ada)).toBe('Bea and you changed it at the same time');
    expect(wrote('bea', 'b1', AT, bea, NOW)).toBe('You wrote yours 2 min. ago, on this device.');
    expect(wrote('gone', '', AT, bea, NOW)).toBe('Somebody wrote theirs 2 min. ago.');
  });

  it('what was overwritten says whose what by whom', () => {
    const news: EntryRow = { ...entry, phase: 'information', reason: 'overwritten' };
    expect(sentenceOf(news, bea)).toBe('Ada overwrote your amount and notes');
    expect(titleOf(news, bea)).toBe('Your value was overwritten');
    expect(sentenceOf({ ...news, reason: 'deleted' }, bea)).toBe(
      'Ada deleted it while you changed it',
    );
  });

  it('what was settled says who kept whose version', () => {
    const settled: EntryRow = {
      ...entry,
      phase: 'settled',
      resolution: { choice: 'mine' },
      settledBy: 'ada',
    };
    expect(sentenceOf(settled, bea)).toBe('Ada kept your version');
    expect(sentenceOf(settled, ada)).toBe('You kept Bea’s version');
    expect(sentenceOf({ ...settled, resolution: { choice: 'theirs' } }, ada)).toBe(
      'You kept your version',
    );
  });
});
