// Reads vitest's JSON report and says what came of the run. Pure, so that it can be tested.

import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * @typedef {{ status: string, fullName?: string, failureMessages?: string[] }} Assertion
 * @typedef {{ name: string, status: string, assertionResults: Assertion[] }} TestFile
 * @typedef {{ testResults: TestFile[] }} Report
 * @typedef {{ passed: number, failed: number, skipped: number, notes: string[] }} Tally
 */

/**
 * A failed test in one line: its file, its name and what it said first. The closing lines repeat it,
 * because what vitest prints of it is far above them.
 *
 * @param {string} file
 * @param {Assertion} test
 */
const failureOf = (file, { fullName, failureMessages }) =>
  `failed: ${path.relative(root, file)}: ${fullName}: ${failureMessages?.[0]?.split('\n')[0] ?? ''}`;

/**
 * Counts the report's tests. A file that failed without a failed test (it did not load, or a hook
 * threw) counts as one failure, and so does a run that tested nothing, left no report, or ended
 * with an error that belongs to no test.
 *
 * @param {Report | undefined} report
 * @param {number} exitCode vitest's own
 * @returns {Tally}
 */
export function tallyOf(report, exitCode) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  /** @param {string} status */
  const count = (status) => tests.filter((test) => test.status === status).length;
  const passed = count('passed');
  const broken = files.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const notes = [
    ...files.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map((test) => failureOf(name, test)),
    ),
    ...broken.map(({ name }) => `failed outside of its tests: ${path.relative(root, name)}`),
  ];
  let failed = count('failed') + broken.length;
  if (failed === 0 && passed === 0) {
    notes.push(report === undefined ? 'vitest left no report' : 'no test was run');
    failed += 1;
  }
  if (failed === 0 && exitCode !== 0) {
    notes.push(`vitest ended with ${exitCode} though no test failed: see the errors above`);
    failed += 1;
  }
  const skipped = tests.length - passed - count('failed');
  return { passed, failed, skipped, notes };
}

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export const sumOf = (tallies) => ({
  passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
  failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
  skipped: tallies.reduce((sum, { skipped }) => sum + skipped, 0),
  notes: tallies.flatMap(({ notes }) => notes),
});

/** @param {Tally} tally */
export const closingLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
