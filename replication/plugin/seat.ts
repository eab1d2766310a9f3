// This tab's place among the tabs of its database: while it leads it syncs, else it follows the tab
// that does. One that meets a newer version of the program does neither any more.

import { Leadership } from './leadership.ts';
import { Leading, type LeadingOptions } from './leading.ts';
import { Tabs } from './tabs.ts';

export interface SeatOptions extends Omit<LeadingOptions, 'stillLeads'> {
  /** The same in all tabs of the database. */
  readonly name: string;
  readonly offsetMs: () => number;
}

const TOOK_OVER = {
  kind: 'info',
  code: 'leading',
  message: 'The tab that synced did not answer any more. This one syncs now.',
} as const;

export class Seat {
  readonly tabs: Tabs;
  readonly leading: Leading;
  readonly #options: SeatOptions;
  readonly #leadership: Leadership;

  constructor(options: SeatOptions) {
    this.#options = options;
    const { platform, timing, board } = options;
    const leading = new Leading({ ...options, stillLeads: () => this.#leadership.stillLeads() });
    this.leading = leading;
    this.tabs = new Tabs(platform.openChannel(options.name), platform, board, {
      ...options,
      isLeading: () => this.#leadership.isLeading,
      heard: () => this.#leadership.heard(),
      newer: () => this.#outdated(),
      olderLeads: () => this.#leadership.replace(),
      syncNow: () => leading.syncNow(),
      verify: () => leading.verify(),
      discard: (ops) => leading.discard(ops),
      patienceMs: timing.requestTimeoutMs + timing.takeOverMs,
    });
    this.#leadership = new Leadership({
      ...options,
      ask: () => this.tabs.ask(),
      lead: (tookOver) => {
        if (tookOver) options.journal.note(TOOK_OVER);
        leading.begin();
      },
      lose: () => {
        this.tabs.lost();
        return leading.end();
      },
      outdated: () => this.#outdated(),
      failed: (error) => {
        // What the last leader said holds no longer.
        board.forget();
        options.failed(error);
      },
    });
  }

  get isLeading(): boolean {
    return this.#leadership.isLeading;
  }

  start(): void {
    this.#leadership.start();
    this.#options.ledger.outdated.then(() => this.#outdated(), this.#options.failed);
  }

  async stop(): Promise<void> {
    this.tabs.close();
    await this.#leadership.stop();
  }

  #outdated(): void {
    const { board, failed } = this.#options;
    if (board.status.outdated) return;
    board.outdate();
    this.#leadership.stop().catch(failed);
  }
}
