// `npm test`: vitest with everything that this machine can run, then what was not run and why, then
// the closing line. Arguments go to vitest. HOLDFAST_REPORT names the kept tally (default: `all`).

import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../support/chromium.mjs';
import { ALSO_ON_MONGO, findMongo } from '../support/mongo.mjs';
import { closingLine, tallyOf } from './tally.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const folder = path.join(root, 'node_modules/.cache/holdfast');
const name = process.env['HOLDFAST_REPORT'] ?? 'all';
const reportFile = path.join(folder, `${name}.report.json`);
const tallyFile = path.join(folder, `${name}.tally.json`);
const seed = process.env['HOLDFAST_SEED'] ?? String(randomInt(2 ** 31));
const args = process.argv.slice(2);

/** What some tests cannot run without, and is not there. */
const LACKS = [
  {
    isThere: findChromium() !== undefined,
    isTest: (/** @type {string} */ file) => file.endsWith('.browser.test.ts'),
    tests: 'journeys in a browser (test/journeys)',
    lacking: 'no Chromium was found. Install one or name it in CHROMIUM_PATH',
    required: 'HOLDFAST_REQUIRE_CHROMIUM',
  },
  {
    isThere: findMongo() !== undefined,
    isTest: (/** @type {string} */ file) =>
      /^mongo.*\.test\.ts$/.test(path.basename(file)) ||
      (file.endsWith('.test.ts') && ALSO_ON_MONGO.some((it) => `test/${file}`.startsWith(it))),
    tests: 'tests on MongoDB',
    lacking:
      'no MongoDB was found. Name a replica set in HOLDFAST_MONGO_URL, or see "Tests and checks" in README.md',
    required: 'HOLDFAST_REQUIRE_MONGO',
  },
].filter(({ isThere }) => !isThere);

/** What this machine lacks: a sentence for each part of the tests that was left out. */
function missing() {
  if (args.length > 0) return [];
  const files = readdirSync(path.join(root, 'test'), { recursive: true }).map(String);
  return LACKS.flatMap(({ isTest, tests, lacking }) => {
    const count = files.filter(isTest).length;
    return count === 0 ? [] : [`NOT RUN: ${count} files of ${tests}, because ${lacking}.`];
  });
}

/** @returns {Promise<number>} vitest's exit code */
const runVitest = () =>
  new Promise((resolve, reject) => {
    const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, HOLDFAST_SEED: seed },
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });

const readReport = () => {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return undefined;
  }
};

mkdirSync(folder, { recursive: true });
for (const file of [reportFile, tallyFile]) rmSync(file, { force: true });
const exitCode = await runVitest();
const tally = tallyOf(readReport(), exitCode);
const lacking = missing();
for (const { required, lacking } of LACKS)
  if (process.env[required] === '1') {
    tally.failed += 1;
    tally.notes.push(`${required}=1 makes it a failure that ${lacking}.`);
  }
writeFileSync(tallyFile, JSON.stringify(tally));
console.log(`\nseed ${seed} (the same cases again: HOLDFAST_SEED=${seed} npm test)`);
for (const line of [...tally.notes, ...lacking]) console.log(line);
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
