// A member who means harm: rows that no honest client would send.

import { expect, it } from 'vitest';
import type { WireDocument } from '../../replication/index.ts';
import { collections, type Conflict } from '../../schemas/index.ts';
import { readPlain } from '../../server/accept/read-rows.ts';
import { readStockRows, stampedPush } from '../../server/accept/stock-rows.ts';
import { feeding } from '../support/documents.ts';
import { makeDevice } from '../support/device.ts';
import { openJudges } from '../support/judges.ts';

const { conflicts, feedings, messages, movements, pins, products } = collections;
const pin = (title: string): WireDocument => ({
  id: 'p1',
  title,
  position: { lat: 1, lng: 2 },
  kind: 'site',
  status: 'open',
  notes: '',
});
const product = { id: 'p', name: 'Oat', sku: 's', priceMinor: 1, stock: 0, reorderLevel: 0 };

function setting() {
  const judges = openJudges();
  const now = (): number => judges.clock.nowMs;
  return { judges, phone: makeDevice('aaaaaaaaaa', now), desk: makeDevice('bbbbbbbbbb', now) };
}

/** Bea's version of a feeding waits; the entry as she has it. */
async function waiting() {
  const { judges, phone, desk } = setting();
  await judges.push(phone, [phone.row(feedings, phone.make(feedings, feeding))]);
  const known = (await judges.stored('feedings', 'f1')) ?? {};
  judges.clock.nowMs += 1_000;
  const edit = (device: typeof phone, amountMl: number) =>
    device.row(feedings, device.edit(feedings, known, { amountMl }), known);
  await judges.push(phone, [edit(phone, 90)]);
  await judges.push(desk, [edit(desk, 120)], judges.pusher('bea'));
  const [found] = await judges.inbox();
  const entry = found as unknown as WireDocument;
  const send = async (patch: object, forged: object = {}, who = 'bea') => {
    const doc = { ...desk.edit(conflicts, entry, patch), ...forged };
    const row = desk.row(conflicts, doc, entry);
    return (await judges.push(desk, [row], judges.pusher(who))).results[0];
  };
  return { judges, entry, send };
}

it('a chain of references that hangs on nothing is refused in few looks', async () => {
  const { judges, phone } = setting();
  const rows = Array.from({ length: 200 }, (_, index) => {
    const fields = { conversation: 'c', text: 'Hi', kind: 'text', replyTo: `m${index + 1}` };
    return phone.row(messages, phone.make(messages, { id: `m${index}`, ...fields }));
  });
  let reads = 0;
  const [first, ...others] = rows;
  const watched = { ...first?.doc };
  const clk = watched.clk;
  Object.defineProperty(watched, 'clk', {
    enumerable: true,
    get: () => {
      reads += 1;
      return clk;
    },
  });
  const chain = first === undefined ? [] : [{ ...first, doc: watched }, ...others];
  const { results } = await judges.push(phone, chain);
  expect(new Set(results.map(({ code }) => code))).toEqual(new Set(['missing_reference']));
  expect(reads).toBeLessThan(100);
});

it.each([{ documentId: 'another' }, { collectionName: 'pins' }])(
  'a decision that names another document, %o, leaves the entry open',
  async (forged) => {
    const { judges, entry, send } = await waiting();
    const resolution = { choice: 'mine' };
    const outcome = await send({ resolution }, forged);
    expect(outcome).toMatchObject({ verdict: 'rejected', code: 'immutable' });
    const bea = judges.pusher('bea');
    const assumed = { ...entry, ...forged };
    const plain = readPlain(bea, conflicts, { ...assumed, resolution }, assumed);
    await judges.accept.plain(bea, plain.kind === 'refused' ? [] : [plain]);
    expect(await judges.inbox()).toEqual([entry]);
  },
);

it('a version in the inbox is no larger than its document may be', async () => {
  const { judges, entry, send } = await waiting();
  const { mine } = entry as unknown as Conflict;
  const bloated = { ...mine, junk: 'x'.repeat(feedings.maxBytes) };
  const tooLarge = { verdict: 'rejected', code: 'too_large' };
  expect(await send({ mine: bloated })).toMatchObject(tooLarge);
  const resolution = { choice: 'theirs', merged: bloated };
  expect(await send({ resolution })).toMatchObject(tooLarge);
  expect(await judges.inbox()).toEqual([entry]);
});

it('somebody else’s entry answers a right guess of its content like a wrong one', async () => {
  const { entry, send } = await waiting();
  const { theirsRev } = entry as unknown as Conflict;
  const right = await send({ theirsRev }, {}, 'eve');
  expect(right).toMatchObject({ verdict: 'rejected', code: 'forbidden' });
  const wrong = await send({ theirsRev: theirsRev + 1 }, {}, 'eve');
  expect(wrong).toMatchObject({ code: right?.code, message: right?.message });
});

it('nobody takes the server’s place as a device, so a value lost goes to who wrote it', async () => {
  const { judges, phone } = setting();
  const bea = judges.pusher('bea');
  const write = async (title: string, assumed?: WireDocument) => {
    const row = readPlain(bea, pins, pin(title), assumed);
    await judges.accept.plain(bea, row.kind === 'refused' ? [] : [row]);
    judges.clock.nowMs += 1_000;
  };
  const time = judges.clock.nowMs.toString(16).padStart(12, '0');
  const stamped = { ...pin('x'), id: 'e1', clk: { '*': `${time}000000-0000000000abcdef` } };
  const claim = stampedPush(pins, [{ newDocumentState: stamped }]);
  await judges.accept.push(judges.pusher('eve'), claim);
  await write('first');
  const base = (await judges.stored('pins', 'p1')) ?? {};
  await write('second', base);
  const edited = phone.edit(pins, base, { title: 'third' });
  await judges.push(phone, [phone.row(pins, edited, base)]);
  expect(await judges.inbox()).toMatchObject([{ author: 'bea', mine: { title: 'second' } }]);
});

it('a name that is nested without end is no name', () => {
  let id: unknown = 'x';
  for (let depth = 0; depth < 100; depth += 1) id = [id];
  expect(readStockRows([{ newDocumentState: { id } }], pins)).toEqual([{ newDocumentState: {} }]);
});

it('a product with more stock than its form knows can still be edited', async () => {
  const { judges, phone } = setting();
  await judges.push(phone, [phone.row(products, phone.make(products, product))]);
  const fields = { product: 'p', amount: 1_000_000, reason: 'delivery' };
  const deliver = (index: number) =>
    phone.row(movements, phone.make(movements, { id: `v${index}`, ...fields }));
  await judges.push(
    phone,
    Array.from({ length: 1_000 }, (_, index) => deliver(index)),
  );
  await judges.push(phone, [deliver(1_000)]);
  const stored = (await judges.stored('products', 'p')) ?? {};
  expect(stored['stock']).toBe(1_001_000_000);
  const edited = phone.edit(products, stored, { priceMinor: 2 });
  const { results } = await judges.push(phone, [phone.row(products, edited, stored)]);
  expect(results[0]?.verdict).toBe('accepted');
});

it('what was sold stands where its product is gone, also where stock may not fall', async () => {
  const { judges, phone } = setting();
  const strict = { ...judges.pusher('ada'), belowFloor: 'reject' as const };
  await judges.push(phone, [phone.row(products, phone.make(products, product))], strict);
  const stored = (await judges.stored('products', 'p')) ?? {};
  await judges.push(phone, [phone.row(products, phone.remove(stored), stored)], strict);
  const sold = phone.make(movements, { id: 's', product: 'p', amount: -7, reason: 'sale' });
  const { results } = await judges.push(phone, [phone.row(movements, sold)], strict);
  expect(results[0]).toMatchObject({ verdict: 'accepted' });
  expect(results[0]?.code).toBeUndefined();
});

it('a push in the name of somebody else’s device overwrites nothing unseen', async () => {
  const judges = openJudges();
  const now = (): number => judges.clock.nowMs;
  const phone = makeDevice('aaaaaaaaaa', now);
  await judges.push(phone, [phone.row(feedings, phone.make(feedings, feeding))]);
  const known = (await judges.stored('feedings', 'f1')) ?? {};
  const byAda = phone.edit(feedings, known, { amountMl: 90 });
  await judges.push(phone, [phone.row(feedings, byAda, known)]);
  const byEve = phone.edit(feedings, known, { amountMl: 5 });
  const { results } = await judges.push(
    phone,
    [phone.row(feedings, byEve, known)],
    judges.pusher('eve'),
  );
  expect(results[0]).toMatchObject({ verdict: 'conflict' });
  expect(await judges.stored('feedings', 'f1')).toMatchObject({ amountMl: 90 });
});
