// Where this machine's MongoDB for tests is. Plain JavaScript, because the vitest configuration and
// the report around it read it too.

import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SECANTUS = fileURLToPath(
  new URL('../../node_modules/.cache/secantus/bin/secantusd-py', import.meta.url),
);

/**
 * Tests of the server, or folders of them, that also run on the MongoDB store with every `npm test`;
 * `npm run test:stores` runs more of them on each store.
 */
export const ALSO_ON_MONGO = ['test/protocol', 'test/stock', 'test/simulator/model.test.ts'];

/** @param {string} file */
const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * `HOLDFAST_MONGO_URL`, a replica set that runs; or a `mongod` on the PATH; or SecantusDB, a server
 * for tests that speaks the same protocol, where `.ci/run` puts it.
 *
 * @returns {{ kind: 'running', url: string } | { kind: 'mongod' | 'secantus', program: string } | undefined}
 */
export function findMongo() {
  const url = process.env['HOLDFAST_MONGO_URL'];
  if (url !== undefined && url !== '') return { kind: 'running', url };
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((name) => name !== '');
  const mongod = folders.map((folder) => path.join(folder, 'mongod')).find(isExecutable);
  if (mongod !== undefined) return { kind: 'mongod', program: mongod };
  return isExecutable(SECANTUS) ? { kind: 'secantus', program: SECANTUS } : undefined;
}
