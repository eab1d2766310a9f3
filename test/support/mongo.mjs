// Where this machine's MongoDB for tests is. Plain JavaScript, because the vitest configuration and
// the report around it read it too.

import { fileURLToPath } from 'node:url';
import { isExecutable, onPath } from './programs.mjs';

const SECANTUS = fileURLToPath(
  new URL('../../node_modules/.cache/secantus/bin/secantusd-py', import.meta.url),
);

/**
 * Tests of the server, or folders of them, that also run on the MongoDB store with every `npm test`;
 * `npm run test:stores` runs more of them on each store.
 */
export const ALSO_ON_MONGO = ['test/protocol', 'test/stock', 'test/simulator/model.test.ts'];

/**
 * `HOLDFAST_MONGO_URL`, a replica set that runs; or a `mongod` on the PATH; or SecantusDB, a server
 * for tests that speaks the same protocol, where `.ci/run` puts it.
 *
 * @returns {{ kind: 'running', url: string } | { kind: 'mongod' | 'secantus', program: string } | undefined}
 */
export function findMongo() {
  const url = process.env['HOLDFAST_MONGO_URL'];
  if (url !== undefined && url !== '') return { kind: 'running', url };
  const mongod = onPath(['mongod']);
  if (mongod !== undefined) return { kind: 'mongod', program: mongod };
  return isExecutable(SECANTUS) ? { kind: 'secantus', program: SECANTUS } : undefined;
}
