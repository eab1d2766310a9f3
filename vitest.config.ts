// The tests in groups of projects, one group after the other, two files at a time: what starts processes
// or many clients would only slow the rest down. Time-outs are generous, because machines are slow.

import { defineConfig } from 'vitest/config';
import { findChromium } from './test/support/chromium.mjs';
import { ALSO_ON_MONGO, findMongo } from './test/support/mongo.mjs';

const SLOW = {
  histories: ['test/simulator/**/*.test.ts'],
  processes: ['test/processes/**/!(mongo-)*.test.ts'],
  databases: ['test/processes/**/mongo-*.test.ts'],
  browser: ['test/journeys/**/*.browser.test.ts'],
};

/** Tests that need a MongoDB, whatever project they are in. */
const MONGO = findMongo() === undefined ? ['test/**/mongo*.test.ts'] : [];

/** Tests that other projects run on other stores. */
const onMongo = {
  extends: true as const,
  test: {
    name: 'mongo',
    include: ALSO_ON_MONGO.map((it) => (it.endsWith('.ts') ? it : `${it}/**/*.test.ts`)),
    env: { HOLDFAST_TEST_STORE: 'mongo' },
    sequence: { groupOrder: 1 },
  },
};

const slow = (name: keyof typeof SLOW, groupOrder: number) => ({
  extends: true as const,
  test: { name, include: SLOW[name], sequence: { groupOrder } },
});

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    retry: 0,
    setupFiles: ['test/support/store-setup.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...Object.values(SLOW).flat(), ...MONGO],
        },
      },
      slow('histories', 1),
      slow('processes', 1),
      ...(findMongo() === undefined ? [] : [slow('databases', 1), onMongo]),
      ...(findChromium() === undefined ? [] : [slow('browser', 2)]),
    ],
  },
});
