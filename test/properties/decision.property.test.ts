// The server's decision, whatever rows arrive in whatever order, however often.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, type PushRow, type WireDocument } from '../../replication/index.ts';
import { collections, type Collection } from '../../schemas/index.ts';
import { makeDevice } from '../support/device.ts';
import { openMemoryStore } from '../../server/store/memory/store.ts';
import { openJudges } from '../support/judges.ts';
import { holdsAsync } from '../support/seed.ts';
import { People, USERS } from './people.ts';

const { conflicts, expenses, feedings, movements, pins, products, sales } = collections;

interface Case {
  readonly collection: Collection;
  readonly make: (unique: number) => Record<string, unknown>;
  readonly fields: readonly ((unique: number) => Record<string, unknown>)[];
}

const CASES: readonly (readonly [string, Case])[] = [
  [
    'serverWins',
    {
      collection: products,
      make: (n) => ({ name: `n${n}`, sku: 'sku', priceMinor: n, stock: 0, reorderLevel: 1 }),
      fields: [(n) => ({ name: `n${n}` }), (n) => ({ priceMinor: 1_000 + n })],
    },
  ],
  [
    'fieldLww',
    {
      collection: expenses,
      make: (n) => ({
        category: 'goods',
        amountMinor: n,
        note: `t${n}`,
        spentAt: '2026-03-01T12:00:00.000Z',
      }),
      fields: [(n) => ({ amountMinor: 1_000 + n }), (n) => ({ note: `t${n}` })],
    },
  ],
  [
    'manual',
    {
      collection: feedings,
      make: (n) => ({
        feedingTime: '2026-03-01T12:00:00.000Z',
        foodType: 'formula',
        amountMl: n,
        notes: `t${n}`,
      }),
      fields: [(n) => ({ amountMl: 1_000 + n }), (n) => ({ notes: `t${n}` })],
    },
  ],
];

const step = fc.record({
  does: fc.constantFrom(
    'edit',
    'edit',
    'edit',
    'send',
    'send',
    'fetch',
    'repeat',
    'remove',
    'settle',
  ),
  by: fc.nat(USERS.length - 1),
  field: fc.nat(1),
  isLost: fc.boolean(),
  choice: fc.constantFrom('mine', 'theirs', 'undo'),
  which: fc.nat(20),
  aheadMs: fc.constantFrom(0, 0, 0, 3_600_000),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What a row claims of what only the server decides. */
const FORGED = { createdBy: 'forged', updatedBy: 'forged', updatedAt: '2001-01-01T00:00:00.000Z' };

async function settle(people: People, { by, choice }: Step): Promise<void> {
  const open = (await people.judges.inbox()).find(
    ({ author, reason }) => author === USERS[by] && reason === 'concurrent',
  ) as unknown as WireDocument | undefined;
  if (open === undefined) return;
  const device = people.device(by);
  const row = device.row(conflicts, device.edit(conflicts, open, { resolution: { choice } }), open);
  for (const value of Object.values((await people.stored()) ?? {})) people.replaced.add(value);
  await people.judges.push(device, [row], people.judges.pusher(USERS[by] ?? ''));
}

async function play({ collection, make, fields }: Case, steps: readonly Step[]): Promise<People> {
  const people = new People(collection);
  people.make(0, make(people.unique()));
  await people.send(0, false);
  await people.fetch(1);
  await people.fetch(2);
  let before = await people.stored();
  const started = before;
  for (const one of steps) {
    people.aheadMs = one.aheadMs;
    if (one.does === 'edit') people.edit(one.by, fields[one.field]?.(people.unique()) ?? {});
    if (one.does === 'send') await people.send(one.by, one.isLost, FORGED);
    if (one.does === 'fetch' && people.row(one.by) === undefined) await people.fetch(one.by);
    if (one.does === 'repeat') await people.repeat(one.which);
    if (one.does === 'remove' && one.which % 4 === 0) people.remove(one.by);
    if (one.does === 'settle') await settle(people, one);
    const now = await people.stored();
    if (one.does === 'repeat') expect(now).toEqual(before);
    if (before?._deleted === true) expect(now?._deleted).toBe(true);
    expect(now).toMatchObject({
      createdAt: started?.createdAt ?? '',
      createdBy: 'ada',
      updatedBy: expect.not.stringContaining('forged'),
    });
    expect(Date.parse(now?.updatedAt ?? '')).toBeGreaterThan(Date.parse('2026-01-01'));
    before = now;
  }
  for (const by of USERS.keys()) await people.send(by, false);
  return people;
}

const steps = fc.array(step, { minLength: 1, maxLength: 25 });

describe.each(CASES)('rows under %s, in any order and however often', (_policy, its) => {
  it('have one verdict each, and at most one effect', async () => {
    await holdsAsync(700, steps, async (given) => {
      const { said } = await play(its, given);
      const first = new Map<string, string>();
      for (const { row, outcome, by } of said) {
        const op = `${row.op} ${USERS[by]}`;
        const verdict = `${outcome.verdict} ${outcome.code ?? ''}`;
        expect(outcome.duplicate === true).toBe(first.has(op));
        expect(first.get(op) ?? verdict).toBe(verdict);
        first.set(op, verdict);
      }
    });
  });

  it('lose nothing that a person wrote: it stands, was seen and replaced, or is in the inbox of its author', async () => {
    await holdsAsync(700, steps, async (given) => {
      const people = await play(its, given);
      const { wrote, replaced, judges } = people;
      const now = (await people.stored()) ?? {};
      const kept = await judges.inbox();
      const lost = wrote.filter(({ field, value, user }) => {
        if (now._deleted !== true && canonical(now[field]) === canonical(value)) return false;
        if (replaced.has(value) || value === 0) return false;
        return !kept.some(
          ({ author, mine, history }) =>
            author === user &&
            [mine, ...history.map(({ version }) => version ?? {})].some(
              (version) => version[field] === value,
            ),
        );
      });
      expect(lost).toEqual([]);
    });
  });

  it('leave at most one open entry for each document and author', async () => {
    await holdsAsync(300, steps, async (given) => {
      const { judges } = await play(its, given);
      const open = (await judges.inbox()).filter(({ state }) => state === 'open');
      const names = open.map(({ documentId, author }) => `${documentId} ${author}`);
      expect(new Set(names).size).toBe(names.length);
    });
  });
});

/** Rows that three devices made of one pin while apart: each state that each of them had. */
const apart = fc.array(
  fc.record({ by: fc.nat(2), field: fc.nat(1), removes: fc.integer({ min: 1, max: 12 }) }),
  { minLength: 1, maxLength: 8 },
);

describe('rows under fieldLww', () => {
  it('make the same document in whatever order they arrive', async () => {
    const orders = fc.tuple(apart, fc.infiniteStream(fc.nat(1_000)));
    await holdsAsync(1_500, orders, async ([given, chance]) => {
      const judges = openJudges({ open: openMemoryStore });
      const now = (): number => judges.clock.nowMs;
      const devices = ['aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc'].map((id) => makeDevice(id, now));
      const [first = expect.unreachable()] = devices;
      const pin = {
        id: 'one',
        title: 'Gate',
        notes: '',
        position: { lat: 1, lng: 2 },
        kind: 'site',
        status: 'open',
      };
      const made = first.row(pins, first.make(pins, pin));
      await judges.push(first, [made]);
      const base = (await judges.stored('pins', 'one')) ?? {};
      const states = devices.map(() => base);
      const rows: { readonly row: PushRow; readonly by: number }[] = [];
      given.forEach(({ by, field, removes }, index) => {
        judges.clock.nowMs += 7;
        const device = devices[by] ?? first;
        const before = states[by] ?? base;
        if (before._deleted === true) return;
        const patch = field === 0 ? { title: `t${index}` } : { notes: `n${index}` };
        const after = removes === 1 ? device.remove(before) : device.edit(pins, before, patch);
        states[by] = after;
        rows.push({ row: device.row(pins, after, base), by });
      });
      const arrive = async (order: typeof rows): Promise<string> => {
        const other = openJudges({ open: openMemoryStore });
        other.clock.nowMs = judges.clock.nowMs;
        await other.push(first, [made]);
        for (const { row, by } of order) {
          const { base: from, ...sent } = row;
          const known = from === undefined ? {} : { base: { ...from, rev: 1 } };
          await other.push(
            devices[by] ?? first,
            [{ ...sent, ...known }],
            other.pusher(USERS[by] ?? ''),
          );
        }
        const { title, notes, clk, _deleted } = (await other.stored('pins', 'one')) ?? {};
        return canonical(_deleted === true ? { _deleted } : { title, notes, clk });
      };
      const mixed = rows
        .map((one) => ({ one, at: chance.next().value ?? 0 }))
        .toSorted((left, right) => left.at - right.at)
        .map(({ one }) => one);
      expect(await arrive(mixed)).toBe(await arrive(rows));
    });
  });
});

describe('the stock of a product', () => {
  const moves = fc.array(
    fc.record({
      amounts: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 3 }),
      damage: fc.constantFrom('none', 'none', 'none', 'short', 'dangling'),
      times: fc.integer({ min: 1, max: 3 }),
      removes: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  );

  it('is the sum of its movements, and a sale brings all of its own or none', async () => {
    await holdsAsync(1_000, moves, async (given) => {
      const judges = openJudges({ open: openMemoryStore });
      const till = makeDevice('aaaaaaaaaa', () => judges.clock.nowMs);
      const jam = { id: 'jam', name: 'Jam', sku: 'J', priceMinor: 5, stock: 77, reorderLevel: 0 };
      await judges.push(till, [till.row(products, till.make(products, jam))]);
      let sum = 0;
      for (const [index, { amounts, damage, times, removes }] of given.entries()) {
        const id = `s${index}`;
        const sale = {
          id,
          items: [],
          totalMinor: 1,
          payment: 'cash',
          void: false,
          soldAt: '2026-03-01T12:00:00.000Z',
        };
        const docs = amounts.map((amount, at) =>
          till.make(movements, {
            id: `${id}-${at}`,
            product: 'jam',
            amount,
            reason: 'sale',
            sale: id,
          }),
        );
        if (damage === 'dangling')
          docs.push(
            till.make(movements, { id: `${id}-x`, product: 'no', amount: 1, reason: 'sale' }),
          );
        const group = { id, size: docs.length + (damage === 'short' ? 2 : 1) };
        const rows = [
          till.row(sales, till.make(sales, sale)),
          ...docs.map((doc) => till.row(movements, doc)),
        ].map((row) => ({ ...row, group }));
        for (let time = 0; time < times; time += 1) await judges.push(till, rows);
        const stands = damage === 'none';
        expect((await judges.stored('sales', id)) !== undefined).toBe(stands);
        if (stands) sum += amounts.reduce((left, right) => left + right, 0);
        const gone = removes && stands ? await judges.stored('movements', `${id}-0`) : undefined;
        if (gone !== undefined) {
          await judges.push(till, [till.row(movements, till.remove(gone), gone)]);
          sum -= amounts[0] ?? 0;
        }
        expect(await judges.stored('products', 'jam')).toMatchObject({ stock: sum });
      }
    });
  });
});
