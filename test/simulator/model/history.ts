// One history: people at 3 to 6 clients and a till do things by chance while the network fails; then
// everything heals, and what is left is compared with the oracle.

import { seededRandom, type Random, type Role } from '../../../schemas/index.ts';
import { noFaults, type FaultCounts } from '../../support/faulty-network.ts';
import { checkHistory, untilEqual } from './check.ts';
import type { Thread } from './clients.ts';
import type { ClientReport } from './messages.ts';
import type { ModelServer } from './model-server.ts';
import { openTill, type Till } from './till.ts';
import { turnsOf } from './turns.ts';
import type { Watch } from './watch.ts';

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
  readonly server: ModelServer;
  readonly threads: readonly Thread[];
  /** How long clients may take to be in step at the end. */
  readonly patienceMs: number;
  /** Sums up over all histories. */
  readonly faults: FaultCounts;
  readonly actions: Map<string, number>;
  readonly verdicts: Map<string, number>;
  /** Why clients received everything again. */
  readonly resyncs: Map<string, number>;
}

export interface Member {
  readonly thread: Thread;
  readonly token: string;
}

export interface History {
  readonly name: string;
  readonly seed: number;
  readonly workspace: string;
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
  const { server, threads, faults } = world;
  const live = server.live();
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
  const watch = server.watches.of(id);
  return { name, seed, workspace: id, collections, members, random, till, watch };
}

async function live(history: History, world: World): Promise<void> {
  const { members, random, collections } = history;
  const sales: Promise<void>[] = [];
  const steps = STEPS_EACH * members.length;
  const { turns, random: chance } = turnsOf(history.seed, steps);
  for (let step = 0; step < steps; step += 1) {
    for (const [turn, at] of turns)
      if (turn.when === 'amid' && at === step) {
        add(world.actions, turn.name);
        await turn.run({ ...history, random: chance }, world);
      }
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

/** What is done when all has been found to be right; whether something was. */
async function after(history: History, world: World): Promise<boolean> {
  const { turns, random } = turnsOf(history.seed, 2);
  const last = [...turns.keys()].filter(({ when }) => when === 'after');
  for (const turn of last) {
    add(world.actions, turn.name);
    await turn.run({ ...history, random }, world);
  }
  await Promise.all(history.members.map(({ thread }) => thread.ask('heal')));
  return last.length > 0;
}

async function heal({ members, till }: History): Promise<void> {
  await Promise.all([...members.map(({ thread }) => thread.ask('heal')), till.heal()]);
}

async function untilIdle({ members }: History): Promise<readonly string[]> {
  const answers = await Promise.all(members.map(({ thread }) => thread.ask('idle')));
  return answers.flatMap((answer, index) => (answer === '' ? [] : [`client ${index}: ${answer}`]));
}

/** Plays one history. @throws {Error} with everything that is not as it must be. */
export async function playHistory(world: World, number: number, seed: number): Promise<void> {
  const history = await open(world, number, seed);
  let reports: readonly ClientReport[] = [];
  let problems: readonly string[] = [];
  try {
    await live(history, world);
    await heal(history);
    const { url } = world.server.live();
    if (history.watch.problems.length === 0)
      problems = await untilEqual(history, url, world.patienceMs);
    if (problems.length === 0 && (await after(history, world)))
      problems = await untilEqual(history, url, world.patienceMs);
    if (problems.length === 0) problems = await untilIdle(history);
  } finally {
    reports = await Promise.all(history.members.map(({ thread }) => thread.ask('close')));
  }
  for (const reason of reports.flatMap(({ resyncs }) => resyncs)) add(world.resyncs, reason);
  for (const report of reports)
    for (const [fault, count] of Object.entries(report.faults))
      world.faults[fault as keyof FaultCounts] += count;
  for (const { verdict } of history.watch.pushes.flat()) add(world.verdicts, verdict);
  const found = [...problems, ...(await checkHistory(history, world.server.live().url, reports))];
  if (found.length > 0) throw new Error(found.slice(0, 20).join('\n'));
}

export const emptySums = (): Pick<World, 'faults' | 'actions' | 'verdicts' | 'resyncs'> => ({
  faults: noFaults(),
  actions: new Map(),
  verdicts: new Map(),
  resyncs: new Map(),
});
