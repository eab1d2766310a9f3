// Clients without clocks: what they changed is what differs by value; and what no client decides.

import { describe, expect, it } from 'vitest';
import type { WireDocument } from '../../replication/index.ts';
import { collections } from '../../schemas/index.ts';
import { readChange, readPlain } from '../../server/accept/read-rows.ts';
import { makeDevice } from '../support/device.ts';
import { openJudges, type Judges } from '../support/judges.ts';

const { pins, products } = collections;

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

describe('a change that names only the time of the version it is for', () => {
  const make = { title: 'Gate', position: { lat: 1, lng: 2 }, kind: 'site', status: 'open' };
  const fit = { notes: '', ...make };

  it.each([
    [
      'superseded',
      products,
      { name: 'Tea', sku: 'T', priceMinor: 1, stock: 0, reorderLevel: 1 },
      { priceMinor: 2 },
      { priceMinor: 3 },
      'bea',
    ],
    ['accepted', pins, fit, { title: 'North gate' }, { title: 'Gate 1' }, 'ada'],
  ] as const)(
    'is %s by the policy where that is out of date',
    async (verdict, collection, doc, first, second, loser) => {
      const { judges, phone } = setting();
      const { name } = collection;
      await judges.push(phone, [
        phone.row(collection, phone.make(collection, { id: 'x', ...doc })),
      ]);
      const seenAt = (await judges.stored(name, 'x'))?.updatedAt;
      const write = async (who: string, fields: object) => {
        const row = readChange(judges.pusher(who), collection, { id: 'x', ...fields }, seenAt);
        return (await judges.accept.plain(judges.pusher(who), [row])).results[0]?.verdict;
      };
      expect(await write('ada', first)).toBe('accepted');
      expect(await write('bea', second)).toBe(verdict);
      expect(await judges.inbox()).toMatchObject([{ state: 'information', author: loser }]);
    },
  );

  it('leaves a document that it would spoil as it is', async () => {
    const { judges, phone } = setting();
    await judges.push(phone, [phone.row(pins, phone.make(pins, { id: 'x', ...fit }))]);
    const before = await judges.stored('pins', 'x');
    const row = readChange(judges.pusher('bea'), pins, { id: 'x', title: 7 });
    const { results } = await judges.accept.plain(judges.pusher('bea'), [row]);
    expect(results[0]).toMatchObject({ verdict: 'rejected', code: 'invalid' });
    expect(await judges.stored('pins', 'x')).toEqual(before);
  });
});

it('a derived field begins at nothing, whatever a device says', async () => {
  const { judges, phone } = setting();
  const product = { id: 'x1', name: 'Tea', sku: 'T-1', priceMinor: 1, stock: 999, reorderLevel: 1 };
  await judges.push(phone, [phone.row(products, phone.make(products, product))]);
  expect((await judges.stored('products', 'x1'))?.['stock']).toBe(0);
});
