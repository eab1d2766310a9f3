// When the documents are compared with what RxDB knows of them: at each start what lies past its own
// position, so that all that waits is known; every document after a crash, after the device's clock
// was set back, and now and then while nothing is to be done.

import type { Journal } from '../activity/journal.ts';
import type { Lane } from '../feed/lane.ts';
import { isNews } from '../feed/upward.ts';
import type { Ledger } from '../outbox/ledger.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import type { Differing } from './audit.ts';
import type { Platform } from './platform.ts';
import type { Replication } from './rx.ts';
import type { Timers } from './timers.ts';
import type { Timing } from './types.ts';

const OFTEN_MS = 6 * 3_600_000;
const IDLE_MS = 10 * 60_000;
const MOST_RECORDS = 20;

export interface AuditsOptions {
  readonly platform: Platform;
  readonly timing: Pick<Timing, 'auditMs'>;
  readonly ledger: Pick<Ledger, 'session' | 'noteSession' | 'leader'>;
  readonly lanes: () => readonly Lane[];
  readonly timers: Timers;
  readonly outbox: LocalOutbox;
  readonly journal: Journal;
  readonly failed: (error: unknown) => void;
  readonly isStopped: () => boolean;
}

export class Audits {
  readonly #options: AuditsOptions;
  #term: number | undefined;

  constructor(options: AuditsOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async begin(): Promise<void> {
    const { platform, ledger, failed } = this.#options;
    try {
      this.#term = await ledger.leader();
      const last = await ledger.session();
      const nowMs = platform.now();
      await ledger.noteSession({ isOpen: true, clockMs: nowMs });
      const isInDoubt = last !== undefined && (last.isOpen || nowMs < last.clockMs);
      await this.#find(isInDoubt ? 'all' : 'new');
      this.#later(isInDoubt ? this.#options.timing.auditMs : IDLE_MS);
    } catch (error) {
      failed(error);
      this.#later(this.#options.timing.auditMs);
    }
  }

  /** The session ends as it should, unless another tab has taken over meanwhile. */
  async end(): Promise<void> {
    const { ledger, platform } = this.#options;
    if (this.#term === undefined || (await ledger.leader()) !== this.#term) return;
    await ledger.noteSession({ isOpen: false, clockMs: platform.now() });
  }

  async #find(where: 'new' | 'all'): Promise<void> {
    const { lanes, outbox, isStopped } = this.#options;
    for (const { port, collection } of lanes()) {
      if (port === undefined || isStopped()) continue;
      await port.started();
      const found = (await port.differing(where)).filter(isNews);
      outbox.found(collection, found);
      // Judged while it was read: nothing else would take it out again.
      const still = new Set((await port.differingOf(idsOf(found))).map(({ id }) => id));
      outbox.settled(
        collection,
        found.filter(({ id }) => !still.has(id)),
      );
    }
  }

  #later(delayMs: number): void {
    const { timers, failed } = this.#options;
    timers.after('audit', delayMs, () => {
      this.#repairAll().then(
        (isDone) => this.#later(isDone ? OFTEN_MS : this.#options.timing.auditMs),
        (error: unknown) => {
          failed(error);
          this.#later(IDLE_MS);
        },
      );
    });
  }

  /** Whether all collections were at rest long enough to be looked through. */
  async #repairAll(): Promise<boolean> {
    let isDone = true;
    for (const lane of this.#options.lanes()) {
      if (this.#options.isStopped()) return true;
      isDone = (await this.#repair(lane)) && isDone;
    }
    return isDone;
  }

  async #repair(lane: Lane): Promise<boolean> {
    const { port, collection } = lane;
    if (port === undefined || !isAtRest(lane)) return false;
    const first = await port.differing('all');
    if (first.length === 0) return true;
    // What RxDB or a person is writing just now differs for a moment.
    const quiet = await whenQuiet(port);
    const found = await port.differingOf(idsOf(first));
    if (!isAtRest(lane) || !quiet() || this.#options.isStopped()) return false;
    if (found.length === 0) return true;
    const { outbox, journal } = this.#options;
    outbox.found(collection, found.filter(isNews));
    await port.touch(found);
    journal.note({
      kind: 'info',
      code: 'repaired',
      message: `${found.length === 1 ? `1 ${collection.label.one} was` : `${found.length} ${collection.label.many} were`} out of sight of the sync after a crash or a change of the clock. That is repaired.`,
      records: found.slice(0, MOST_RECORDS).map(({ id }) => ({ collection: collection.name, id })),
    });
    return true;
  }
}

const idsOf = (found: readonly Differing[]): readonly string[] => found.map(({ id }) => id);

const isAtRest = (lane: Lane): boolean => lane.restsAt !== undefined && !lane.up.isBusy;

/** Resolves when RxDB has nothing more to write, to a call that says whether that is still so. */
async function whenQuiet(port: Replication): Promise<() => boolean> {
  for (;;) {
    const [up, down] = [port.upSettled(), port.downSettled()];
    await Promise.all([up, down]);
    const isQuiet = (): boolean => port.upSettled() === up && port.downSettled() === down;
    if (isQuiet()) return isQuiet;
  }
}
