// Guards the log-in against guessing. Kept in memory: a restart forgives, and no attempt costs a
// write.

import { HttpProblem } from '../errors.ts';

const FREE_PER_ACCOUNT = 5;
/** Higher, because a whole office may share an address. */
const FREE_PER_ADDRESS = 50;
/** From anywhere: guesses that come from many addresses. Its wait is short, or anybody could lock
 * somebody out. */
const FREE_FROM_ANYWHERE = 100;
const MAX_WAIT_ANYWHERE_MS = 10_000;
const MAX_WAIT_MS = 15 * 60_000;
const MAX_ENTRIES = 10_000;

interface Attempts {
  readonly count: number;
  readonly lastMs: number;
}

export interface Throttle {
  /**
   * Counts an attempt before it is checked, so that many at once count as many.
   *
   * @throws {HttpProblem} `throttled`, where the one before was too short a time ago.
   */
  attempt(email: string, address: string): void;
  succeeded(email: string, address: string): void;
}

/** The first tries are free; then the wait doubles from one second up to a quarter of an hour. */
const waitMs = (count: number, free: number, maxMs: number): number =>
  count < free ? 0 : Math.min(1_000 * 2 ** Math.min(count - free, 20), maxMs);

/** One household of IPv6 has more addresses than anybody could count: the first half names it. */
const networkOf = (address: string): string =>
  address.includes(':') && !address.includes('.')
    ? address.split(':').slice(0, 4).join(':')
    : address;

const keysOf = (email: string, address: string) =>
  [
    [`${networkOf(address)} ${email}`, FREE_PER_ACCOUNT, MAX_WAIT_MS],
    [networkOf(address), FREE_PER_ADDRESS, MAX_WAIT_MS],
    [email, FREE_FROM_ANYWHERE, MAX_WAIT_ANYWHERE_MS],
  ] as const;

const tooManyAttempts = (seconds: number): HttpProblem => {
  const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new HttpProblem('throttled', {
    detail: `Too many attempts. Try again in ${wait}.`,
    retryAfterSeconds: seconds,
  });
};

export function createThrottle(now: () => number): Throttle {
  const attempts = new Map<string, Attempts>();

  const current = (key: string): Attempts | undefined => {
    const known = attempts.get(key);
    return known !== undefined && now() - known.lastMs < 2 * MAX_WAIT_MS ? known : undefined;
  };

  const count = (key: string): void => {
    const next = { count: (current(key)?.count ?? 0) + 1, lastMs: now() };
    attempts.delete(key);
    attempts.set(key, next);
    // A map keeps the order of insertion: the first is the one longest unused.
    const [oldest] = attempts.keys();
    if (attempts.size > MAX_ENTRIES && oldest !== undefined) attempts.delete(oldest);
  };

  return {
    attempt(email, address) {
      const keys = keysOf(email, address);
      for (const [key, free, maxMs] of keys) {
        const known = current(key);
        if (known === undefined) continue;
        const leftMs = known.lastMs + waitMs(known.count, free, maxMs) - now();
        if (leftMs > 0) throw tooManyAttempts(Math.ceil(leftMs / 1_000));
      }
      for (const [key] of keys) count(key);
    },
    succeeded(email, address) {
      attempts.delete(`${networkOf(address)} ${email}`);
      attempts.delete(email);
      // Only this attempt is taken back: a good log-in does not pay for guesses at other accounts.
      const known = attempts.get(networkOf(address));
      if (known !== undefined)
        attempts.set(networkOf(address), { ...known, count: known.count - 1 });
    },
  };
}
