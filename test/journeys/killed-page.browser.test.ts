// Real pages with real IndexedDB are killed at steps that a seed chooses, and the next page heals. The
// number of kills: HOLDFAST_PAGE_KILLS.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom, type Random } from '../../schemas/index.ts';
import { openShop, type Room, type Shop } from '../simulator/crash/shop.ts';
import { openBrowser } from '../support/browser.ts';
import { SOON } from '../support/dashboard.ts';
import { problemsOf } from '../support/killed-checks.ts';
import { KilledTill, type LivePage } from '../support/killed-page.ts';
import { SEED } from '../support/seed.ts';
import { ask } from '../support/till.ts';
import { deedsOf, type Deed } from './pages/deeds.ts';
import type { Death } from './pages/steps.ts';

const KILLS = Number(process.env['HOLDFAST_PAGE_KILLS'] ?? 40);
const DEEDS_AT_ONCE = 8;
/** Where a kill is chosen and its step does not come, the page goes on to the next work. */
const MOST_ROUNDS = KILLS * 5;

let browser: Browser;
let shop: Shop;
beforeAll(async () => {
  browser = await openBrowser();
  shop = await openShop();
});
afterAll(async () => {
  await browser.close();
  await shop.close();
});

type Steps = Readonly<Record<string, number>>;

/** What came after these steps. */
const since = (before: Steps, all: Steps): Steps =>
  Object.fromEntries(
    Object.entries(all)
      .map(([kind, count]) => [kind, count - (before[kind] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );

/** A step that few were killed at, and one of its passings that come about there. */
function chooseDeath(random: Random, till: KilledTill, usual: Steps): Death {
  const kinds = Object.keys(usual).toSorted();
  const fewest = Math.min(...kinds.map((kind) => till.kills.get(kind) ?? 0));
  const rare = kinds.filter((kind) => (till.kills.get(kind) ?? 0) === fewest);
  const kind = rare[random.integer(0, rare.length - 1)] ?? '';
  // The same work takes fewer steps at times.
  return { kind, nth: random.integer(1, Math.ceil((usual[kind] ?? 1) / 2)) };
}

/** Until all is sent, and no death waits any more. */
async function work(page: Page, deeds: readonly Deed[]): Promise<void> {
  await ask(page, 'work', deeds);
  await ask(page, 'sent');
  await ask(page, 'disarm');
}

const ALL = ['sales', 'movements', 'products'];

async function check(
  till: KilledTill,
  { page }: LivePage,
  room: Room,
  deeds: readonly Deed[],
): Promise<void> {
  await ask(page, 'sent');
  const compared = await ask(page, 'verify');
  expect(compared.filter(({ equal }) => !equal)).toEqual([]);
  const nothing = { pending: 0, syncing: 0, failed: 0 };
  await expect.poll(async () => (await ask(page, 'outbox')).counts, SOON).toMatchObject(nothing);
  const { records } = await ask(page, 'outbox');
  expect(await ask(page, 'groups')).toBe(0);
  const documents = await Promise.all(
    ALL.map(async (name) =>
      (await ask(page, 'read', name)).map((one) => [`${name}/${String(one['id'])}`, one] as const),
    ),
  );
  const device = await page.evaluate(() => window.till?.device ?? '');
  const refused = records.filter(({ state }) => state === 'rejected');
  const { begun, done } = till;
  const healed = { room, device, deeds, begun, done, refused };
  expect(problemsOf({ ...healed, documents: new Map(documents.flat()) })).toEqual([]);
}

test(`a page that is killed at any step loses nothing and repeats nothing (${KILLS} kills)`, async () => {
  const random = seededRandom(SEED);
  const room = await shop.openRoom();
  const till = await KilledTill.make(browser, room, seededRandom(SEED + 1));
  const deeds: Deed[] = [];
  const nextDeeds = (): readonly Deed[] => {
    const next = deedsOf(random, deeds.length + 1, DEEDS_AT_ONCE);
    deeds.push(...next);
    return next;
  };
  const started = await till.open();
  await check(till, started, room, deeds);
  const ofStart = await ask(started.page, 'steps');
  await work(started.page, nextDeeds());
  const ofWork = since(ofStart, await ask(started.page, 'steps'));
  let live: LivePage = started;
  for (let round = 0; till.count < KILLS && round < MOST_ROUNDS; round += 1) {
    await ask(live.page, 'arm', chooseDeath(random, till, ofWork));
    if ((await live.orDead(work(live.page, nextDeeds()))) === 'dead') {
      // Half of those that start again are killed at that, too.
      const isKilledAgain = random.integer(1, 2) === 1;
      live = await till.open(isKilledAgain ? chooseDeath(random, till, ofStart) : undefined);
      if ((await live.orDead(work(live.page, []))) === 'dead') live = await till.open();
    }
    await check(till, live, room, deeds);
  }
  const { before, after } = till.cuts;
  const table = [...till.kills].map(([kind, count]) => `${kind}: ${count}`).toSorted();
  const acknowledged = `${till.done.size} of ${till.begun.size} deeds acknowledged`;
  console.log(
    `${till.count} pages killed, seed ${SEED}; ${acknowledged}; ${before} requests and ${after} answers lost\n${table.join('\n')}`,
  );
  await till.close();
  expect(till.count).toBeGreaterThanOrEqual(KILLS);
}, 1_200_000);
