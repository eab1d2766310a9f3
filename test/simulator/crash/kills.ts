// Which deaths a test plays: first each fail-point that a script passes, so that none is left out,
// the rarest as early as the most frequent; after it deaths by chance, while the device heals.

import { seededRandom, type Random } from '../../../schemas/index.ts';
import { Register, type Death, type PointName } from './fail-points.ts';
import { play, type Plan } from './run.ts';
import { openShop, type Bug, type Shop } from './shop.ts';

/** How many points a life that heals passes, more or less. */
const HEALING_POINTS = 120;
/** So many runs go on at once: RxDB allows 13 open collections, and each has four. */
const LANES = 3;
/** Then the next script is taken, and a fresh server, which remembers less. */
const DEATHS_PER_SCRIPT = 60;
/** How often it is tried to die where nothing has died yet. */
const TRIES = 12;

export interface Failure {
  readonly plan: Plan;
  readonly error: unknown;
}

interface HuntOptions {
  readonly seed: number;
  readonly deaths: number;
  readonly mostFailures: number;
  readonly bug?: Bug;
}

interface Hunt extends HuntOptions {
  readonly register: Register;
  readonly random: Random;
  readonly failures: Failure[];
  /** Plans that lead to each point. */
  readonly ways: Map<PointName, Plan[]>;
}

/**
 * Kills devices `deaths` times, and at each fail-point that was ever passed; ends early where enough
 * has failed.
 */
export async function hunt(options: HuntOptions): Promise<Pick<Hunt, 'register' | 'failures'>> {
  const register = new Register();
  const failures: Failure[] = [];
  const random = seededRandom(options.seed);
  const all: Hunt = { ...options, register, random, failures, ways: new Map() };
  const isOver = (): boolean => failures.length >= options.mostFailures;
  for (let script = 0; register.deaths < options.deaths && !isOver(); script += 1)
    await inShop(options.bug, (shop) => playScript(all, shop, options.seed + script));
  // What only healing passes, and what chance has left out.
  if (options.bug === undefined)
    await inShop(options.bug, async (shop) => {
      for (let tries = 0; tries < TRIES && register.missed.length > 0 && !isOver(); tries += 1)
        await playAll(all, shop, register.missed.flatMap((point) => wayTo(all, point)).values());
    });
  return { register, failures };
}

async function inShop(bug: Bug | undefined, run: (shop: Shop) => Promise<void>): Promise<void> {
  const shop = await openShop(bug);
  try {
    await run(shop);
  } finally {
    await shop.close();
  }
}

async function playScript(all: Hunt, shop: Shop, seed: number): Promise<void> {
  const { register, random, deaths } = all;
  const most = Math.min(deaths, register.deaths + DEATHS_PER_SCRIPT);
  const first = await playOne(all, shop, { seed, deaths: [] });
  const targets = targetsOf(first?.passings.counts ?? new Map(), random);
  function* plans(): Iterator<Plan> {
    for (const target of targets) {
      if (register.deaths >= most) return;
      yield { seed, deaths: [target, ...further(random)] };
    }
  }
  await playAll(all, shop, plans());
}

/** Several runs at once, until there are no more or enough have failed. */
async function playAll(all: Hunt, shop: Shop, plans: Iterator<Plan>): Promise<void> {
  const lane = async (): Promise<void> => {
    while (all.failures.length < all.mostFailures) {
      const next = plans.next();
      if (next.done === true) return;
      await playOne(all, shop, next.value);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Notes what became of a run; gives its first life. */
async function playOne({ register, failures, ways }: Hunt, shop: Shop, plan: Plan) {
  const lives = await play(shop, plan).catch((error: unknown) => {
    failures.push({ plan, error });
    return [];
  });
  lives.forEach(({ passings, diedAt }, number) => {
    register.add(passings, diedAt);
    const deaths = plan.deaths.slice(0, number);
    for (const point of passings.counts.keys()) {
      const known = ways.get(point) ?? [];
      if (known.length < TRIES)
        ways.set(point, [...known, { seed: plan.seed, deaths: [...deaths, { point, at: 1 }] }]);
    }
  });
  return lives[0];
}

function wayTo({ ways, random }: Hunt, point: PointName): readonly Plan[] {
  const [first, ...others] = ways.get(point) ?? [];
  return first === undefined ? [] : [random.pick([first, ...others])];
}

/** Every passing of every point, one of each point before any second one. */
function targetsOf(passed: ReadonlyMap<PointName, number>, random: Random): readonly Death[] {
  const ranked = [...passed].flatMap(([point, count]) => {
    const passings = Array.from({ length: count }, (_, index) => index + 1);
    return shuffled(passings, random).map((at, rank) => ({ death: { point, at }, rank }));
  });
  return shuffled(ranked, random)
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ death }) => death);
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, place: random.integer(0, 2 ** 31) }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ item }) => item);
}

/** The healing is killed, too: once more in half of the runs, twice in a quarter, and so on. */
const further = (random: Random): readonly Death[] =>
  random.integer(0, 1) === 0 ? [] : [{ at: random.integer(1, HEALING_POINTS) }, ...further(random)];
