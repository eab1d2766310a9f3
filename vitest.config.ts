// The tests in four projects, run one after the other: those that start processes, browsers or many
// clients would only slow each other down. Time-outs are generous, because machines are slow.

import { defineConfig } from 'vitest/config';
import { findChromium } from './test/support/chromium.mjs';
import { ALSO_ON_MONGO, findMongo } from './test/support/mongo.mjs';

const SLOW = {
  histories: ['test/simulator/**/*.test.ts'],
  processes: ['test/processes/**/*.test.ts'],
  browser: ['test/journeys/**/*.browser.test.ts'],
};

/** Tests on MongoDB, whatever project they are in. */
const MONGO = findMongo() === undefined ? ['test/**/mongo*.test.ts'] : [];

/** Tests that other projects run on other stores. */
const onMongo = {
  extends: true as const,
  test: {
    name: 'mongo',
    include: ALSO_ON_MONGO.map((it) => (it.endsWith('.ts') ? it : `${it}/**/*.test.ts`)),
    env: { HOLDFAST_TEST_STORE: 'mongo' },
    sequence: { groupOrder: 4 },
  },
};

const slow = (name: keyof typeof SLOW, groupOrder: number) => ({
  extends: true as const,
  test: {
    name,
    include: SLOW[name],
    exclude: MONGO,
    fileParallelism: false,
    sequence: { groupOrder },
  },
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
      slow('processes', 2),
      ...(findChromium() === undefined ? [] : [slow('browser', 3)]),
      ...(findMongo() === undefined ? [] : [onMongo]),
    ],
  },
});
