// What a write is called, and how many there are.

import { describe, expect, it } from 'vitest';
import { changesOf, labelOf, nameOf } from '../../replication/outbox/label.ts';
import { feedings } from '../../schemas/feedings.ts';
import { pins } from '../../schemas/pins.ts';
import { sales } from '../../schemas/sales.ts';

describe('a write', () => {
  it.each([
    [pins, { title: '  North\n gate ' }, 'New pin “North gate”'],
    [pins, { title: 'x'.repeat(61) }, `New pin “${'x'.repeat(60)}…”`],
    [pins, { title: `${'x'.repeat(59)}😀 and more` }, `New pin “${'x'.repeat(59)}…”`],
    [pins, {}, 'New pin'],
    [feedings, { amountMl: 120 }, 'New feeding “120 ml”'],
    [feedings, { amountMl: 1_250 }, `New feeding “${(1_250).toLocaleString()} ml”`],
    [sales, { totalMinor: 500 }, 'New sale'],
  ])('is called by what people know it by', (collection, document, label) => {
    expect(labelOf(collection, 'insert', nameOf(collection, document))).toBe(label);
  });

  it('is told apart from others of its name by its time, on the clock of this device', () => {
    const atMs = new Date(2026, 2, 1, 15, 3).getTime();
    const feedingTime = new Date(atMs).toISOString();
    expect(nameOf(feedings, { feedingTime, amountMl: 120 })).toMatch(
      /^120 ml, \S*:03.*, .*\b1\b.*$/,
    );
  });

  it('is counted as people write numbers', () => {
    expect([1, 2, 3_917].map(changesOf)).toEqual([
      '1 change',
      '2 changes',
      `${(3_917).toLocaleString()} changes`,
    ]);
  });
});
