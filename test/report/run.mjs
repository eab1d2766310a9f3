// `npm test`: vitest with everything that this machine can run, then what was not run and why, then
// the closing line. Arguments go to vitest. HOLDFAST_REPORT names the kept tally (default: `all`).

import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../support/chromium.mjs';
import { closingLine, tallyOf } from './tally.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const folder = path.join(root, 'node_modules/.cache/holdfast');
const name = process.env['HOLDFAST_REPORT'] ?? 'all';
const reportFile = path.join(folder, `${name}.report.json`);
const tallyFile = path.join(folder, `${name}.tally.json`);
const seed = process.env['HOLDFAST_SEED'] ?? String(randomInt(2 ** 31));
const args = process.argv.slice(2);

/** What this machine lacks: a sentence for each part of the tests that was left out. */
function missing() {
  if (args.length > 0 || findChromium() !== undefined) return [];
  const journeys = readdirSync(path.join(root, 'test'), { recursive: true }).filter((file) =>
    String(file).endsWith('.browser.test.ts'),
  );
  if (journeys.length === 0) return [];
  return [
    `NOT RUN: ${journeys.length} files of journeys in a browser (test/journeys), because no ` +
      'Chromium was found. Install one or name it in CHROMIUM_PATH.',
  ];
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
if (process.env['HOLDFAST_REQUIRE_CHROMIUM'] === '1' && findChromium() === undefined) {
  tally.failed += 1;
  tally.notes.push('HOLDFAST_REQUIRE_CHROMIUM=1 makes a missing Chromium a failure');
}
writeFileSync(tallyFile, JSON.stringify(tally));
console.log(`\nseed ${seed} (the same cases again: HOLDFAST_SEED=${seed} npm test)`);
for (const line of [...tally.notes, ...lacking]) console.log(line);
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
