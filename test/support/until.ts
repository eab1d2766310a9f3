// Waiting for a condition instead of for a time.

import { setTimeout as pause } from 'node:timers/promises';

const STEP_MS = 5;

/**
 * Resolves with the first truthy value of `condition`.
 *
 * @throws {Error} that names what was waited for, after `deadlineMs`.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  what = 'the condition',
  deadlineMs = 100_000,
): Promise<Exclude<T, false | undefined | null | 0 | ''>> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value) return value as Exclude<T, false | undefined | null | 0 | ''>;
    if (performance.now() > endMs) throw new Error(`Waited ${deadlineMs} ms for ${what}.`);
    await pause(STEP_MS);
  }
}
