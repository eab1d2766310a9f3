// This tab's place among the tabs of its database: while it leads it has a session that syncs, else it
// follows the tab that has one.

import { Leadership } from './leadership.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './session-options.ts';
import { Tabs } from './tabs.ts';

export interface SeatOptions extends Omit<SessionOptions, 'stillLeads'> {
  /** The same in all tabs of the database. */
  readonly name: string;
  readonly offsetMs: () => number;
  readonly failed: (error: unknown) => void;
}

const TOOK_OVER = {
  kind: 'info',
  code: 'leading',
  message: 'The tab that synced did not answer any more. This one syncs now.',
} as const;

export class Seat {
  readonly tabs: Tabs;
  /** While this tab leads. */
  session: Session | undefined;
  readonly #options: SeatOptions;
  readonly #leadership: Leadership;

  constructor(options: SeatOptions) {
    this.#options = options;
    const { platform, timing, board } = options;
    this.tabs = new Tabs(platform.openChannel(options.name), platform, board, {
      ...options,
      isLeading: () => this.#leadership.isLeading,
      heard: () => this.#leadership.heard(),
      syncNow: () => this.session?.syncNow(),
      verify: () => this.session?.verify(),
      discard: (ops) => this.session?.discard(ops),
      patienceMs: timing.requestTimeoutMs + timing.takeOverMs,
    });
    this.#leadership = new Leadership({
      ...options,
      ask: () => this.tabs.ask(),
      lead: (tookOver) => this.#lead(tookOver),
      lose: () => this.#lose(),
    });
  }

  start(): void {
    this.#leadership.start();
  }

  async stop(): Promise<void> {
    this.tabs.close();
    await this.#leadership.stop();
  }

  #lead(tookOver: boolean): void {
    const { board, journal } = this.#options;
    board.lead();
    if (tookOver) journal.note(TOOK_OVER);
    const stillLeads = (): Promise<boolean> => this.#leadership.stillLeads();
    this.session = new Session({ ...this.#options, stillLeads });
    this.session.open();
  }

  async #lose(): Promise<void> {
    const closed = this.session?.close();
    this.session = undefined;
    await closed;
    this.#options.board.forget();
  }
}
