// Receiving everything again, in all collections: first what is unsent and, where the server has
// lost history, what it lost; then one snapshot of each collection.

import type { Lane } from '../feed/lane.ts';
import { heal, type HealOptions } from './heal.ts';
import type { ResyncOrder } from './problem.ts';
import type { Board } from './status.ts';

export interface ResyncOptions {
  readonly lanes: readonly Lane[];
  readonly board: Board;
  readonly device: () => string;
  readonly send: HealOptions['send'];
  /** All lanes are through. */
  readonly whole: () => void;
  readonly failed: (error: unknown) => void;
  /** Resolves when it is time to try again after a failure of this device. */
  readonly pause: () => Promise<unknown>;
  readonly isStopped: () => boolean;
}

interface Run {
  readonly open: Set<Lane>;
  prepared: Promise<void>;
}

export class Resync {
  readonly #options: ResyncOptions;
  #run: Run | undefined;

  constructor(options: ResyncOptions) {
    this.#options = options;
  }

  begin(order: ResyncOrder): void {
    const { lanes, board } = this.#options;
    const run: Run = { open: new Set(lanes), prepared: Promise.resolve() };
    this.#run = run;
    board.update({ resync: order.reason });
    for (const lane of lanes) lane.resync(order.survives);
    run.prepared = this.#prepare(run, order);
  }

  /** Resolves when a snapshot may begin. */
  async prepared(): Promise<void> {
    const run = this.#run;
    await run?.prepared;
    if (run !== this.#run) await this.prepared();
  }

  /** The lane is through. */
  whole(lane: Lane): void {
    if (this.#run?.open.delete(lane) !== true || this.#run.open.size > 0) return;
    this.#run = undefined;
    this.#options.board.update({ resync: undefined });
    this.#options.whole();
  }

  async #prepare(run: Run, { survives }: ResyncOrder): Promise<void> {
    const { lanes, device, send, failed, pause, isStopped } = this.#options;
    while (run === this.#run && !isStopped())
      try {
        for (const lane of lanes) await lane.port?.upSettled();
        if (survives === undefined || isStopped()) return;
        await heal({ lanes, device: device(), survives, send });
        return;
      } catch (error) {
        // Without it the snapshot would take away what only this device has.
        failed(error);
        await pause();
      }
  }
}
