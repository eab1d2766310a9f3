// What becomes of the rows of a request: judged, refused by this device, or not judged at all.

import type { Journal } from '../activity/journal.ts';
import { changesOf } from '../outbox/label.ts';
import type { Ledger, Try } from '../outbox/ledger.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import { FAILED_AFTER } from '../outbox/waiting.ts';
import type { History } from '../plugin/history.ts';
import { SENSELESS, type Failure } from '../plugin/link.ts';
import type { Platform } from '../plugin/platform.ts';
import type { ResyncOrder } from '../plugin/problem.ts';
import type { Resync } from '../plugin/resync.ts';
import { kindOf, type Retry } from '../plugin/retry.ts';
import { stampsSince } from '../stamp/clock.ts';
import {
  parsePushResponse,
  SERVER_BREAKS,
  stands,
  stateAfter,
  TOO_LARGE,
  withoutServer,
  type OwnVerdict,
  type Settled,
} from './answer.ts';
import { isIn, type Item } from './item.ts';
import type { PushEvent } from './machine.ts';
import type { Unit } from './units.ts';
import { Verdicts } from './verdicts.ts';

export interface OutcomeOptions {
  readonly platform: Pick<Platform, 'now'>;
  readonly retry: Pick<Retry, 'succeeded'>;
  readonly ledger: Pick<Ledger, 'judged' | 'tried'>;
  readonly outbox: LocalOutbox;
  readonly journal: Journal;
  readonly serverNowMs: () => number;
  readonly history: Pick<History, 'named' | 'met'>;
  readonly resync: () => Pick<Resync, 'judged'>;
  readonly succeeded: () => void;
  readonly foreign: (order: ResyncOrder) => void;
  /** These go after all others from now on. Says whether others have passed since that began. */
  readonly postpone: (items: readonly Item[]) => boolean;
  /** The document of a row comes to rest. */
  readonly settle: (item: Item, settled: Settled) => void;
  /** Resolves when it is durable that these collections are received again. */
  readonly receiveAgain: (collections: readonly string[]) => Promise<void>;
  /** Whether an operation is not sent any more. */
  readonly isLetGo: (op: string) => boolean;
  /** These are not sent any more. */
  readonly refusedHere: (tries: readonly Try[]) => void;
  /** What a row changes beside its part of a group that was refused here, where it has one. */
  readonly ownChanges: (item: Item) => readonly string[] | undefined;
}

/** Answers that are not about the rows, or are settled otherwise. */
const NO_ATTEMPT: readonly number[] = [401, 410, 413, 426];

export class Outcome {
  readonly #options: OutcomeOptions;
  readonly #verdicts: Verdicts;
  /** How often the server has stumbled at an operation that was sent alone. */
  readonly #stumbles = new Map<string, number>();

  constructor(options: OutcomeOptions) {
    this.#options = options;
    this.#verdicts = new Verdicts(options);
  }

  /** Verdicts and refused versions are stored first; only then do the documents go back. */
  async judged(batch: readonly Item[], value: unknown): Promise<PushEvent | Failure> {
    const { retry, succeeded, history, resync, settle } = this.#options;
    const response = parsePushResponse(value, batch);
    if (response === undefined) return SENSELESS;
    await history.met(response.epoch);
    const answered = batch.map((item, index) => {
      const result = response.results[index];
      if (result === undefined) throw new Error('A result is missing.');
      return { item, result };
    });
    // What was not accepted is not back by that.
    const back = answered.filter(({ result }) => stands(result.verdict));
    if (response.epoch !== history.named)
      resync().judged(
        response.epoch,
        back.map(({ item }) => item.key),
      );
    await this.#verdicts.judged(answered);
    for (const { item, result } of answered) {
      this.#stumbles.delete(item.row.op);
      settle(item, stateAfter(item, result, response));
    }
    this.#options.outbox.judged(batch);
    retry.succeeded();
    succeeded();
    return 'judged';
  }

  /**
   * No verdict. What is too large, or makes the server stumble, is halved until it is found out which
   * row it is: that one goes last from then on, and is refused here in the end where the server takes
   * others, because RxDB settles nothing else of its collection before.
   */
  async unanswered(
    batch: readonly Item[],
    units: readonly Unit[],
    failure: Failure,
  ): Promise<PushEvent | Failure> {
    const status = failure.kind === 'refused' ? failure.status : 0;
    const hasBroken = failure.kind === 'unreachable' && failure.broke === true;
    // Any other 410 is not the server's.
    if (failure.kind === 'refused' && failure.code === 'resync_required' && failure.resync)
      this.#options.foreign(failure.resync);
    if (status === 413 || status === 400 || hasBroken) {
      const isAlone = batch.length === 1 || units.some(({ items }) => batch.every(isIn(items)));
      if (!isAlone) return 'smaller';
      if (status === 413) return this.refused(batch, units, TOO_LARGE);
      const othersPass = this.#options.postpone(batch);
      const stumbles = batch.map(({ row }) => this.#stumbled(row.op));
      if (othersPass && Math.min(...stumbles) >= FAILED_AFTER)
        return this.refused(batch, units, SERVER_BREAKS);
    }
    if (hasBroken || (kindOf(failure) === 'waiting' && !NO_ATTEMPT.includes(status)))
      await this.#attempted(batch, failure.message);
    return failure;
  }

  #stumbled(op: string): number {
    const count = (this.#stumbles.get(op) ?? 0) + 1;
    this.#stumbles.set(op, count);
    return count;
  }

  async #attempted(batch: readonly Item[], reason: string): Promise<void> {
    const { outbox, ledger, journal, platform } = this.#options;
    const { tries, newlyFailed } = outbox.attempted(batch, reason, platform.now());
    await ledger.tried(tries);
    const count = newlyFailed.length;
    if (count === 0) return;
    journal.note({
      kind: 'error',
      code: 'failed',
      message: `${changesOf(count)} could not be sent three times. It is still tried.`,
      detail: reason,
      records: newlyFailed,
    });
  }

  /**
   * What is refused here goes back to what the server has; a group as a whole, with what its members
   * had unsent before.
   */
  async refused(
    items: readonly Item[],
    all: readonly Unit[],
    verdict: OwnVerdict,
  ): Promise<PushEvent> {
    const { outbox, receiveAgain, refusedHere, ownChanges, settle } = this.#options;
    const units = all.filter((unit) => unit.items.some(isIn(items)));
    const members = new Set(units.flatMap((unit) => unit.items));
    const refused = [...items.filter((item) => !members.has(item)), ...members];
    // Also of what a member had unsent before: its next state may have the group's stamps alone.
    const stampsOf = (key: string): readonly string[] =>
      [...members].flatMap(({ key: own, row: { doc, base } }) =>
        own === key ? stampsSince(doc.clk, base?.clk) : [],
      );
    const discarded = refused.map((item): Try => ({
      op: item.row.op,
      collection: item.collection.name,
      attempts: 0,
      discarded: true,
      ...(members.has(item) && { stamps: stampsOf(item.key) }),
    }));
    // What the server has made of them, or of what was lost on the way to here, may have gone past.
    await receiveAgain(refused.map(({ collection }) => collection.name));
    const answered = refused.map((item) => ({
      item,
      result: { op: item.row.op, ...verdict },
      changed: ownChanges(item),
    }));
    await this.#verdicts.judged(answered, discarded);
    refusedHere(discarded);
    outbox.judged(refused);
    for (const item of refused) {
      this.#stumbles.delete(item.row.op);
      settle(item, withoutServer(item));
    }
    return 'judged';
  }
}
