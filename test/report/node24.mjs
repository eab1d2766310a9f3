// `npm run test:node24`: the tests named on the command line, on Node 24. A machine with an older
// Node gets one from the npm packages, into node_modules/.cache.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const prefix = path.join(root, 'node_modules/.cache/node24');
const platform = process.platform === 'win32' ? 'win' : process.platform;
const onlyBinary = `node-${platform}-${process.arch}`;
const installed = [
  `node_modules/node/bin/node`,
  `node_modules/${onlyBinary}/bin/node`,
  `node_modules/node/node_modules/${onlyBinary}/bin/node`,
].map((file) => path.join(prefix, file));

const isNode24 = (/** @type {string} */ file) =>
  existsSync(file) &&
  spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout.startsWith('v24.');

function findNode24() {
  if (process.version.startsWith('v24.')) return process.execPath;
  // Where npm runs no install scripts, `node` stays without its binary, which has a package too.
  for (const name of ['node', onlyBinary]) {
    const found = installed.find(isNode24);
    if (found !== undefined) return found;
    const install = ['install', '--no-save', '--prefix', prefix, `${name}@24`];
    spawnSync('npm', install, { stdio: 'inherit', shell: process.platform === 'win32' });
  }
  return installed.find(isNode24);
}

const node24 = findNode24();
if (node24 === undefined) {
  console.error('No Node 24 could be installed: is the package registry within reach?');
  process.exitCode = 1;
} else {
  const run = spawnSync(
    node24,
    [path.join(root, 'test/report/run.mjs'), ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        HOLDFAST_REPORT: 'node24',
        // Programs that tests start by name run on it too.
        PATH: `${path.dirname(node24)}${path.delimiter}${process.env['PATH'] ?? ''}`,
      },
    },
  );
  process.exitCode = run.status ?? 1;
}
