// What shows only in a whole push: references, and the stock that the server adds up.

import { describe, expect, it } from 'vitest';
import type { PushRow } from '../../replication/index.ts';
import { collections, type Collection } from '../../schemas/index.ts';
import { pin } from '../support/documents.ts';
import { makeDevice } from '../support/device.ts';
import { openJudges } from '../support/judges.ts';

const { forms, movements, pins, products, sales } = collections;
const product = { id: 'tea', name: 'Tea', sku: 'T', priceMinor: 100, stock: 0, reorderLevel: 0 };

function shop() {
  const judges = openJudges();
  const till = makeDevice('aaaaaaaaaa', () => judges.clock.nowMs);
  const row = (collection: Collection, doc: Record<string, unknown>): PushRow =>
    till.row(collection, till.make(collection, doc));
  const moved = (id: string, amount: number, sale?: string): PushRow =>
    row(movements, {
      id,
      product: 'tea',
      amount,
      reason: sale === undefined ? 'delivery' : 'sale',
      ...(sale === undefined ? {} : { sale }),
    });
  const sold = (id: string, quantity: number): readonly PushRow[] => {
    const group = { id: `group-${id}`, size: 2 };
    const items = [{ product: 'tea', quantity, priceMinor: 100 }];
    const soldAt = '2026-03-01T10:00:00.000Z';
    const sale = { id, items, totalMinor: 100 * quantity, payment: 'cash', soldAt, void: false };
    return [
      { ...row(sales, sale), group },
      { ...moved(`m-${id}`, -quantity, id), group },
    ];
  };
  const push = (rows: readonly PushRow[], belowFloor: 'flag' | 'reject' = 'flag') =>
    judges.push(till, rows, { ...judges.pusher('ada'), belowFloor });
  const stock = async () => (await judges.stored('products', 'tea'))?.['stock'];
  return { judges, till, row, moved, sold, push, stock };
}

describe('the stock of a product', () => {
  it('is the sum of its movements, those of the same push included, in any order', async () => {
    const { row, moved, push, stock } = shop();
    await push([moved('m1', 5), row(products, product), moved('m2', -2)]);
    expect(await stock()).toBe(3);
    await push([moved('m3', 4)]);
    expect(await stock()).toBe(7);
  });

  it('changes in the commit of the movement, and its sender hears of both', async () => {
    const { judges, row, moved, push } = shop();
    await push([row(products, product)]);
    const { head } = await push([moved('m1', 5)]);
    expect(await judges.stored('products', 'tea')).toMatchObject({ rev: head, stock: 5 });
    expect(await judges.stored('movements', 'm1')).toMatchObject({ rev: head });
  });

  it('counts a movement once, however often it is sent', async () => {
    const { row, moved, push, stock } = shop();
    const delivery = moved('m1', 5);
    await push([row(products, product), delivery]);
    await push([delivery]);
    await push([delivery, delivery]);
    expect(await stock()).toBe(5);
  });

  it('does not hinder an edit of the product that was made before', async () => {
    const { judges, till, row, moved, push, stock } = shop();
    await push([row(products, product)]);
    const known = (await judges.stored('products', 'tea')) ?? {};
    await push([moved('m1', 5)]);
    const dearer = till.edit(products, known, { priceMinor: 120 });
    const { results } = await push([till.row(products, dearer, known)]);
    expect(results[0]).toMatchObject({ verdict: 'accepted' });
    expect(await judges.stored('products', 'tea')).toMatchObject({ priceMinor: 120 });
    expect(await stock()).toBe(5);
  });

  it('goes back when a movement is deleted', async () => {
    const { judges, till, row, moved, push, stock } = shop();
    await push([row(products, product), moved('m1', 5)]);
    const known = (await judges.stored('movements', 'm1')) ?? {};
    await push([till.row(movements, till.remove(known), known)]);
    expect(await stock()).toBe(0);
  });
});

describe('selling the last one at two tills', () => {
  it('is accepted twice where the workspace flags it: the stock is negative and says so', async () => {
    const { row, moved, sold, push, stock } = shop();
    await push([row(products, product), moved('m1', 1)]);
    const [first, second] = [await push(sold('s1', 1)), await push(sold('s2', 1))];
    expect(first.results.map(({ code }) => code)).toEqual([undefined, undefined]);
    expect(second.results).toMatchObject([
      { verdict: 'accepted' },
      { verdict: 'accepted', code: 'below_floor' },
    ]);
    expect(await stock()).toBe(-1);
  });

  it('refuses the second sale with all that belongs to it where the workspace rejects it', async () => {
    const { judges, row, moved, sold, push, stock } = shop();
    await push([row(products, product), moved('m1', 1)]);
    await push(sold('s1', 1), 'reject');
    const second = await push(sold('s2', 1), 'reject');
    expect(second.results).toMatchObject([
      { verdict: 'rejected', code: 'group_refused' },
      { verdict: 'rejected', code: 'below_floor' },
    ]);
    expect(await stock()).toBe(0);
    expect(await judges.stored('sales', 's2')).toBeUndefined();
  });

  it('refuses only the one too many, also within one push', async () => {
    const { row, moved, sold, push, stock } = shop();
    await push([row(products, product), moved('m1', 2)]);
    const { results } = await push(
      [...sold('s1', 1), ...sold('s2', 2), ...sold('s3', 1)],
      'reject',
    );
    expect(results.map(({ verdict }) => verdict)).toEqual([
      'accepted',
      'accepted',
      'rejected',
      'rejected',
      'accepted',
      'accepted',
    ]);
    expect(await stock()).toBe(0);
  });

  it('never refuses what brings more, however low the stock is', async () => {
    const { row, moved, push, stock } = shop();
    await push([row(products, product), moved('m1', -5)]);
    const { results } = await push([moved('m2', 2)], 'reject');
    expect(results[0]).toMatchObject({ verdict: 'accepted' });
    expect(await stock()).toBe(-3);
  });
});

describe('a reference', () => {
  const form = { id: 'm1', pin: 'p1', template: 'round', answers: {} };

  it('may name what comes later in the same push', async () => {
    const { row, push } = shop();
    const { results } = await push([row(forms, form), row(pins, pin)]);
    expect(results).toMatchObject([{ verdict: 'accepted' }, { verdict: 'accepted' }]);
  });

  it('to nothing is refused, and its neighbours go in', async () => {
    const { judges, row, push } = shop();
    const { results } = await push([row(forms, form), row(pins, { ...pin, id: 'p2' })]);
    expect(results).toMatchObject([
      { verdict: 'rejected', code: 'missing_reference' },
      { verdict: 'accepted' },
    ]);
    expect(await judges.stored('forms', 'm1')).toBeUndefined();
  });

  it('to something that was itself refused is refused too', async () => {
    const { row, push } = shop();
    const bad = row(pins, { ...pin, title: '' });
    const { results } = await push([row(forms, form), bad]);
    expect(results).toMatchObject([{ code: 'missing_reference' }, { code: 'invalid' }]);
  });

  it('to a deleted document holds only where it says so', async () => {
    const { judges, till, row, moved, push } = shop();
    await push([row(pins, pin), row(products, product)]);
    for (const [collection, id] of [
      [pins, 'p1'],
      [products, 'tea'],
    ] as const) {
      const known = (await judges.stored(collection.name, id)) ?? {};
      await push([till.row(collection, till.remove(known), known)]);
    }
    const { results } = await push([row(forms, form), moved('m1', -1)]);
    expect(results).toMatchObject([{ code: 'missing_reference' }, { verdict: 'accepted' }]);
  });

  it('does not hinder edits once its document is gone', async () => {
    const { judges, till, row, push } = shop();
    await push([row(pins, pin), row(forms, form)]);
    const known = (await judges.stored('pins', 'p1')) ?? {};
    await push([till.row(pins, till.remove(known), known)]);
    const filled = (await judges.stored('forms', 'm1')) ?? {};
    const clk = till.edit(forms, filled, { 'answers/a': '' }).clk ?? {};
    const edited = { ...filled, answers: { a: 'good' }, clk };
    const { results } = await push([till.row(forms, edited, filled)]);
    expect(results[0]).toMatchObject({ verdict: 'accepted' });
  });
});
