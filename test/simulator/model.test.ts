// Histories of 3 to 6 real clients under all policies, against an oracle that shares no code with
// them. Full size: HOLDFAST_HISTORIES=1000 npx vitest run --project histories test/simulator/model;
// one history again: HOLDFAST_SEED=… HOLDFAST_HISTORY=….

import { afterAll, beforeAll, expect, it } from 'vitest';
import { FAULTS } from '../support/faulty-network.ts';
import { startLiveServer } from '../support/live-server.ts';
import { SEED } from '../support/seed.ts';
import { CHOSEN_STORE } from '../support/store.ts';
import { Thread } from './model/clients.ts';
import { emptySums, MAX_CLIENTS, playHistory, type World } from './model/history.ts';
import { startModelServer } from './model/model-server.ts';
import { textOf } from './model/values.ts';
import { TURN_NAMES } from './model/turns.ts';

/** Where there are fewer, chance may leave something out. */
const ENOUGH = 60;
const asked = Number(process.env['HOLDFAST_HISTORIES'] ?? ENOUGH);
/** A MongoDB for tests takes its time. */
const HISTORIES = CHOSEN_STORE === 'mongo' ? Math.ceil(asked / 15) : asked;
const ONLY = process.env['HOLDFAST_HISTORY'];
let world: World;
beforeAll(async () => {
  const server = await startModelServer(startLiveServer);
  const threads = Array.from({ length: MAX_CLIENTS }, () => new Thread());
  world = { server, threads, patienceMs: 120_000, ...emptySums() };
});
afterAll(async () => {
  for (const thread of world.threads) await thread.end();
  await world.server.live().stop();
});

it(
  `clients, server and oracle agree, and nobody's work is lost (${HISTORIES} histories)`,
  { timeout: 3_600_000 },
  async () => {
    const numbers =
      ONLY === undefined ? Array.from({ length: HISTORIES }, (_, at) => at) : [Number(ONLY)];
    for (const number of numbers)
      await playHistory(world, number, SEED + number * 1_000).catch((error: unknown) => {
        throw new Error(`HOLDFAST_SEED=${SEED} HOLDFAST_HISTORY=${number}\n${String(error)}`, {
          cause: error,
        });
      });
    const shown = (sums: ReadonlyMap<string, number>): string => textOf(Object.fromEntries(sums));
    console.log(
      `${numbers.length} histories, seed ${SEED}, faults ${JSON.stringify(world.faults)}\n` +
        `verdicts ${shown(world.verdicts)}\nactions ${shown(world.actions)}\nreceived again for ${shown(world.resyncs)}`,
    );
    if (ONLY !== undefined) return;
    if (numbers.length < ENOUGH) return;
    for (const fault of FAULTS) expect(world.faults[fault], fault).toBeGreaterThan(0);
    for (const turn of TURN_NAMES) expect(world.actions.get(turn) ?? 0).toBeGreaterThan(0);
    for (const reason of ['epoch', 'ahead', 'floor', 'scope'])
      expect(world.resyncs.get(reason) ?? 0).toBeGreaterThan(0);
    for (const verdict of ['accepted', 'merged', 'superseded', 'conflict', 'rejected'])
      expect(world.verdicts.get(verdict) ?? 0).toBeGreaterThan(0);
  },
);
