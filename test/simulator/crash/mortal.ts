// A process that can be killed at each of its calls. From then on nothing that it had begun has an
// effect, gets an answer or goes on.

import { Passings, type Death, type PointName } from './fail-points.ts';

export abstract class Mortal {
  readonly passings = new Passings();
  diedAt: PointName | undefined;
  /** Resolves when it is killed. */
  readonly ended: Promise<void>;
  #end = (): void => {};
  #isSpared = false;
  readonly #death: Death | undefined;

  constructor(death: Death | undefined) {
    this.#death = death;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get isAlive(): boolean {
    return this.diedAt === undefined;
  }

  /** It is not killed any more, and what it passes does not count. */
  spare(): void {
    this.#isSpared = true;
  }

  /** A call that has its effect and its answer only while this process lives. */
  call<T>(what: string, run: () => Promise<T>): Promise<T> {
    if (!this.passes(`before ${what}`)) return never();
    return this.heard(run(), () => this.passes(`after ${what}`));
  }

  /** The outcome of something, where somebody is left to hear of it. */
  heard<T>(outcome: Promise<T>, isHeard = (): boolean => this.isAlive): Promise<T> {
    return outcome.then(
      (value) => (isHeard() ? value : never()),
      (error: unknown) => {
        if (!isHeard()) return never();
        throw error;
      },
    );
  }

  /** Whether it goes on. */
  passes(point: PointName): boolean {
    if (!this.isAlive) return false;
    if (this.#isSpared || !this.passings.pass(point, this.#death)) return true;
    this.diedAt = point;
    this.bury();
    this.#end();
    return false;
  }

  /** What is left of it in this realm goes, at the very moment. */
  protected abstract bury(): void;
}

/** What a process that is no more hears. */
export const never = <T>(): Promise<T> => new Promise(() => {});
