// Clients without clocks: what they changed is what differs by value; and what no client decides.

import { describe, expect, it } from 'vitest';
import type { WireDocument } from '../../replication/index.ts';
import { collections } from '../../schemas/index.ts';
import { readPlain } from '../../server/accept/read-rows.ts';
import { makeDevice } from '../support/device.ts';
import { openJudges, type Judges } from '../support/judges.ts';

const { products } = collections;

function setting() {
  const judges = openJudges();
  return { judges, phone: makeDevice('aaaaaaaaaa', () => judges.clock.nowMs) };
}

describe('a client without clocks', () => {
  const product = {
    id: 'x1',
    name: 'Tea',
    sku: 'T-1',
    priceMinor: 100,
    stock: 999,
    reorderLevel: 1,
  };
  const plainEdit = (judges: Judges, patch: object, assumed: WireDocument) =>
    judges.accept.plain(judges.pusher('bea'), [
      readPlain(judges.pusher('bea'), products, { ...assumed, ...patch }, assumed),
    ]);

  it('may edit and delete what a device made, where nothing changed meanwhile', async () => {
    const { judges, phone } = setting();
    await judges.push(phone, [phone.row(products, phone.make(products, product))]);
    const seen = (await judges.stored('products', 'x1')) ?? {};
    const edited = await plainEdit(judges, { priceMinor: 120 }, seen);
    expect(edited.results[0]?.verdict).toBe('accepted');
    const now = (await judges.stored('products', 'x1')) ?? {};
    const removed = await plainEdit(judges, { _deleted: true }, now);
    expect(removed.results[0]?.verdict).toBe('accepted');
    expect((await judges.stored('products', 'x1'))?._deleted).toBe(true);
  });

  it('is overtaken where the server wins and somebody was faster', async () => {
    const { judges, phone } = setting();
    await judges.push(phone, [phone.row(products, phone.make(products, product))]);
    const seen = (await judges.stored('products', 'x1')) ?? {};
    await plainEdit(judges, { name: 'Green tea' }, seen);
    const late = await plainEdit(judges, { priceMinor: 120 }, seen);
    expect(late.results[0]?.verdict).toBe('superseded');
  });
});

it('a derived field begins at nothing, whatever a device says', async () => {
  const { judges, phone } = setting();
  const product = { id: 'x1', name: 'Tea', sku: 'T-1', priceMinor: 1, stock: 999, reorderLevel: 1 };
  await judges.push(phone, [phone.row(products, phone.make(products, product))]);
  expect((await judges.stored('products', 'x1'))?.['stock']).toBe(0);
});
