// How long to wait after a failure, and what ends the wait early.

import type { Failure } from './link.ts';
import type { Platform } from './platform.ts';

export type Trouble =
  | {
      /** `outdated`: the app is older than the server, and has to be loaded again. */
      readonly kind: 'unreachable' | 'waiting' | 'outdated';
      readonly message: string;
      readonly nextTryAtMs: number;
    }
  | { readonly kind: 'loggedOut'; readonly message: string };

export interface RetryTimes {
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
}

/** Ends all waits at once: a network or a person has come back. */
export class Waker {
  readonly #waiting = new Set<{ readonly patient: boolean; readonly end: () => void }>();
  readonly #platform: Platform;
  #stopped = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Without a delay only `now` ends the wait. */
  wait(delayMs: number | undefined): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = {
        patient: delayMs === undefined,
        end: () => {
          timer();
          this.#waiting.delete(waiter);
          resolve();
        },
      };
      const timer =
        delayMs === undefined ? () => {} : this.#platform.after(delayMs, () => waiter.end());
      this.#waiting.add(waiter);
    });
  }

  wake(why: 'now' | 'network'): void {
    for (const waiter of this.#waiting) if (why === 'now' || !waiter.patient) waiter.end();
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

  /** Reports the failure and returns when it is time to try again. */
  async pause(failure: Failure): Promise<void> {
    if (failure.kind === 'refused' && failure.status === 401) {
      this.#report({ kind: 'loggedOut', message: failure.message });
      await this.#waker.wait(undefined);
      return;
    }
    const delayMs = this.#delay(failure);
    this.#report({
      kind: kindOf(failure),
      message: failure.message,
      nextTryAtMs: this.#platform.now() + delayMs,
    });
    await this.#waker.wait(delayMs);
  }

  /** 1, 2, 4 s and so on, each between half and all of it, so that devices do not come together. */
  #delay(failure: Failure): number {
    const { firstRetryMs, longestRetryMs } = this.#times;
    const doubled = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    const isLasting =
      failure.kind === 'refused' && ![408, 410, 413, 429, 503].includes(failure.status);
    const jittered = (isLasting ? longestRetryMs : doubled) * (0.5 + this.#platform.random() / 2);
    const asked = failure.kind === 'refused' ? (failure.retryAfterMs ?? 0) : 0;
    return Math.max(asked, jittered);
  }
}

function kindOf(failure: Failure): 'unreachable' | 'waiting' | 'outdated' {
  if (failure.kind === 'unreachable') return 'unreachable';
  return failure.code === 'outdated' ? 'outdated' : 'waiting';
}
