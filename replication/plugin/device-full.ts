// When a write of the replication finds no space on this device. What RxDB does then is in doubt: a
// document without its meta row, a checkpoint that moves on past it. So the session ends before it
// writes more, and another one begins later from what is stored.
//
// | event                              | then                                                   |
// | ---------------------------------- | ------------------------------------------------------ |
// | a write fails for space            | told; session ended, begun again after 1, 2, 4 s up to |
// |                                    | the longest retry; nothing is received for the longest |
// | any write succeeds                 | no longer told; what waits goes on waiting             |
// | a person asks ("Sync now")         | both waits end                                         |
// | the lead is lost                   | both waits end, nothing is begun                       |

import type { Ledger } from '../outbox/ledger.ts';
import type { Platform } from './platform.ts';
import { Waker } from './retry.ts';
import type { Board } from './status.ts';
import { DEVICE_FULL, isDeviceFull } from './storage-errors.ts';
import type { Timing } from './types.ts';

export interface DeviceFullOptions {
  readonly platform: Platform;
  readonly timing: Pick<Timing, 'firstRetryMs' | 'longestRetryMs'>;
  readonly board: Pick<Board, 'update' | 'trouble' | 'status'>;
  /** Ends the session; resolves when it writes nothing any more. */
  readonly close: () => Promise<void>;
  /** Begins another one. */
  readonly reopen: () => void;
  readonly failed: (error: unknown) => void;
}

export class DeviceFull {
  readonly #options: DeviceFullOptions;
  readonly #waker: Waker;
  #failures = 0;
  #lastAtMs = 0;
  #isClosing = false;
  /** Counts the times that this tab has lost the lead. */
  #turn = 0;
  #room: Promise<unknown> = Promise.resolve();

  constructor(options: DeviceFullOptions) {
    this.#options = options;
    this.#waker = new Waker(options.platform);
  }

  /** Takes the failure in hand, if it is one of space. */
  readonly met = (thrown: unknown): boolean => {
    if (!isDeviceFull(thrown)) return false;
    const { platform, timing, board, failed } = this.#options;
    board.update({ deviceFull: true });
    if (this.#isClosing) return true;
    this.#isClosing = true;
    const nowMs = platform.now();
    // Long without one: it is another time of little space.
    if (nowMs - this.#lastAtMs > 2 * timing.longestRetryMs) this.#failures = 0;
    const delayMs = Math.min(timing.longestRetryMs, timing.firstRetryMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    this.#lastAtMs = nowMs;
    this.#room = this.#waker.wait({ kind: 'waiting', delayMs: timing.longestRetryMs });
    this.#again(nowMs + delayMs, delayMs).catch(failed);
    return true;
  };

  /** Something has found its place. */
  wrote(): void {
    if (this.#options.board.status.deviceFull)
      this.#options.board.update({ deviceFull: undefined });
  }

  /** Resolves when what the server has may be received. */
  async room(): Promise<void> {
    await this.#room;
  }

  /** Tries at once. */
  tryNow(): void {
    this.#waker.wake('now');
  }

  /** The lead is lost. */
  end(): void {
    this.#turn += 1;
    this.#isClosing = false;
    this.tryNow();
  }

  async #again(nextTryAtMs: number, delayMs: number): Promise<void> {
    const { close, reopen, board, platform, timing, failed } = this.#options;
    const [room, turn] = [this.#room, this.#turn];
    const roomAtMs = platform.now() + timing.longestRetryMs;
    const tell = (atMs: number): void =>
      board.trouble('local', { kind: 'waiting', message: DEVICE_FULL, nextTryAtMs: atMs });
    // It may find no space for its last notes either.
    await close().catch(failed);
    if (turn !== this.#turn) return;
    // What failed with it was no fault of the server.
    board.update({ troubles: {} });
    tell(nextTryAtMs);
    await this.#waker.wait({ kind: 'waiting', delayMs });
    if (turn !== this.#turn) return;
    this.#isClosing = false;
    reopen();
    tell(roomAtMs);
    await room;
    // Another failure has its own wait.
    if (room === this.#room) board.trouble('local', undefined);
  }
}

const WRITES: ReadonlySet<PropertyKey> = new Set<keyof Ledger>([
  'deviceId',
  'becomeDevice',
  'raiseLeader',
  'claim',
  'claimed',
  'setEpoch',
  'putGroup',
  'freezeGroups',
  'takeBackGroup',
  'judged',
  'tried',
  'noteRun',
]);

/** The ledger, whose writes tell whether they found space. */
export const withSpaceTold = (
  ledger: Ledger,
  full: { readonly met: (error: unknown) => boolean; wrote(): void },
): Ledger =>
  new Proxy(ledger, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (!WRITES.has(name) || typeof member !== 'function') return member;
      return async (...given: readonly unknown[]): Promise<unknown> => {
        try {
          const done: unknown = await Reflect.apply(member, target, given);
          full.wrote();
          return done;
        } catch (error) {
          full.met(error);
          throw error;
        }
      };
    },
  });
