// What happens to the whole of a history, at most once each, at a step that chance names: another
// thing is another line.

import { seededRandom, type Random } from '../../../schemas/index.ts';
import { seq, workspaceId } from '../../../replication/core.ts';
import type { History, World } from './history.ts';

/** How many commits are lost at most. */
const TAIL = 25;

async function takeBack(
  { workspace, watch, random }: TurnHistory,
  { server }: World,
  kind: 'restored' | 'cut',
): Promise<void> {
  await server.restart(async () => {
    const to = Math.max(0, watch.head - random.integer(1, TAIL));
    await server.store.takeBack(workspaceId(workspace), seq(to), kind === 'restored');
    watch.takenBack(kind, to);
  });
}

type TurnHistory = Pick<History, 'workspace' | 'watch'> & { readonly random: Random };

export interface Turn {
  readonly name: string;
  /** In so many of a hundred histories. */
  readonly percent: number;
  /** Before a step that chance names, or when all has been found to be right. */
  readonly when: 'amid' | 'after';
  readonly run: (history: TurnHistory, world: World) => Promise<void>;
}

const TURNS: readonly Turn[] = [
  {
    name: 'the server is restored from an older backup',
    percent: 15,
    when: 'amid',
    run: (history, world) => takeBack(history, world, 'restored'),
  },
  {
    name: 'deleted documents are purged',
    percent: 25,
    when: 'amid',
    run: async ({ workspace }, { server }) => {
      await server.live().store.purge(workspaceId(workspace), Date.now());
    },
  },
  {
    name: 'a manager becomes an owner',
    percent: 25,
    when: 'amid',
    run: async ({ workspace }, { server }) => {
      const { store } = server;
      const { accounts } = server.live().server.core;
      const members = await store.records('member', `${workspace}/`);
      const manager = members.find(({ value }) => (value as { role: string }).role === 'manager');
      if (manager === undefined) return;
      // May do the same as before, and reads what other keys give.
      const { id } = manager;
      await store.writeRecords([{ kind: 'member', id, value: { role: 'owner' } }]);
      // Says what is so already, and so tells all streams to look at their rights.
      await accounts.setBelowFloor(workspace, 'flag');
    },
  },
  {
    name: 'the server has lost the last commits',
    percent: 10,
    when: 'after',
    run: (history, world) => takeBack(history, world, 'cut'),
  },
];

/** The turns of a history, each with its step. What people do does not depend on them. */
export function turnsOf(
  seed: number,
  steps: number,
): { readonly random: Random; readonly turns: ReadonlyMap<Turn, number> } {
  const random = seededRandom(seed + 77);
  const chosen = TURNS.map((turn) => ({
    turn,
    chance: random.integer(1, 100),
    at: random.integer(1, steps - 1),
  }));
  return {
    random,
    turns: new Map(
      chosen.filter(({ turn, chance }) => chance <= turn.percent).map(({ turn, at }) => [turn, at]),
    ),
  };
}

export const TURN_NAMES = TURNS.map(({ name }) => name);
