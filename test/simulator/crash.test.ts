// Devices are killed at every fail-point, and heal: each write has one effect and one verdict.
// CI's size: HOLDFAST_DEVICE_KILLS=1000 npx vitest run --project histories test/simulator/crash.test.ts;
// one run again: HOLDFAST_CRASH='…' before the same, as a failure prints it.

import { expect, it } from 'vitest';
import { SEED } from '../support/seed.ts';
import { hunt, type Failure } from './crash/kills.ts';
import { PLANTED } from './crash/planted.ts';
import { play, type Plan } from './crash/run.ts';
import { openShop } from './crash/shop.ts';

const KILLS = Number(process.env['HOLDFAST_DEVICE_KILLS'] ?? 200);
/** One run that is played again. */
const ONLY = process.env['HOLDFAST_CRASH'];
const MOST_FAILURES = 3;
/** So many kills are enough to notice any planted bug. */
const ENOUGH = 600;

const told = ({ plan, error }: Failure): string =>
  `HOLDFAST_CRASH='${JSON.stringify(plan)}'\n${String(error)}`;

it(
  `a device that is killed at any step loses nothing and repeats nothing (${KILLS} kills)`,
  { timeout: 3_600_000 },
  async () => {
    if (ONLY !== undefined) return playAgain(JSON.parse(ONLY) as Plan);
    const asked = { seed: SEED, deaths: KILLS, mostFailures: MOST_FAILURES };
    const { register, failures } = await hunt(asked);
    console.log(`${register.deaths} kills, seed ${SEED}\n${register.table()}`);
    expect(failures.map(told).join('\n\n')).toBe('');
    expect(register.missed).toEqual([]);
    expect(register.deaths).toBeGreaterThanOrEqual(KILLS);
  },
);

it.each(ONLY === undefined ? PLANTED : [])(
  'kills show it where $name',
  { timeout: 1_800_000 },
  async ({ name, says, ...bug }) => {
    const asked = { seed: SEED, deaths: ENOUGH, mostFailures: 1, bug };
    const { register, failures } = await hunt(asked);
    expect(failures.map(told).join('\n\n')).toMatch(says);
    console.log(`${name}: caught after ${register.deaths} kills, seed ${SEED}`);
  },
);

async function playAgain(plan: Plan): Promise<void> {
  const shop = await openShop();
  try {
    await play(shop, plan);
  } finally {
    await shop.close();
  }
}
