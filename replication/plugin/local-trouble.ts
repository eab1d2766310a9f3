// What goes wrong on this device, its storage or its locks, is told for as long as a retry may take.

import { messageOf } from './check.ts';
import type { Platform } from './platform.ts';
import type { Board } from './status.ts';
import { isDeviceFull } from './storage-errors.ts';
import type { Timing } from './types.ts';

export interface LocalTroubleOptions {
  readonly platform: Pick<Platform, 'now' | 'after'>;
  readonly timing: Pick<Timing, 'firstRetryMs' | 'longestRetryMs'>;
  readonly board: Pick<Board, 'update' | 'failed' | 'recovered'>;
}

export function localTrouble({ platform, timing, board }: LocalTroubleOptions) {
  let end = (): void => {};
  const failed = (error: unknown): void => {
    const message = messageOf(error);
    if (isDeviceFull(error)) board.update({ deviceFull: true });
    board.failed(message, platform.now() + timing.firstRetryMs);
    end();
    end = platform.after(timing.longestRetryMs, () => board.recovered(message));
  };
  return { failed, end: () => end() };
}
