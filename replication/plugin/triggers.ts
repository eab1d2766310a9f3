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
  readonly pullAll: () => void;
}

/** Follows them until the returned call. */
export function followTriggers(options: TriggerOptions): () => void {
  const { platform, board, link, waker, timers, idlePullMs, pullAll } = options;
  let lastWakeMs = Number.NEGATIVE_INFINITY;
  const woken = (why: 'online' | 'offline' | 'visible'): void => {
    board.update({ online: platform.online() });
    if (why === 'offline') {
      link.cut();
      return;
    }
    waker.wake('network');
    const nowMs = platform.now();
    if (nowMs - lastWakeMs < WAKE_COOLDOWN_MS) return;
    lastWakeMs = nowMs;
    pullAll();
  };
  const idleLater = (): void =>
    timers.after('idle', idlePullMs, () => {
      pullAll();
      idleLater();
    });
  board.update({ online: platform.online() });
  idleLater();
  return platform.onWake(woken);
}
