// The closing line says what vitest's report says, and no kind of failure gets past it.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { closingLine, sumOf, tallyOf } from './tally.mjs';

const file = (status: string, ...tests: readonly string[]) => ({
  name: 'test/some.test.ts',
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});
const lineOf = (exitCode: number, ...testResults: ReturnType<typeof file>[]) =>
  closingLine(tallyOf({ testResults }, exitCode));

describe('the closing line', () => {
  it('counts what the report counts', () => {
    expect(lineOf(0, file('passed', 'passed', 'passed'), file('passed', 'passed'))).toBe(
      '3 passed, 0 failed',
    );
    expect(lineOf(1, file('failed', 'passed', 'failed'))).toBe('1 passed, 1 failed');
  });

  it('names skipped tests where there are some', () => {
    expect(lineOf(0, file('passed', 'passed', 'skipped', 'todo'))).toBe(
      '1 passed, 0 failed, 2 skipped',
    );
  });

  it('takes a file that did not load for a failure', () => {
    expect(lineOf(1, file('passed', 'passed'), file('failed'))).toBe('1 passed, 1 failed');
  });

  it('takes an error outside of all tests for a failure', () => {
    expect(lineOf(1, file('passed', 'passed'))).toBe('1 passed, 1 failed');
  });

  it('takes a run without tests, or without a report, for a failure', () => {
    expect(lineOf(0)).toBe('0 passed, 1 failed');
    expect(lineOf(0, file('passed', 'skipped'))).toBe('0 passed, 1 failed, 1 skipped');
    expect(closingLine(tallyOf(undefined, 0))).toBe('0 passed, 1 failed');
  });

  it('comes after the name and the first words of each test that failed', () => {
    const failed = {
      status: 'failed',
      fullName: 'a till sells',
      failureMessages: ['Error: one bun is gone\n    at till.ts:3:1', 'and one more'],
    };
    const here = fileURLToPath(import.meta.url);
    const report = { testResults: [{ name: here, status: 'failed', assertionResults: [failed] }] };
    expect(tallyOf(report, 1).notes).toEqual([
      `failed: ${path.join('test', 'report', 'tally.test.ts')}: a till sells: Error: one bun is gone`,
    ]);
  });

  it('adds up several runs', () => {
    const runs = [tallyOf({ testResults: [file('passed', 'passed')] }, 0), tallyOf(undefined, 1)];
    expect(closingLine(sumOf(runs))).toBe('1 passed, 1 failed');
  });
});
