// One history: people at 3 to 6 clients and a till do things by chance while the network fails; then
// everything heals, and what is left is compared with the oracle.

import { seededRandom, type Random, type Role } from '../../../schemas/index.ts';
import { noFaults, type FaultCounts } from '../../support/faulty-network.ts';
import type { LiveServer } from '../../support/live-server.ts';
import { checkHistory, untilEqual } from './check.ts';
import type { Thread } from './clients.ts';
import type { ClientReport } from './messages.ts';
import { openTill, type Till } from './till.ts';
import type { Watch, Watches } from './watch.ts';

const MODULES = [
  ['pins', 'forms'],
  ['messages', 'stories'],
  ['feedings'],
  ['products', 'movements', 'sales', 'expenses'],
] as const;
const ROLES: readonly Role[] = ['owner', 'manager', 'member'];
const MIN_CLIENTS = 3;
export const MAX_CLIENTS = 6;
const STEPS_EACH = 20;
const HOUR_MS = 3_600_000;

export interface World {
  readonly live: LiveServer;
  readonly watches: Watches;
  readonly threads: readonly Thread[];
  /** Sums up over all histories. */
  readonly faults: FaultCounts;
  readonly actions: Map<string, number>;
  readonly verdicts: Map<string, number>;
}

export interface Member {
  readonly thread: Thread;
  readonly token: string;
}

export interface History {
  readonly name: string;
  readonly collections: readonly string[];
  readonly members: readonly Member[];
  readonly watch: Watch;
  readonly till: Till;
  readonly random: Random;
}

/** What happens beside the clients, at the till or on the server: another thing is another line. */
const EVENTS: readonly {
  readonly name: string;
  readonly on: readonly string[];
  readonly percent: number;
  readonly run: (history: History) => Promise<void>;
}[] = [
  {
    name: 'a sale at the till',
    on: ['sales'],
    percent: 12,
    run: async ({ till, watch, random }) => {
      const products = watch.products();
      if (products.length > 0) await till.sell(products, random.integer(1, 4) === 1);
    },
  },
];

const add = (sums: Map<string, number>, name: string): void =>
  void sums.set(name, (sums.get(name) ?? 0) + 1);

async function open(world: World, number: number, seed: number): Promise<History> {
  const { live, threads, watches, faults } = world;
  const random = seededRandom(seed);
  // RxDB's memory keeps a database of the same name.
  const name = `h${new URL(live.url).port}x${number}`;
  const { id } = await live.server.core.accounts.createWorkspace(name);
  const first = random.integer(0, MODULES.length - 1);
  const second = random.integer(0, MODULES.length - 1);
  const collections = [...new Set([first, second].flatMap((at) => MODULES[at] ?? [])), 'conflicts'];
  const count = random.integer(MIN_CLIENTS, MAX_CLIENTS);
  const tokens: string[] = [];
  for (let person = 0; person < count - 1; person += 1) {
    const role = ROLES[Math.min(person, 2)] ?? 'member';
    tokens.push(await live.keyFor(`person-${person}`, { workspace: name, role }));
  }
  const members = await Promise.all(
    threads.slice(0, count).map(async (thread, index) => {
      // The last client is another device of the first person.
      const token = tokens[index] ?? tokens[0] ?? '';
      const isSkewed = random.integer(1, 4) === 1;
      await thread.ask('open', {
        name,
        index,
        url: live.url,
        token,
        collections,
        seed: seed + index + 1,
        skewMs: isSkewed ? random.pick([-2, 2]) * HOUR_MS : random.integer(-40, 40) * 1e3,
        online: random.integer(1, 3) > 1,
      });
      return { thread, token };
    }),
  );
  const till = openTill(
    name,
    { url: live.url, token: members[0]?.token ?? '' },
    seededRandom(seed + 99),
    faults,
  );
  return { name, collections, members, random, till, watch: watches.of(id) };
}

async function live(history: History, world: World): Promise<void> {
  const { members, random, collections } = history;
  const sales: Promise<void>[] = [];
  for (let step = 0; step < STEPS_EACH * members.length; step += 1) {
    const member = members[random.integer(0, members.length - 1)];
    add(world.actions, (await member?.thread.ask('step')) ?? '');
    for (const { name, on, percent, run } of EVENTS) {
      const chance = random.integer(1, 100);
      if (chance > percent || !on.every((one) => collections.includes(one))) continue;
      add(world.actions, name);
      sales.push(run(history));
    }
  }
  await Promise.all(sales);
}

async function heal({ members, till }: History): Promise<void> {
  await Promise.all([...members.map(({ thread }) => thread.ask('heal')), till.heal()]);
}

/** Plays one history. @throws {Error} with everything that is not as it must be. */
export async function playHistory(world: World, number: number, seed: number): Promise<void> {
  const history = await open(world, number, seed);
  let reports: readonly ClientReport[] = [];
  let problems: readonly string[] = [];
  try {
    await live(history, world);
    await heal(history);
    if (history.watch.problems.length === 0) problems = await untilEqual(history, world.live.url);
  } finally {
    reports = await Promise.all(history.members.map(({ thread }) => thread.ask('close')));
  }
  for (const report of reports)
    for (const [fault, count] of Object.entries(report.faults))
      world.faults[fault as keyof FaultCounts] += count;
  for (const { verdict } of history.watch.pushes.flat()) add(world.verdicts, verdict);
  const found = [...problems, ...(await checkHistory(history, world.live.url, reports))];
  if (found.length > 0) throw new Error(found.slice(0, 20).join('\n'));
}

export const emptySums = (): Pick<World, 'faults' | 'actions' | 'verdicts'> => ({
  faults: noFaults(),
  actions: new Map(),
  verdicts: new Map(),
});
