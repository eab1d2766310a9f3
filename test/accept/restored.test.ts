// What devices send to a server that was restored from an older copy: what they know counts, in any
// order, also where their clocks, or the server's, say otherwise.

import { describe, expect, it } from 'vitest';
import { timeOf } from '../../replication/core.ts';
import type { PushRow, WireDocument } from '../../replication/index.ts';
import { collections, type Collection } from '../../schemas/index.ts';
import { expense, feeding, product } from '../support/documents.ts';
import { makeDevice, type Device } from '../support/device.ts';
import { openJudges } from '../support/judges.ts';

const { expenses } = collections;

describe('a server that was restored from an older copy', () => {
  /** Ada's phone knows a product and a feeding as they were before, with changes of Bea and her own. */
  async function restored(collection: Collection, doc: Record<string, unknown>, field: string) {
    const judges = openJudges();
    const now = (): number => judges.clock.nowMs;
    const phone = makeDevice('aaaaaaaaaa', now);
    const desk = makeDevice('bbbbbbbbbb', now);
    const made = phone.make(collection, doc);
    await judges.push(phone, [phone.row(collection, made)]);
    const kept = (await judges.stored(collection.name, String(doc['id']))) ?? {};
    judges.clock.nowMs += 1_000;
    const byBea = desk.edit(collection, kept, { [field]: 2 });
    judges.clock.nowMs += 1_000;
    const byAda = phone.edit(collection, byBea, { [field]: 3 });
    const send = async (
      device: Device,
      sent: WireDocument,
      who: string,
      from: Pick<PushRow, 'base' | 'seen'> = {},
    ) => {
      const row = { ...device.row(collection, sent), ...from };
      const schema = { [collection.name]: collection.version };
      const request = { device: device.id, epoch: 'another', schema, rows: [row] };
      const { results } = await judges.accept.push(judges.pusher(who), request);
      return results[0];
    };
    return { judges, phone, desk, byBea, byAda, send };
  }

  it.each([
    ['products', collections.products, { ...product, id: 'x1' }, 'priceMinor'],
    ['feedings', collections.feedings, { ...feeding, id: 'x1' }, 'amountMl'],
  ] as const)(
    'takes back what devices know, in any order: %s',
    async (name, collection, doc, field) => {
      const { judges, phone, desk, byBea, byAda, send } = await restored(
        collection,
        { ...doc },
        field,
      );
      expect(await send(phone, byAda, 'ada')).toMatchObject({ verdict: 'accepted' });
      expect((await send(desk, byBea, 'bea'))?.verdict).not.toBe('conflict');
      expect(await judges.stored(name, 'x1')).toMatchObject({ [field]: 3 });
      expect((await judges.inbox()).filter(({ state }) => state === 'open')).toEqual([]);
    },
  );

  it.each(['base', 'seen'] as const)(
    'takes an edit for later than what its %s says',
    async (how) => {
      const { judges, byAda, send } = await restored(
        expenses,
        { ...expense, id: 'x1' },
        'amountMinor',
      );
      // Its own clock is an hour ahead; the server that is lost had given it stamps near its own time.
      const seen = makeDevice('cccccccccc', () => judges.clock.nowMs + 30_000);
      const before = seen.edit(expenses, byAda, { amountMinor: 4 });
      const fast = makeDevice('cccccccccc', () => judges.clock.nowMs + 3_600_000);
      const edit = fast.edit(expenses, before, { amountMinor: 5 });
      const { base } = fast.row(expenses, edit, { ...before, rev: 9 });
      const from = how === 'base' && base ? { base } : { seen: before.clk ?? {} };
      expect(await send(fast, edit, 'cleo', from)).toMatchObject({ verdict: 'accepted' });
      const desk = makeDevice('bbbbbbbbbb', () => judges.clock.nowMs + 20_000);
      await send(desk, desk.edit(expenses, byAda, { amountMinor: 6 }), 'bea');
      expect(await judges.stored('expenses', 'x1')).toMatchObject({ amountMinor: 5 });
    },
  );

  it('takes nothing that lies ahead of its own clock from what an author says to have seen', async () => {
    const { judges, byAda, send } = await restored(
      expenses,
      { ...expense, id: 'x1' },
      'amountMinor',
    );
    const fast = makeDevice('cccccccccc', () => judges.clock.nowMs + 3_600_000);
    const before = fast.edit(expenses, byAda, { amountMinor: 4 });
    const edit = fast.edit(expenses, before, { amountMinor: 5 });
    const sent = await send(fast, edit, 'cleo', { seen: { ...before.clk, '-': 'no stamp' } });
    expect(sent).toMatchObject({ verdict: 'accepted' });
    const { clk = {} } = (await judges.stored('expenses', 'x1')) ?? {};
    expect(timeOf(clk['amountMinor'] ?? '')).toBeLessThanOrEqual(judges.clock.nowMs);
  });
});
