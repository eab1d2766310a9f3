// What the leading tab runs: one session, and another one where the device had no space for it.

import { DeviceFull, withSpaceTold } from './device-full.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './session-options.ts';
import { watchStored } from './space.ts';
import { DEVICE_FULL } from './storage-errors.ts';
import type { Verified } from './types.ts';

export type LeadingOptions = Omit<SessionOptions, 'full'>;

export class Leading {
  readonly #options: SessionOptions;
  readonly #full: DeviceFull;
  #session: Session | undefined;
  #leads = false;
  #closed: Promise<void> = Promise.resolve();
  #unwatch = (): void => {};

  constructor(options: LeadingOptions) {
    const full = new DeviceFull({
      ...options,
      close: () => this.#close(),
      reopen: () => {
        // What ends, with the lead or for good, may find no space either.
        if (!this.#leads || this.#session !== undefined) return;
        options.board.lead();
        this.#open();
      },
    });
    this.#full = full;
    this.#options = { ...options, full, ledger: withSpaceTold(options.ledger, full) };
  }

  begin(): void {
    this.#leads = true;
    this.#options.board.lead();
    const watched = [...this.#options.locals.values()].map((local) =>
      watchStored(local, () => this.#full.wrote()),
    );
    this.#unwatch = () => watched.forEach((end) => end());
    this.#open();
  }

  async end(): Promise<void> {
    this.#leads = false;
    this.#unwatch();
    this.#full.end();
    await this.#close();
    this.#options.board.forget();
  }

  syncNow(): void {
    this.#full.tryNow();
    this.#session?.syncNow();
  }

  /** Nothing where this tab does not lead. */
  verify(): Promise<readonly Verified[]> | undefined {
    if (!this.#leads) return undefined;
    return this.#session?.verify() ?? Promise.reject(new Error(DEVICE_FULL));
  }

  /** Nothing where this tab does not lead. */
  discard(ops: readonly string[]): Promise<void> | undefined {
    if (!this.#leads) return undefined;
    return this.#session?.discard(ops) ?? Promise.reject(new Error(DEVICE_FULL));
  }

  /** Whether all that waits has been counted, once that is known. */
  async counted(): Promise<boolean> {
    return (await this.#session?.counted) === true;
  }

  #open(): void {
    this.#session = new Session(this.#options);
    this.#session.open();
  }

  #close(): Promise<void> {
    this.#closed = this.#session?.close() ?? this.#closed;
    this.#session = undefined;
    return this.#closed;
  }
}
