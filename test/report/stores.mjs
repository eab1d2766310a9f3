// `npm run test:stores`: every test of the server on each store, one after the other, and one closing
// line for all. Arguments go to vitest in place of the tests' names.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findMongo } from '../support/mongo.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
const given = process.argv.slice(2);
const tests =
  given.length > 0
    ? given
    : ['accept', 'server', 'protocol', 'stock', 'replication', 'simulator/model.test.ts'].map(
        (name) => `test/${name}`,
      );
const kinds = ['memory', 'sqlite', ...(findMongo() === undefined ? [] : ['mongo'])];

/** @type {(script: string, args: string[], environment?: Record<string, string>) => number} */
const run = (script, args, environment = {}) =>
  spawnSync(process.execPath, [path.join(folder, script), ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  }).status ?? 1;

for (const kind of kinds) {
  console.log(`\n== on the store "${kind}"`);
  run('run.mjs', ['--project', 'unit', '--project', 'histories', ...tests], {
    HOLDFAST_TEST_STORE: kind,
    HOLDFAST_REPORT: `store-${kind}`,
  });
}
console.log(`\n== on ${kinds.join(', ')} together`);
if (!kinds.includes('mongo')) console.log('NOT RUN: all of it on MongoDB, because none was found.');
process.exitCode = run(
  'sum.mjs',
  kinds.map((kind) => `store-${kind}`),
);
