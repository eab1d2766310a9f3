// What makes a session look again, beside local writes and people: the network that comes back, the
// page that is seen again, and the time that has passed.

import type { Link } from './link.ts';
import type { Platform } from './platform.ts';
import type { Waker } from './retry.ts';
import type { Board } from './status.ts';
import type { Timers } from './timers.ts';

const WAKE_COOLDOWN_MS = 5_000;

export interface TriggerOptions {
  readonly platform: Platform;
  readonly board: Board;
  readonly link: Link;
  readonly waker: Waker;
  readonly timers: Timers;
  readonly idlePullMs: number;
  readonly waitingMs: number;
  readonly hasWaiting: () => boolean;
  readonly pullAll: () => void;
}

/** Follows them until the returned call. */
export function followTriggers(options: TriggerOptions): () => void {
  const { platform, board, link, waker, timers, idlePullMs, waitingMs, hasWaiting, pullAll } =
    options;
  let lastWakeMs = Number.NEGATIVE_INFINITY;
  const lookAgain = (): void => {
    lastWakeMs = platform.now();
    waker.wake('network');
    pullAll();
  };
  const woken = (why: 'online' | 'offline' | 'visible'): void => {
    board.update({ online: platform.online() });
    if (why === 'offline') {
      link.cut();
      return;
    }
    // A network that comes and goes is looked at again when it has had its time.
    const coolMs = lastWakeMs + WAKE_COOLDOWN_MS - platform.now();
    if (coolMs > 0 && coolMs <= WAKE_COOLDOWN_MS) timers.after('cool', coolMs, lookAgain);
    else lookAgain();
  };
  const idleLater = (): void =>
    timers.after('idle', idlePullMs, () => {
      pullAll();
      idleLater();
    });
  const waitingLater = (): void =>
    timers.after('waiting', waitingMs, () => {
      if (hasWaiting()) waker.wake('network');
      waitingLater();
    });
  board.update({ online: platform.online() });
  idleLater();
  waitingLater();
  return platform.onWake(woken);
}
