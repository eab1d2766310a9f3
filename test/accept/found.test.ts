// What histories by chance have found, each as the smallest case.

import { describe, expect, it } from 'vitest';
import { workspaceId, type WireDocument } from '../../replication/index.ts';
import { collections, type Collection } from '../../schemas/index.ts';
import { expense, feeding, pin, product } from '../support/documents.ts';
import { makeDevice, type Device } from '../support/device.ts';
import { openJudges } from '../support/judges.ts';

const { conflicts, expenses, feedings, forms, messages, movements, pins, products } = collections;

function open() {
  const judges = openJudges();
  const device = (id: string): Device => makeDevice(id, () => judges.clock.nowMs);
  const send = async (
    by: Device,
    user: string,
    collection: Collection,
    doc: WireDocument,
    from?: WireDocument,
  ) => {
    judges.clock.nowMs += 1_000;
    const { results } = await judges.push(by, [by.row(collection, doc, from)], judges.pusher(user));
    return results[0];
  };
  const now = async (collection: string, id: string): Promise<WireDocument> =>
    (await judges.stored(collection, id)) ?? {};
  return { judges, send, now, a: device('aaaaaaaaaa'), b: device('bbbbbbbbbb'), device };
}

describe('an overwritten value', () => {
  it('goes to who wrote it, also where somebody else changed another field since', async () => {
    const { judges, send, now, a, b, device } = open();
    await send(a, 'ada', expenses, a.make(expenses, { ...expense }));
    const first = await now('expenses', 'e1');
    const eve = device('eeeeeeeeee');
    await send(a, 'ada', expenses, a.edit(expenses, first, { note: 'hers' }), first);
    const second = await now('expenses', 'e1');
    await send(eve, 'eve', expenses, eve.edit(expenses, second, { amountMinor: 9 }), second);
    await send(b, 'bea', expenses, b.edit(expenses, first, { note: 'later' }), first);
    expect(await judges.inbox()).toMatchObject([
      { author: 'ada', device: 'aaaaaaaaaa', fields: ['note'], mine: { note: 'hers' } },
    ]);
  });

  it('is kept beside what the same person loses with the same operation', async () => {
    const { judges, send, now, a, b } = open();
    await send(a, 'ada', expenses, a.make(expenses, { ...expense }));
    const first = await now('expenses', 'e1');
    const offline = b.edit(expenses, first, { amountMinor: 5 });
    judges.clock.nowMs += 5_000;
    const phone = { amountMinor: 7, note: 'phone' };
    await send(a, 'ada', expenses, a.edit(expenses, first, phone), first);
    await send(b, 'ada', expenses, b.remove(offline), first);
    const versions = (await judges.inbox()).map(({ mine }) => mine['amountMinor']);
    expect(versions).toEqual(expect.arrayContaining([5, 7]));
  });
});

it('an edit after the answer to the making of it was lost changes only what it changed', async () => {
  const { judges, send, now, a, b } = open();
  const made = a.make(expenses, { ...expense });
  await send(a, 'ada', expenses, made);
  const known = await now('expenses', 'e1');
  await send(b, 'bea', expenses, b.edit(expenses, known, { note: 'bea' }), known);
  const again = await send(a, 'ada', expenses, a.edit(expenses, made, { amountMinor: 5 }));
  expect(again).toMatchObject({ verdict: 'accepted' });
  expect(await now('expenses', 'e1')).toMatchObject({ amountMinor: 5, note: 'bea' });
  expect(await judges.inbox()).toEqual([]);
});

it('a row that was refused takes nothing of what it started from', async () => {
  const { send, now, a, b } = open();
  const message = { id: 'm1', conversation: 'general', text: 'first', kind: 'text' };
  await send(a, 'ada', messages, a.make(messages, message));
  const made = await now('messages', 'm1');
  await send(a, 'ada', messages, a.edit(messages, made, { text: 'hers' }), made);
  const known = await now('messages', 'm1');
  await send(b, 'bea', messages, b.edit(messages, known, { text: 'later' }), known);
  const moved = a.edit(messages, known, { conversation: 'other' });
  expect(await send(a, 'ada', messages, moved, known)).toMatchObject({ code: 'immutable' });
  const gone = await send(a, 'ada', messages, a.remove(known), known);
  expect(gone).not.toHaveProperty('code');
  expect(gone).toMatchObject({ verdict: 'accepted' });
});

it('a settled version stays in the history when the next one of its author waits', async () => {
  const { judges, send, now, a, b } = open();
  await send(a, 'ada', feedings, a.make(feedings, { ...feeding }));
  const known = await now('feedings', 'f1');
  await send(a, 'ada', feedings, a.edit(feedings, known, { amountMl: 90 }), known);
  await send(b, 'bea', feedings, b.edit(feedings, known, { amountMl: 120 }), known);
  const [entry] = (await judges.inbox()) as unknown as readonly WireDocument[];
  const theirs = b.edit(conflicts, entry ?? {}, { resolution: { choice: 'theirs' } });
  await send(b, 'bea', conflicts, theirs, entry);
  await send(b, 'bea', feedings, b.edit(feedings, known, { amountMl: 130 }), known);
  const [reopened] = await judges.inbox();
  expect(reopened).toMatchObject({ state: 'open', mine: { amountMl: 130 } });
  expect(reopened?.history.map(({ version }) => version?.['amountMl'])).toContain(120);
});

it('a sale that left less than nothing is flagged again when it is sent again', async () => {
  const { judges, a } = open();
  await judges.push(a, [a.row(products, a.make(products, product))]);
  const sold = { id: 'm1', product: 'p1', amount: -1, reason: 'sale' };
  const row = a.row(movements, a.make(movements, sold));
  const { results: first } = await judges.push(a, [row]);
  const { results: second } = await judges.push(a, [row]);
  expect(first).toMatchObject([{ verdict: 'accepted', code: 'below_floor' }]);
  expect(second).toMatchObject([{ verdict: 'accepted', code: 'below_floor', duplicate: true }]);
});

it('a document that another device gives back to a restored server stays that of its maker', async () => {
  const { judges, send, now, a, b } = open();
  await send(a, 'ada', expenses, a.make(expenses, { ...expense, id: 'e0' }));
  const lost = a.make(expenses, { ...expense });
  judges.clock.nowMs += 1_000;
  const row = b.row(expenses, b.edit(expenses, lost, { note: 'of Bea' }));
  const schema = { expenses: expenses.version };
  const request = { device: b.id, epoch: 'another', schema, rows: [row] };
  await judges.accept.push(judges.pusher('bea'), request);
  expect(await now('expenses', 'e1')).toMatchObject({ createdBy: 'ada', note: 'of Bea' });
});

it('a device whose writer could not be kept is learnt with its next push', async () => {
  const judges = openJudges();
  const phone = makeDevice('aaaaaaaaaa', () => judges.clock.nowMs);
  const { store } = judges;
  const writeRecords = store.writeRecords.bind(store);
  store.writeRecords = () => Promise.reject(new Error('full'));
  const row = phone.row(expenses, phone.make(expenses, expense));
  await expect(judges.push(phone, [row])).rejects.toThrow('full');
  store.writeRecords = writeRecords;
  await judges.push(phone, [row]);
  expect(await store.record('device', 'w1/aaaaaaaaaa')).toEqual({ user: 'ada' });
});

it('an entry about a document that was purged meanwhile can be put away', async () => {
  const { judges, send, now, a, b } = open();
  await send(a, 'ada', feedings, a.make(feedings, { ...feeding }));
  const known = await now('feedings', 'f1');
  await send(a, 'ada', feedings, a.remove(known), known);
  await judges.store.purge(workspaceId('w1'), judges.clock.nowMs + 1);
  const late = await send(b, 'bea', feedings, b.edit(feedings, known, { amountMl: 5 }), known);
  expect(late).toMatchObject({ verdict: 'superseded', code: 'gone' });
  const [entry] = (await judges.inbox()) as unknown as readonly WireDocument[];
  const seen = b.edit(conflicts, entry ?? {}, { resolution: { choice: 'seen' } });
  expect(await send(b, 'bea', conflicts, seen, entry)).toMatchObject({ verdict: 'accepted' });
});

it.each(['was deleted since', 'comes later'])(
  'a document that comes back to a restored server stands, where what it belongs to %s',
  async (which) => {
    const { judges, a } = open();
    const made = a.make(pins, { ...pin });
    const form = a.make(forms, { id: 'f1', pin: 'p1', template: 'round', answers: {} });
    const gone = a.remove(made);
    const rows = [a.row(pins, gone), a.row(forms, form)];
    const schema = { pins: pins.version, forms: forms.version };
    const request = { device: a.id, epoch: 'another', schema };
    for (const row of which === 'comes later' ? rows.toReversed() : rows) {
      const { results } = await judges.accept.push(judges.pusher('ada'), {
        ...request,
        rows: [row],
      });
      expect(results).toMatchObject([{ verdict: 'accepted' }]);
    }
  },
);

it('a substitute for a stamp from the future is later than the other stamps of its document', async () => {
  const { judges, send, now, device } = open();
  const made = device('cccccccccc').make(expenses, { ...expense });
  const fast = makeDevice('cccccccccc', () => judges.clock.nowMs + 3_600_000);
  // A minute may pass between the clocks of two servers, or of one before and after a restart.
  judges.clock.nowMs -= 50_000;
  const edited = fast.edit(expenses, made, { note: 'later' });
  expect(await send(fast, 'ada', expenses, edited)).toMatchObject({ verdict: 'accepted' });
  const { clk = {} } = await now('expenses', 'e1');
  expect(clk['note'] ?? '').toMatch(/^[0-9a-f]{18}-cccccccccc/);
  expect((clk['note'] ?? '') > (clk['*'] ?? '')).toBe(true);
});

it('a version that comes again after its verdict was purged is in conflict with nobody', async () => {
  const { judges, send, now, a, b } = open();
  await send(a, 'ada', feedings, a.make(feedings, { ...feeding }));
  const first = await now('feedings', 'f1');
  const edit = a.edit(feedings, first, { amountMl: 90 });
  await send(a, 'ada', feedings, edit, first);
  const second = await now('feedings', 'f1');
  await send(b, 'bea', feedings, b.edit(feedings, second, { amountMl: 120 }), second);
  await judges.store.purge(workspaceId('w1'), judges.clock.nowMs + 1);
  expect(await send(a, 'ada', feedings, edit, first)).toMatchObject({ verdict: 'accepted' });
  expect(await now('feedings', 'f1')).toMatchObject({ amountMl: 120 });
  expect(await judges.inbox()).toEqual([]);
});

it('a making from the future that comes again after its verdict was purged changes nothing', async () => {
  const { judges, send, now, b } = open();
  const fast = makeDevice('cccccccccc', () => judges.clock.nowMs + 3_600_000);
  const made = fast.make(products, { ...product });
  await send(fast, 'ada', products, made);
  const known = await now('products', 'p1');
  await send(b, 'bea', products, b.edit(products, known, { priceMinor: 7 }), known);
  await judges.store.purge(workspaceId('w1'), judges.clock.nowMs + 1);
  expect(await send(fast, 'ada', products, made)).toMatchObject({ verdict: 'accepted' });
  expect(await now('products', 'p1')).toMatchObject({ priceMinor: 7 });
  expect(await judges.inbox()).toEqual([]);
});

it('a decision about an entry that a restored server has lost is told so, and the entry goes', async () => {
  const { judges, send, now, a, b } = open();
  await send(a, 'ada', feedings, a.make(feedings, { ...feeding }));
  const known = await now('feedings', 'f1');
  await send(a, 'ada', feedings, a.edit(feedings, known, { amountMl: 90 }), known);
  await send(b, 'bea', feedings, b.edit(feedings, known, { amountMl: 120 }), known);
  const [entry] = (await judges.inbox()) as unknown as readonly WireDocument[];
  const mine = b.edit(conflicts, entry ?? {}, { resolution: { choice: 'mine' } });
  const { base, ...row } = b.row(conflicts, mine, entry);
  for (const from of [{ base }, { seen: base?.clk }]) {
    const restored = openJudges();
    const rows = [{ ...row, ...from } as typeof row];
    const [told] = (await restored.push(b, rows, restored.pusher('bea'))).results;
    expect(told).toMatchObject({ verdict: 'superseded', code: 'deleted' });
    expect(told).not.toHaveProperty('current');
  }
});

it('a movement is not judged by a restored server without its product before its device knows', async () => {
  const { judges, a } = open();
  const delivery = { id: 'm1', product: 'p1', amount: 5, reason: 'delivery' };
  const rows = [a.row(movements, a.make(movements, delivery))];
  const schema = { movements: movements.version };
  const request = { device: a.id, epoch: 'another', schema, rows };
  await expect(judges.accept.push(judges.pusher('ada'), request)).rejects.toMatchObject({
    code: 'resync_required',
    reason: 'epoch',
  });
  const { epoch } = await judges.store.head(workspaceId('w1'));
  const past = { ...request, resyncing: 'one before this' };
  await expect(judges.accept.push(judges.pusher('ada'), past)).rejects.toMatchObject({ epoch });
  const known = { ...request, resyncing: epoch };
  const { results } = await judges.accept.push(judges.pusher('ada'), known);
  expect(results).toMatchObject([{ verdict: 'rejected', code: 'missing_reference' }]);
});
