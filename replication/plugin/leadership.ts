// Which tab syncs: the one that holds a Web Lock of our own and still answers. A frozen tab keeps its
// lock, so followers ask whether the leader lives, and take the lock from one that is silent. Each
// taking raises a number in the ledger; a leader that finds a higher one after any wait has been
// replaced while it slept, and writes nothing.
//
// | now       | event                                   | then                                    |
// | --------- | --------------------------------------- | --------------------------------------- |
// | following | the lock is granted                     | leading, number raised                  |
// | following | the leader answers                      | following, silence counted anew         |
// | following | as many questions stay unanswered as fit| number raised, lock stolen, leading     |
// |           | into `takeOverMs`                       |                                         |
// | leading   | the lock is stolen                      | session closed, following               |
// | leading   | the ledger has a higher number          | session closed, lock let go, following  |
// | following | the leader runs an older version        | number raised, lock stolen, leading     |
// | any       | the ledger knows a newer version        | `outdated`, which stops it              |
// | any       | stop                                    | session closed, lock let go             |

import type { Ledger } from '../outbox/ledger.ts';
import { DATA_VERSION } from './data-version.ts';
import type { Abort, Locks, Platform } from './platform.ts';
import type { Timing } from './types.ts';

export interface LeadershipOptions {
  readonly platform: Platform;
  readonly ledger: Ledger;
  readonly name: string;
  readonly timing: Pick<Timing, 'heartbeatMs' | 'takeOverMs'>;
  /** Asks the leader on the channel; its answer is `heard`. */
  readonly ask: () => void;
  /** @param tookOver from a leader that was silent. */
  readonly lead: (tookOver: boolean) => void;
  /** Ends what `lead` began. */
  readonly lose: () => Promise<void>;
  /** A newer version of the program has the data: nothing may be written. */
  readonly outdated: () => void;
  readonly failed: (error: unknown) => void;
}

export class Leadership {
  readonly #options: LeadershipOptions;
  #isStopped = false;
  #term: number | undefined;
  #raised: number | undefined;
  #unanswered = 0;
  #mustSteal = false;
  #waiting: Abort | undefined;
  #letGo: (() => void) | undefined;
  #endTimer = (): void => {};
  #running: Promise<void> = Promise.resolve();

  constructor(options: LeadershipOptions) {
    this.#options = options;
  }

  get isLeading(): boolean {
    return this.#term !== undefined;
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => this.#options.failed(error));
  }

  /** The leader lives. */
  heard(): void {
    this.#unanswered = 0;
  }

  /**
   * The leader runs an older version of the program: it is replaced, though it answers. With the next
   * question, because Chromium forgets to reject a request that is aborted while it is being made.
   */
  replace(): void {
    this.#unanswered = Number.POSITIVE_INFINITY;
  }

  async stillLeads(): Promise<boolean> {
    const { platform, ledger, outdated } = this.#options;
    if (platform.locks === undefined) return this.isLeading;
    if (this.#term === undefined || this.#isStopped) return false;
    const [leader, version] = await Promise.all([ledger.leader(), ledger.version()]);
    if (version > DATA_VERSION) outdated();
    const leads = leader === this.#term && version <= DATA_VERSION;
    if (!leads) this.#letGo?.();
    return leads;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#endTimer();
    this.#waiting?.abort();
    this.#letGo?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { platform } = this.#options;
    const { locks } = platform;
    while (!this.#isStopped) await (locks === undefined ? this.#alone() : this.#once(locks));
  }

  /** There is no other tab to ask. */
  async #alone(): Promise<void> {
    const { timing, failed } = this.#options;
    try {
      await this.#lead();
    } catch (error) {
      failed(error);
      await this.#pause(timing.heartbeatMs);
    }
    await this.#lost();
  }

  /** Waits for the lock, or takes it, and leads until it is lost. */
  async #once(locks: Locks): Promise<void> {
    const { platform, name, ledger, timing, failed } = this.#options;
    const steal = this.#raised !== undefined;
    const waiting = platform.makeAbort();
    this.#waiting = waiting;
    if (!steal) this.#beat();
    const turn = { isOver: false };
    try {
      const options = steal ? { steal } : { steal, signal: waiting.signal };
      await locks.request(name, options, () => this.#lead(turn));
    } catch (error) {
      turn.isOver = true;
      // Expected when another tab has stolen the lock, or this one stopped waiting in order to steal.
      const isExpected = this.isLeading || waiting.signal.aborted;
      if (!isExpected) {
        failed(error);
        await this.#pause(timing.heartbeatMs);
      }
    }
    this.#endTimer();
    await this.#lost();
    this.#raised = undefined;
    if (!this.#mustSteal) return;
    this.#mustSteal = false;
    try {
      this.#raised = await ledger.raiseLeader();
    } catch (error) {
      // The silence is counted anew, and then it is tried again.
      failed(error);
    }
  }

  /** @param turn over once the lock is stolen, which may be before the number is raised. */
  async #lead(turn = { isOver: false }): Promise<void> {
    const { ledger, outdated } = this.#options;
    this.#endTimer();
    if ((await ledger.meetVersion(DATA_VERSION)) > DATA_VERSION) return outdated();
    if (turn.isOver) return;
    const tookOver = this.#raised !== undefined;
    const term = this.#raised ?? (await ledger.raiseLeader());
    if (turn.isOver || this.#isStopped) return;
    this.#raised = undefined;
    this.#term = term;
    const lost = new Promise<void>((resolve) => {
      this.#letGo = resolve;
    });
    this.#options.lead(tookOver);
    await lost;
  }

  async #lost(): Promise<void> {
    this.#letGo = undefined;
    if (this.#term === undefined) return;
    this.#term = undefined;
    await this.#options.lose();
  }

  /** Asks now and every `heartbeatMs`. Counts questions, not time: a frozen tab has asked nothing. */
  #beat(): void {
    const { platform, timing, ask } = this.#options;
    const { heartbeatMs, takeOverMs } = timing;
    this.#unanswered = 0;
    const beat = (): void => {
      if (this.#unanswered * heartbeatMs >= takeOverMs) {
        this.#mustSteal = true;
        this.#waiting?.abort();
        return;
      }
      this.#unanswered += 1;
      ask();
      this.#endTimer = platform.after(heartbeatMs, beat);
    };
    beat();
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.platform.after(delayMs, resolve);
      this.#endTimer = () => {
        timer();
        resolve();
      };
    });
  }
}
