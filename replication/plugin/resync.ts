// Receiving everything again, in all collections: first what is unsent and, where the server has
// lost history, what it lost; then one snapshot of each collection.

import type { Lane } from '../feed/lane.ts';
import type { HealOptions } from './heal.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
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
  readonly outbox: Pick<LocalOutbox, 'has'>;
  /** Resolves when it is known what is unsent. */
  readonly counted: () => Promise<unknown>;
  /** All lanes are through. */
  readonly whole: () => void;
  /** The server has been restored once more. */
  readonly turned: (order: ResyncOrder) => void;
  readonly failed: (error: unknown) => void;
  readonly push: Pick<HealOptions, 'mustStay'> & {
    /** Whether nothing of what RxDB has handed over can go now. */
    readonly isStuck: () => boolean;
  };
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
  /** What was judged in another history before it was known that it is followed. */
  #early: { readonly epoch: string; readonly keys: Set<string> } | undefined;

  constructor(options: ResyncOptions) {
    this.#options = options;
  }

  /** Where everything is being received again already, that begins anew with what is left to do. */
  begin({ reason, survives, epoch }: ResyncOrder): void {
    const { lanes, board } = this.#options;
    const before = survives === undefined ? this.#run : undefined;
    const early = this.#early?.epoch === epoch ? this.#early?.keys : undefined;
    const healing = before?.healing ?? (survives === undefined ? 'nothing lost' : 'begun');
    const run: Run = {
      open: new Set(lanes),
      // The sums are looked through again.
      healing: healing === 'sums are back' ? 'begun' : healing,
      epoch: epoch ?? before?.epoch,
      judged: before?.judged ?? new Set(early),
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
    if (this.#run === undefined && this.#early?.epoch !== epoch)
      this.#early = { epoch, keys: new Set() };
    const judged = this.#run?.judged ?? this.#early?.keys;
    for (const key of keys) judged?.add(key);
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
    return healing !== 'nothing lost' && this.#options.outbox.has(key) && !judged?.has(key);
  }

  /** Resolves when the lane's snapshot may begin. */
  async prepared(lane: Lane): Promise<void> {
    const run = this.#run;
    await run?.prepared;
    // What is stuck keeps back its own collection only.
    if (run !== undefined) await lane.port?.upSettled();
    if (run !== this.#run) await this.prepared(lane);
  }

  /** The lane is through. */
  whole(lane: Lane): void {
    if (this.#run?.open.delete(lane) !== true || this.#run.open.size > 0) return;
    this.#run = undefined;
    this.#options.board.update({ resync: undefined });
    this.#options.whole();
  }

  /** Resolves when all that can go has gone. */
  async #upSettled(): Promise<void> {
    const { lanes, waker, push, isStopped, timing } = this.#options;
    const settled = Promise.all(lanes.map(async ({ port }) => port?.upSettled())).then(() => true);
    while (!isStopped() && !push.isStuck()) {
      const pause = waker.wait({ kind: 'waiting', delayMs: timing.firstRetryMs });
      if (await Promise.race([settled, pause.then(() => false)])) return;
    }
  }

  async #prepare(run: Run): Promise<void> {
    const { device, push, counted, waker, failed, isStopped } = this.#options;
    while (run === this.#run && !isStopped())
      try {
        if (isHealed(run)) return await this.#upSettled();
        await counted();
        // Rare; where it can't be loaded, that is tried again, too.
        const { heal, healSums } = await import('./heal.ts');
        const isBack = (key: string): boolean => run.judged.has(key);
        const { mustStay } = push;
        const lost: HealOptions = { ...this.#options, device: device(), isBack, mustStay };
        await healSums(lost);
        run.healing = 'sums are back';
        // What waited for them may go.
        waker.wake('network');
        await this.#upSettled();
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
