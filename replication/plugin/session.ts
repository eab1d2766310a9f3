// Everything that runs while this tab leads: one replication per collection, one push pipeline, one
// pull, one stream. It is opened with the lead and thrown away with it.

import { Lane } from '../feed/lane.ts';
import type { LaneHost } from '../feed/lane-host.ts';
import type { Page } from '../feed/page-in-hand.ts';
import { EventStream } from '../feed/stream.ts';
import type { Try } from '../outbox/ledger.ts';
import { LocalOutbox } from '../outbox/outbox.ts';
import type { OutboxFacts } from '../outbox/waiting.ts';
import { PullRounds } from '../pull/rounds.ts';
import { PushCoordinator } from '../push/coordinator.ts';
import { Audits } from './audits.ts';
import { claimDevice } from './claim.ts';
import { History } from './history.ts';
import { connectAll, laneHost } from './lane-host.ts';
import { Link } from './link.ts';
import { OpenGroups } from './open-groups.ts';
import type { ResyncOrder } from './problem.ts';
import { Receiving } from './receiving.ts';
import { Resync } from './resync.ts';
import { Retry, Waker } from './retry.ts';
import { showSoon } from './show-outbox.ts';
import { resyncNote, type RequestKind } from './status.ts';
import { Timers } from './timers.ts';
import { followTriggers } from './triggers.ts';
import type { SessionOptions } from './session-options.ts';
import type { Verified } from './types.ts';

/** How long after the last event a position that cost no write is kept. */
const SAVE_DELAY_MS = 5_000;
/** How long nothing is sent while it is counted what waits. */
const COUNT_MS = 10_000;

export class Session {
  readonly #with: SessionOptions;
  readonly #link: Link;
  readonly #waker: Waker;
  readonly #push: PushCoordinator;
  readonly #rounds: PullRounds;
  readonly #stream: EventStream;
  readonly #outbox: LocalOutbox;
  readonly #resync: Resync;
  readonly #lanes: Lane[] = [];
  readonly #ends: (() => void)[] = [];
  readonly #receiving: Receiving;
  #announced: Promise<unknown> = Promise.resolve();
  /** Whether all that waits has been counted, once that is known. */
  counted: Promise<boolean> = Promise.resolve(false);
  readonly #history: History;
  readonly #timers: Timers;
  readonly #groups: OpenGroups;
  #audits: Audits | undefined;

  constructor(given: SessionOptions) {
    this.#with = given;
    const { platform, timing, options, ledger, identity } = given;
    this.#waker = new Waker(platform);
    this.#timers = new Timers(platform);
    this.#receiving = new Receiving(given.board, given.journal);
    this.#outbox = new LocalOutbox(identity.device, (facts) => this.#showOutbox(facts));
    this.#history = new History(ledger, (error) => this.#fail(error));
    this.#link = new Link({ ...given, ...options, ...timing, platform });
    this.#push = new PushCoordinator({
      platform,
      link: this.#link,
      ledger,
      outbox: this.#outbox,
      journal: given.journal,
      device: identity.device,
      announced: () => this.#announced,
      stillLeads: () => this.#stillLeads(),
      retry: this.#retry('push'),
      ...timing,
      serverNowMs: given.serverNowMs,
      history: this.#history,
      succeeded: () => this.#synced(),
      foreign: (order) => {
        if (!this.#history.isBetween || !this.#resync.meets(order.epoch)) this.#restart(order);
      },
      resync: () => this.#resync,
      lanes: () => this.#lanes,
      moved: (pushing) => given.board.update({ pushing }),
      receiveAgain: async (collections) => this.#audits?.receiveAgain(collections),
    });
    this.#rounds = new PullRounds({
      platform,
      link: this.#link,
      stillLeads: () => this.#stillLeads(),
      restart: (order) => this.#restart(order),
      retry: this.#retry('pull'),
      lanes: () => this.#lanes,
      isOurs: (epoch) => this.#resync.meets(epoch) && this.#history.fits(epoch),
      reached: (page) => this.#reached(page),
      journal: given.journal,
    });
    this.#resync = this.#makeResync();
    this.#stream = this.#makeStream();
    this.#groups = new OpenGroups({
      ...given,
      timers: this.#timers,
      completed: () => this.#push.wake(),
      failed: (error) => this.#fail(error),
    });
  }

  open(): void {
    this.counted = this.#open().catch((error: unknown) => {
      this.#fail(error);
      // Nothing is sent while it is not known what a person has let go of.
      if (this.#lanes.length === 0)
        this.#timers.after('open', this.#with.timing.longestRetryMs, () => this.open());
      return false;
    });
  }

  async #open(): Promise<boolean> {
    await this.#groups.complete().catch((error: unknown) => this.#fail(error));
    const tries = await this.#with.ledger.tries();
    if (this.#link.isStopped) return false;
    this.#ends.push(this.#groups.follow());
    await this.#begin(tries);
    return true;
  }

  #begin(tries: readonly Try[]): Promise<void> {
    const { options, locals, platform, board, ledger, identity, timing } = this.#with;
    const link = this.#link;
    const stillLeads = (): Promise<boolean> => this.#stillLeads();
    const retry = this.#retry('push');
    const claimed = claimDevice({ platform, ledger, identity, link, retry, stillLeads });
    const outbox = this.#outbox;
    outbox.recall(tries);
    for (const collection of options.collections)
      this.#lanes.push(new Lane(collection, (lane) => this.#hostOf(lane)));
    const failed = (error: unknown): void => this.#fail(error);
    const served = { timing, timers: this.#timers, failed };
    this.#ends.push(...connectAll(this.#lanes, locals, outbox, served));
    const pullAll = (): void => this.pullAll();
    const parts = { platform, board, link, waker: this.#waker, timers: this.#timers, pullAll };
    this.#ends.push(
      followTriggers({ ...parts, ...timing, hasWaiting: () => this.#outbox.size > 0 }),
    );
    this.#audits = new Audits({ ...this.#with, ...served, lanes: this.#lanes, outbox });
    const counted = this.#audits.begin();
    // What goes first depends on all that waits. A collection that can't be read keeps no other back.
    const isTime = new Promise<void>((done) => this.#timers.after('count', COUNT_MS, done));
    const isCounted = Promise.race([counted.catch(() => {}), isTime]);
    this.#announced = Promise.all([claimed, this.#history.recall(), isCounted]);
    this.#push.begin(tries);
    return counted;
  }

  syncNow(): void {
    this.#waker.wake('now');
    this.pullAll();
  }

  /** @throws {Error} with a sentence for people where that can't be. */
  discard(ops: readonly string[]): Promise<void> {
    return this.#push.discard(ops);
  }

  pullAll(): void {
    for (const lane of this.#lanes) lane.pullSoon();
  }

  /** @throws {Error} where nothing could be compared. */
  async verify(): Promise<readonly Verified[]> {
    // Loaded when a person asks.
    const { verify } = await import('./verify.ts');
    return verify({
      ...this.#with,
      lanes: this.#lanes,
      link: this.#link,
      outbox: this.#outbox,
      patienceMs: this.#with.timing.requestTimeoutMs,
    });
  }

  /** Ends requests, timers and replications. Nothing is written afterwards. */
  async close(): Promise<void> {
    const ended = this.#audits?.end().catch(this.#with.full.met);
    this.#link.stop();
    this.#waker.stop();
    for (const end of this.#ends.splice(0)) end();
    this.#timers.end();
    // First the replications: RxDB takes what a handler gives after that for nothing.
    await Promise.allSettled(this.#lanes.map(async ({ port }) => port?.cancel()));
    this.#push.release();
    this.#rounds.release();
    for (const lane of this.#lanes) lane.up.release();
    await ended;
  }

  #hostOf(lane: Lane): LaneHost {
    return laneHost(lane, {
      ...this.#with,
      link: this.#link,
      history: this.#history,
      rounds: this.#rounds,
      outbox: this.#outbox,
      push: this.#push,
      receiving: this.#receiving,
      resync: this.#resync,
      timers: this.#timers,
      failed: (error) => this.#fail(error),
    });
  }

  #retry(kind: RequestKind): Retry {
    const { platform, timing, board, journal } = this.#with;
    return new Retry(platform, timing, this.#waker, (trouble) => {
      board.trouble(kind, trouble);
      journal.trouble(kind, trouble);
    });
  }

  async #stillLeads(): Promise<boolean> {
    if (this.#link.isStopped) return false;
    const leads = await this.#with.stillLeads();
    if (!leads) this.#link.stop();
    return leads;
  }

  #reached({ epoch, checkpoint }: Page): void {
    this.#history.follow(epoch);
    this.#with.board.update({ started: true });
    this.#synced();
    this.#stream.start(checkpoint);
  }

  #restart(order: ResyncOrder): void {
    if (order.survives !== undefined) this.#history.turn();
    this.#with.journal.note(resyncNote(order.reason));
    this.#stream.reset();
    this.#resync.begin(order);
  }

  #makeStream(): EventStream {
    const { platform, timing, options } = this.#with;
    return new EventStream({
      platform,
      link: this.#link,
      stillLeads: () => this.#stillLeads(),
      restart: (order) => this.#restart(order),
      retry: this.#retry('stream'),
      waker: this.#waker,
      collections: options.collections,
      silenceMs: timing.streamSilenceMs,
      firstRetryMs: timing.firstRetryMs,
      apply: (event) => {
        for (const lane of this.#lanes) lane.accept(event, this.#history.epoch ?? '');
        this.#synced();
        this.#timers.after('save', SAVE_DELAY_MS, () => {
          for (const lane of this.#lanes) lane.save().catch((error: unknown) => this.#fail(error));
        });
      },
      pullAll: () => this.pullAll(),
    });
  }

  #makeResync(): Resync {
    return new Resync({
      ...this.#with,
      lanes: this.#lanes,
      device: this.#with.identity.device,
      send: async (lane, rows) => {
        this.#outbox.found(lane.collection, rows);
        const answers = await this.#push.send(lane, rows, 'again');
        this.#outbox.settled(lane.collection, rows);
        return answers !== undefined;
      },
      whole: () => this.#history.keep(),
      turned: (order) => this.#restart(order),
      failed: (error) => this.#fail(error),
      push: this.#push,
      waker: this.#waker,
      outbox: this.#outbox,
      counted: () => this.#announced,
      isStopped: () => this.#link.isStopped,
    });
  }

  #showOutbox(facts: OutboxFacts): void {
    this.#with.board.update(facts);
    showSoon(this.#outbox, this.#with, this.#timers, (error) => this.#fail(error));
  }

  #synced(): void {
    this.#with.board.update({ lastSyncedAtMs: this.#with.platform.now() });
  }

  #fail(error: unknown): void {
    const { full, failed } = this.#with;
    if (!this.#link.isStopped && !full.met(error)) failed(error);
  }
}
