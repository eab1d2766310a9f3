// What moves the push pipeline from state to state, as the table in machine.ts has it.

import { local, type Failure, type Link } from '../plugin/link.ts';
import type { Platform } from '../plugin/platform.ts';
import type { Retry, Wait } from '../plugin/retry.ts';
import { nextState, type PushEvent, type PushState } from './machine.ts';

export interface PipelineOptions {
  readonly platform: Pick<Platform, 'after'>;
  readonly link: Pick<Link, 'isStopped'>;
  readonly retry: Retry;
  readonly collectMs: number;
  readonly moved: (state: PushState) => void;
  /** One look at what waits, with a request where there is something to send. */
  readonly step: () => Promise<PushEvent | Failure>;
  readonly hasWork: () => boolean;
}

/** What all wait for may also come without a call of `start`. Below selection.ts's LOOK_MS. */
const LONGEST_HELD_MS = 500;

export class Pipeline {
  readonly #options: PipelineOptions;
  #state: PushState = 'idle';
  /** How often in a row nothing could go. */
  #held = 0;
  #endHold = (): void => {};
  /** Why it waits, while it does. */
  #pause: { readonly failure: Failure; readonly wait: Wait } | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /** There is something to do. */
  start(): void {
    this.#held = 0;
    this.#endHold();
    if (this.#state !== 'idle') return;
    this.#go('work');
    void this.#run();
  }

  stop(): void {
    this.#go('stop');
    this.#endHold();
  }

  #go(event: PushEvent): void {
    const state = nextState(this.#state, event);
    if (state === this.#state) return;
    this.#state = state;
    this.#options.moved(state);
  }

  /** Never rejects: what a state does says itself what comes of it. */
  async #run(): Promise<void> {
    const { platform, collectMs, hasWork } = this.#options;
    for (;;)
      switch (this.#state) {
        case 'collecting':
          await new Promise<void>((done) => platform.after(collectMs, done));
          this.#go('collected');
          break;
        case 'held':
          await this.#hold();
          this.#go('work');
          break;
        case 'sending':
          this.#go(await this.#step());
          break;
        case 'waiting':
        case 'putOff':
        case 'loggedOut':
          this.#go(await this.#wait());
          break;
        case 'idle':
          // What came in the moment in which all was found to be done.
          if (!hasWork()) return;
          this.#go('work');
          break;
        case 'ended':
          return;
      }
  }

  #hold(): Promise<void> {
    const { platform, collectMs } = this.#options;
    const pauseMs = Math.min(LONGEST_HELD_MS, collectMs * 2 ** Math.min(this.#held, 20));
    return new Promise((resolve) => {
      const cancel = platform.after(pauseMs, resolve);
      this.#endHold = () => {
        cancel();
        resolve();
      };
    });
  }

  async #step(): Promise<PushEvent> {
    const { link, step } = this.#options;
    if (link.isStopped) return 'stop';
    try {
      const outcome = await step();
      this.#held = outcome === 'held' ? this.#held + 1 : 0;
      // What failed last was let go, or has come to rest otherwise.
      if (outcome === 'empty') this.#options.retry.succeeded();
      return typeof outcome === 'string' ? outcome : this.#failed(outcome);
    } catch (error) {
      // The ledger could not be read or written. The rows are still queued.
      return this.#failed(local(error));
    }
  }

  #failed(failure: Failure): PushEvent {
    if (this.#options.link.isStopped) return 'stop';
    const wait = this.#options.retry.plan(failure);
    this.#pause = { failure, wait };
    if (wait.kind === 'loggedOut') return 'unauthorised';
    return wait.kind === 'putOff' ? 'putOff' : 'failed';
  }

  async #wait(): Promise<PushEvent> {
    const { retry, link } = this.#options;
    if (this.#pause === undefined || link.isStopped) return 'stop';
    const woken = await retry.wait(this.#pause.failure, this.#pause.wait);
    return link.isStopped ? 'stop' : woken;
  }
}
