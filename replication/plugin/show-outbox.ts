// Shows all tabs what waits, with the groups that it belongs to: they are in the ledger before their
// documents are written, and are read here because nothing is sent while the server is away.

import type { Ledger } from '../outbox/ledger.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import type { Board } from './status.ts';
import type { Timers } from './timers.ts';

/** Other tabs see what waits this late at most. */
const SHOW_DELAY_MS = 100;

interface ShowOptions {
  readonly ledger: Pick<Ledger, 'groups'>;
  readonly board: Board;
}

export function showSoon(
  outbox: LocalOutbox,
  { ledger, board }: ShowOptions,
  timers: Timers,
  failed: (error: unknown) => void,
): void {
  const show = async (): Promise<void> => {
    if (outbox.size > 0) outbox.grouped(await ledger.groups());
    if (!timers.hasEnded) board.showWaiting(outbox.view());
  };
  timers.after('outbox', SHOW_DELAY_MS, () => void show().catch(failed));
}
