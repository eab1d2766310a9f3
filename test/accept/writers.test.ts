// Who wrote a value, where several servers on one store take pushes.

import { expect, it, vi } from 'vitest';
import type { WireDocument } from '../../replication/index.ts';
import { collections } from '../../schemas/index.ts';
import { makeDevice } from '../support/device.ts';
import { openJudges, type Judges } from '../support/judges.ts';

const { expenses } = collections;
const expense = {
  id: 'e1',
  category: 'goods',
  amountMinor: 100,
  spentAt: '2026-03-01T08:00:00.000Z',
  note: '',
};

function open() {
  const here = openJudges();
  const there = openJudges({ beside: here });
  const device = (id: string) => makeDevice(id, () => (here.clock.nowMs += 1_000));
  const [a, b, eve] = [device('aaaaaaaaaa'), device('bbbbbbbbbb'), device('eeeeeeeeee')];
  const now = async (id = 'e1'): Promise<WireDocument> => (await here.stored('expenses', id)) ?? {};
  const change = async (
    at: Judges,
    [by, user]: readonly [typeof a, string],
    fields: object,
    from: WireDocument,
  ) => at.push(by, [by.row(expenses, by.edit(expenses, from, fields), from)], at.pusher(user));
  const make = (at: Judges, [by, user]: readonly [typeof a, string], id: string) =>
    at.push(by, [by.row(expenses, by.make(expenses, { ...expense, id }))], at.pusher(user));

  /** Ada's note of the first document, on which eve has written since; all at one server. */
  async function write(): Promise<WireDocument> {
    await make(here, [a, 'ada'], 'e1');
    const first = await now();
    await change(here, [a, 'ada'], { note: 'hers' }, first);
    await change(here, [eve, 'eve'], { amountMinor: 9 }, await now());
    return first;
  }
  const reads = vi.spyOn(here.store, 'records');
  return { here, there, a, b, make, change, now, write, reads };
}

it('a value that is lost at one server goes to who wrote it at the other', async () => {
  const { here, there, b, make, change, write, reads } = open();
  // The other server has met a device of this workspace before, and knows of no more.
  await make(there, [b, 'bea'], 'e2');
  const first = await write();
  await change(there, [b, 'bea'], { note: 'later' }, first);
  expect(await here.inbox()).toMatchObject([
    { author: 'ada', device: 'aaaaaaaaaa', mine: { note: 'hers' } },
  ]);
  expect(reads).toHaveBeenCalledTimes(1);
});

it('what waits for the same commit is committed all the same, and once', async () => {
  const { here, there, a, b, make, change, now, write } = open();
  const first = await write();
  const { seq } = await here.store.head(here.pusher('ada').workspace);
  const pushes = [
    make(there, [a, 'ada'], 'e3'),
    change(there, [b, 'bea'], { note: 'later' }, first),
    make(there, [b, 'bea'], 'e4'),
  ];
  const verdicts = (await Promise.all(pushes)).map(({ results }) => results[0]?.verdict);
  expect(verdicts).toEqual(['accepted', 'accepted', 'accepted']);
  expect([await now('e3'), await now('e4')]).toMatchObject([{ id: 'e3' }, { id: 'e4' }]);
  expect((await here.store.head(here.pusher('ada').workspace)).seq - seq).toBeLessThanOrEqual(3);
  expect(await here.inbox()).toHaveLength(1);
});

it('a device that nobody has announced is looked for, and then has no writer', async () => {
  const { here, there, b, change, write, reads } = open();
  const first = await write();
  await here.store.writeRecords([
    { kind: 'device', id: `${here.pusher('ada').workspace}/aaaaaaaaaa`, value: undefined },
  ]);
  await change(there, [b, 'bea'], { note: 'later' }, first);
  expect(await here.inbox()).toMatchObject([{ author: 'eve', mine: { note: 'hers' } }]);
  expect(reads).toHaveBeenCalledTimes(1);
});

it('pushes that nobody loses by read no list of devices, and one record for a new device', async () => {
  const { here, there, a, b, make, change, now, reads } = open();
  const record = vi.spyOn(here.store, 'record');
  await make(here, [a, 'ada'], 'e1');
  await change(there, [b, 'bea'], { note: 'seen' }, await now());
  expect(record).toHaveBeenCalledTimes(2);
  await change(there, [b, 'bea'], { note: 'again' }, await now());
  await change(here, [a, 'ada'], { amountMinor: 1 }, await now());
  expect(record).toHaveBeenCalledTimes(2);
  expect(reads).not.toHaveBeenCalled();
});
