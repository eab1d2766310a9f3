// What only one process may do at a time.

import { beforeEach, expect, it } from 'vitest';
import { LEASE_MS } from '../../server/config.ts';
import { takeLease } from '../../server/ops/lease.ts';
import { openMemoryStore } from '../../server/store/memory/store.ts';
import type { Store } from '../../server/store/port/port.ts';

let store: Store;
let nowMs: number;
beforeEach(() => {
  store = openMemoryStore();
  nowMs = Date.UTC(2026, 0, 1);
});
const take = (work = 'purge') => takeLease(store, work, () => nowMs);

it('of several who want a lease at once, one gets it, until it is given back', async () => {
  const leases = await Promise.all([take(), take(), take()]);
  const [mine, ...others] = leases.filter((lease) => lease !== undefined);
  expect(others).toEqual([]);
  expect(await take()).toBeUndefined();
  expect(await take('something else')).toBeDefined();
  await mine?.giveBack();
  expect(await take()).toBeDefined();
});

it('a lease that is renewed is kept for as long as the work takes', async () => {
  const mine = await take();
  for (let step = 0; step < 20; step += 1) {
    nowMs += LEASE_MS / 3;
    expect(await mine?.renew()).toBe(true);
    expect(await take()).toBeUndefined();
  }
});

it('a lease whose owner died runs out', async () => {
  await take();
  nowMs += LEASE_MS - 1;
  expect(await take()).toBeUndefined();
  nowMs += 1;
  const leases = await Promise.all([take(), take()]);
  expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
});

it('a lease that another process left in a store of its own is that of a dead one', async () => {
  const left = {
    kind: 'lease',
    id: 'purge',
    value: { owner: 'another', untilMs: nowMs + LEASE_MS },
  };
  await store.writeRecords([left]);
  expect(await take()).toBeUndefined();
  store = { ...store, exclusive: true };
  expect(await take()).toBeDefined();
  expect(await take()).toBeUndefined();
});

it('who slept too long neither keeps a lease nor gives away that of another', async () => {
  const late = await take();
  nowMs += LEASE_MS;
  const mine = await take();
  expect(await late?.renew()).toBe(false);
  await late?.giveBack();
  expect(await take()).toBeUndefined();
  expect(await mine?.renew()).toBe(true);
});
