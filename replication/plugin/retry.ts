// How long to wait after a failure, and what ends the wait early.

import type { Failure } from './link.ts';
import type { Platform } from './platform.ts';

export type Trouble =
  | {
      /** `outdated`: the app is older than the server, and has to be loaded again. */
      readonly kind: 'unreachable' | 'waiting' | 'outdated' | 'notMember';
      readonly message: string;
      readonly nextTryAtMs: number;
    }
  | { readonly kind: 'loggedOut'; readonly message: string };

export interface RetryTimes {
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
}

/** What ends a wait: its time, a network that is back, or somebody who asks. */
export type Woken = 'due' | 'network' | 'now';

/**
 * | wait      | ends with           |
 * | --------- | ------------------- |
 * | waiting   | due, network or now |
 * | putOff    | due or now          |
 * | loggedOut | now                 |
 */
export type Wait =
  | { readonly kind: 'waiting' | 'putOff'; readonly delayMs: number }
  | { readonly kind: 'loggedOut' };

/** Ends all waits at once: a network or a person has come back. */
export class Waker {
  readonly #waiting = new Set<{ readonly kind: Wait['kind']; end(why: Woken): void }>();
  readonly #platform: Platform;
  #stopped = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  wait(wait: Wait): Promise<Woken> {
    if (this.#stopped) return Promise.resolve('now');
    return new Promise((resolve) => {
      const waiter = {
        kind: wait.kind,
        end: (why: Woken) => {
          timer();
          this.#waiting.delete(waiter);
          resolve(why);
        },
      };
      const timer =
        wait.kind === 'loggedOut'
          ? () => {}
          : this.#platform.after(wait.delayMs, () => waiter.end('due'));
      this.#waiting.add(waiter);
    });
  }

  wake(why: 'now' | 'network'): void {
    for (const waiter of this.#waiting)
      if (why === 'now' || waiter.kind === 'waiting') waiter.end(why);
  }

  stop(): void {
    this.#stopped = true;
    this.wake('now');
  }
}

/** The failures in a row of one kind of request. */
export class Retry {
  readonly #platform: Platform;
  readonly #times: RetryTimes;
  readonly #waker: Waker;
  readonly #report: (trouble: Trouble | undefined) => void;
  #failures = 0;

  constructor(
    platform: Platform,
    times: RetryTimes,
    waker: Waker,
    report: (trouble: Trouble | undefined) => void,
  ) {
    this.#platform = platform;
    this.#times = times;
    this.#waker = waker;
    this.#report = report;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#report(undefined);
  }

  /** Reports the failure and returns when it is time to try again, with what ended the wait. */
  async pause(failure: Failure): Promise<Woken> {
    return this.wait(failure, this.plan(failure));
  }

  /** How long to wait after this failure; each call counts it. */
  plan(failure: Failure): Wait {
    if (failure.kind === 'refused' && failure.status === 401) return { kind: 'loggedOut' };
    const backoffMs = this.#backoff(failure);
    const asked = failure.kind === 'refused' ? failure.retryAfterMs : undefined;
    return asked === undefined
      ? { kind: 'waiting', delayMs: backoffMs }
      : { kind: 'putOff', delayMs: Math.max(asked, backoffMs) };
  }

  wait(failure: Failure, wait: Wait): Promise<Woken> {
    const { message } = failure;
    if (wait.kind === 'loggedOut') this.#report({ kind: wait.kind, message });
    else
      this.#report({
        kind: kindOf(failure),
        message,
        nextTryAtMs: this.#platform.now() + wait.delayMs,
      });
    return this.#waker.wait(wait);
  }

  /** 1, 2, 4 s and so on, each between half and all of it, so that devices do not come together. */
  #backoff(failure: Failure): number {
    const { firstRetryMs, longestRetryMs } = this.#times;
    const doubled = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    const isLasting =
      failure.kind === 'refused' && ![408, 410, 413, 429, 503].includes(failure.status);
    return (isLasting ? longestRetryMs : doubled) * (0.5 + this.#platform.random() / 2);
  }
}

export function kindOf(failure: Failure): Exclude<Trouble['kind'], 'loggedOut'> {
  if (failure.kind === 'unreachable') return 'unreachable';
  if (failure.kind === 'local') return 'waiting';
  if (failure.code === 'not_a_member') return 'notMember';
  return failure.code === 'outdated' ? 'outdated' : 'waiting';
}
