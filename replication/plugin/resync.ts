// Receiving everything again, in all collections: first what is unsent and, where the server has
// lost history, what it lost; then one snapshot of each collection.

import type { Lane } from '../feed/lane.ts';
import type { HealOptions } from './heal.ts';
import type { Collection } from '../../schemas/index.ts';
import type { ResyncOrder } from './problem.ts';
import type { Waker } from './retry.ts';
import type { Board } from './status.ts';
import type { Timing } from './types.ts';

export interface ResyncOptions {
  readonly lanes: readonly Lane[];
  readonly board: Board;
  readonly device: () => string;
  readonly send: HealOptions['send'];
  readonly isPending: HealOptions['isPending'];
  /** Resolves when it is known what is unsent. */
  readonly counted: () => Promise<unknown>;
  /** All lanes are through. */
  readonly whole: () => void;
  /** The server has been restored once more. */
  readonly turned: (order: ResyncOrder) => void;
  readonly failed: (error: unknown) => void;
  readonly waker: Waker;
  readonly timing: Pick<Timing, 'firstRetryMs'>;
  readonly isStopped: () => boolean;
}

interface Run {
  readonly open: Set<Lane>;
  /** How much of what the server has lost is back. */
  healing: 'nothing lost' | 'begun' | 'sums are back' | 'all is back';
  /** The history in which that is so, once it is known. */
  epoch: string | undefined;
  /** What the server has judged since. */
  readonly judged: Set<string>;
  prepared: Promise<void>;
}

export class Resync {
  readonly #options: ResyncOptions;
  #run: Run | undefined;

  constructor(options: ResyncOptions) {
    this.#options = options;
  }

  /** Where everything is being received again already, that begins anew with what is left to do. */
  begin({ reason, survives, epoch }: ResyncOrder): void {
    const { lanes, board } = this.#options;
    const before = survives === undefined ? this.#run : undefined;
    const healing = before?.healing ?? (survives === undefined ? 'nothing lost' : 'begun');
    const run: Run = {
      open: new Set(lanes),
      // The sums are looked through again.
      healing: healing === 'sums are back' ? 'begun' : healing,
      epoch: epoch ?? before?.epoch,
      judged: before?.judged ?? new Set(),
      prepared: Promise.resolve(),
    };
    this.#run = run;
    board.update({ resync: reason });
    for (const lane of lanes) lane.resync(survives);
    run.prepared = this.#prepare(run);
  }

  /** The history to which this device has given back all that it has of lost sums. */
  get madeWhole(): string | undefined {
    const { healing, epoch } = this.#run ?? {};
    return healing === 'sums are back' || healing === 'all is back' ? epoch : undefined;
  }
  /** Whether the server still has the history that is followed; the first that is met is that one. */
  meets(epoch: string | undefined): boolean {
    if (this.#run === undefined || epoch === undefined) return true;
    this.#run.epoch ??= epoch;
    return this.#run.epoch === epoch;
  }
  /** The server has judged these in another history than the one that was known. */
  judged(epoch: string, keys: readonly string[]): void {
    if (!this.meets(epoch)) this.#options.turned({ reason: 'epoch', survives: 0, epoch });
    for (const key of keys) this.#run?.judged.add(key);
  }
  /** Whether documents of a collection have to wait for what they add to. */
  holds({ name }: Collection): boolean {
    const adds = ({ collection }: Lane): boolean =>
      Object.values(collection.sums).some(({ from }) => from === name);
    return this.#run?.healing === 'begun' && this.#options.lanes.some(adds);
  }

  /** Whether it may be lost by the server that an unsent change is of, which goes by itself. */
  lacks(key: string): boolean {
    const { healing = 'nothing lost', judged } = this.#run ?? {};
    return healing !== 'nothing lost' && this.#options.isPending(key) && !judged?.has(key);
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

  async #prepare(run: Run): Promise<void> {
    const { lanes, device, counted, waker, failed, isStopped } = this.#options;
    while (run === this.#run && !isStopped())
      try {
        if (isHealed(run)) return await upSettled(lanes);
        await counted();
        // Rare; where it can't be loaded, that is tried again, too.
        const { heal, healSums } = await import('./heal.ts');
        const isBack = (key: string): boolean => run.judged.has(key);
        const lost: HealOptions = { ...this.#options, device: device(), isBack };
        await healSums(lost);
        run.healing = 'sums are back';
        // What waited for them may go.
        waker.wake('network');
        await upSettled(lanes);
        if (!isStopped()) await heal(lost);
        run.healing = 'all is back';
        return;
      } catch (error) {
        // Without it the snapshot would take away what only this device has.
        failed(error);
        await waker.wait({ kind: 'waiting', delayMs: this.#options.timing.firstRetryMs });
      }
  }
}

const isHealed = ({ healing }: Run): boolean =>
  healing === 'nothing lost' || healing === 'all is back';

async function upSettled(lanes: readonly Lane[]): Promise<void> {
  for (const lane of lanes) await lane.port?.upSettled();
}
