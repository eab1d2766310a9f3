// A sale and its movements, made as one in a real page: with the server away, over a reload, and where
// the server refuses them.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OutboxRecord, WireDocument } from '../../replication/index.ts';
import { openBrowser } from '../support/browser.ts';
import { SOON } from '../support/dashboard.ts';
import { ask, isOpen, newTillContext, tillAt } from '../support/till.ts';
import { openShop, type Room, type Shop } from '../simulator/crash/shop.ts';
import { deliveryOf, saleOf } from './pages/deeds.ts';

let browser: Browser;
let shop: Shop;
let room: Room;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  shop = await openShop();
});
afterAll(async () => {
  await browser.close();
  await shop.close();
});
beforeEach(async () => {
  room = await shop.openRoom();
  context = await newTillContext(browser);
  page = await context.newPage();
  await page.goto(tillAt(room));
  await isOpen(page);
  await expect.poll(() => local('products', 'p1'), SOON).toMatchObject({ stock: 10 });
});
afterEach(() => context.close());

const local = async (collection: string, id: string): Promise<WireDocument | undefined> =>
  (await ask(page, 'read', collection)).find((document) => document['id'] === id);
const rejected = async (): Promise<readonly OutboxRecord[]> =>
  (await ask(page, 'outbox')).records.filter(({ state }) => state === 'rejected');
const commits = (...keys: readonly string[]): readonly number[][] =>
  keys.map((key) => room.log.versions(key).map(({ seq }) => seq));

test('a sale made offline outlives a reload, and arrives once, in one commit', async () => {
  await context.setOffline(true);
  await ask(
    page,
    'run',
    saleOf(1, [
      ['p1', 3],
      ['p2', 1],
    ]),
  );
  await ask(page, 'run', deliveryOf(2, 'p2', [5]));
  await page.reload();
  await isOpen(page);
  expect(await local('sales', 's1')).toMatchObject({ totalMinor: 400 });
  await expect.poll(async () => (await ask(page, 'status')).pending, SOON).toBe(4);
  const ofTheSale = async () =>
    (await ask(page, 'outbox')).records.filter(({ group }) => group?.label === 'Sale 1');
  await expect.poll(ofTheSale, SOON).toHaveLength(3);
  expect(room.log.versions('sales/s1')).toEqual([]);
  await context.setOffline(false);
  await ask(page, 'sent');
  const made = commits('sales/s1', 'movements/s1-0', 'movements/s1-1');
  expect(made[0]).toHaveLength(1);
  expect(made).toEqual([made[0], made[0], made[0]]);
  expect(room.log.latest('products/p1')).toMatchObject({ stock: 7 });
  await expect.poll(() => local('products', 'p1'), SOON).toMatchObject({ stock: 7 });
  await expect.poll(() => local('products', 'p2'), SOON).toMatchObject({ stock: 4 });
  expect(await ask(page, 'groups')).toBe(0);
  expect((await ask(page, 'verify')).map(({ equal }) => equal)).toEqual([true, true, true]);
});

test.each([
  {
    what: 'of something that does not exist',
    lines: [
      ['p1', 1],
      ['nothing', 1],
    ] as const,
    edits: { 'movements/s1-1': { product: 'p2' } },
    stock: { p1: 9, p2: -1 },
    isStrict: false,
  },
  {
    what: 'of more than there is',
    lines: [['p1', 11]] as const,
    edits: { 'movements/s1-0': { amount: -2 } },
    stock: { p1: 8, p2: 0 },
    isStrict: true,
  },
])(
  'a sale $what goes back as a whole, says why once, and is accepted when it was put right',
  async ({ lines, edits, stock, isStrict }) => {
    if (isStrict) await room.refuseOversold();
    await ask(page, 'run', saleOf(1, lines));
    await expect.poll(rejected, SOON).toHaveLength(lines.length + 1);
    await expect.poll(() => ask(page, 'read', 'sales'), SOON).toEqual([]);
    await expect.poll(async () => (await ask(page, 'read', 'movements')).length, SOON).toBe(1);
    expect(room.log.versions('sales/s1')).toEqual([]);
    const { refused, pending } = await ask(page, 'status');
    expect({ refused, pending }).toEqual({ refused: 1, pending: 0 });
    // What a reload leaves of it is the same.
    await page.reload();
    await isOpen(page);
    const kept = await rejected();
    expect(new Set(kept.map(({ group }) => `${group?.id} ${group?.label}`)).size).toBe(1);
    expect(kept.every(({ lastError }) => (lastError ?? '') !== '')).toBe(true);
    await ask(page, 'retry', kept[0]?.op ?? '', edits);
    await ask(page, 'sent');
    expect(await rejected()).toEqual([]);
    const made = commits('sales/s1', ...lines.map((_, index) => `movements/s1-${index}`));
    expect(made[0]).toHaveLength(1);
    expect(new Set(made.flat()).size).toBe(1);
    expect(made.flat()).toHaveLength(lines.length + 1);
    for (const [id, units] of Object.entries(stock))
      await expect.poll(() => local('products', id), SOON).toMatchObject({ stock: units });
    expect(await ask(page, 'groups')).toBe(0);
  },
);
