// Everything that runs while this tab leads: one replication per collection, one push pipeline, one
// pull, one stream. It is opened with the lead and thrown away with it.

import { Lane } from '../feed/lane.ts';
import type { LaneHost } from '../feed/lane-host.ts';
import type { Page } from '../feed/page-in-hand.ts';
import { EventStream } from '../feed/stream.ts';
import type { Ledger } from '../outbox/ledger.ts';
import { PullRounds } from '../pull/rounds.ts';
import { PushCoordinator } from '../push/coordinator.ts';
import { complete } from './atomic.ts';
import { claimDevice } from './claim.ts';
import { History } from './history.ts';
import type { Identity } from './identity.ts';
import { Link, type ResyncOrder } from './link.ts';
import { Pending } from './pending.ts';
import type { Platform } from './platform.ts';
import { Receiving } from './receiving.ts';
import { Resync } from './resync.ts';
import { Retry, Waker } from './retry.ts';
import { replicate, watchWrites, type LocalCollection } from './rx.ts';
import type { Board, RequestKind } from './status.ts';
import { Timers } from './timers.ts';
import { followTriggers } from './triggers.ts';
import type { SyncOptions, Timing, Verified } from './types.ts';
import { verify } from './verify.ts';

/** How long after the last event a position that cost no write is kept. */
const SAVE_DELAY_MS = 5_000;

export interface SessionOptions {
  readonly options: SyncOptions;
  readonly platform: Platform;
  readonly timing: Timing;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly locals: ReadonlyMap<string, LocalCollection>;
  readonly board: Board;
  readonly learnOffset: (offsetMs: number) => void;
  readonly serverNowMs: () => number;
  /** Asks the ledger. After `false` nothing may be written any more. */
  readonly stillLeads: () => Promise<boolean>;
}

export class Session {
  readonly #with: SessionOptions;
  readonly #link: Link;
  readonly #waker: Waker;
  readonly #push: PushCoordinator;
  readonly #rounds: PullRounds;
  readonly #stream: EventStream;
  readonly #pending: Pending;
  readonly #resync: Resync;
  readonly #lanes: Lane[] = [];
  readonly #ends: (() => void)[] = [];
  readonly #receiving: Receiving;
  #announced: Promise<unknown> = Promise.resolve();
  readonly #history: History;
  readonly #timers: Timers;

  constructor(given: SessionOptions) {
    this.#with = given;
    const { platform, timing, options, ledger, identity } = given;
    this.#waker = new Waker(platform);
    this.#timers = new Timers(platform);
    this.#receiving = new Receiving(given.board);
    this.#pending = new Pending((change) => given.board.update(change));
    this.#history = new History(ledger, (error) => this.#fail(error));
    this.#link = new Link({
      platform,
      url: options.url,
      token: options.token,
      workspace: options.workspace,
      requestTimeoutMs: timing.requestTimeoutMs,
      learnOffset: given.learnOffset,
    });
    const link = this.#link;
    const stillLeads = (): Promise<boolean> => this.#stillLeads();
    this.#push = new PushCoordinator({
      platform,
      link,
      ledger,
      device: identity.device,
      announced: () => this.#announced,
      stillLeads,
      retry: this.#retry('push'),
      collectMs: timing.collectMs,
      serverNowMs: given.serverNowMs,
      history: this.#history,
      succeeded: () => this.#synced(),
      isPending: (key) => this.#pending.has(key),
      foreign: () => this.pullAll(),
      lanes: () => this.#lanes,
    });
    this.#rounds = new PullRounds({
      platform,
      link,
      stillLeads,
      restart: (order) => this.#restart(order),
      retry: this.#retry('pull'),
      lanes: () => this.#lanes,
      reached: (page) => this.#reached(page),
      failed: (failure) => this.#fail(new Error(failure.message)),
    });
    this.#resync = this.#makeResync();
    this.#stream = this.#makeStream();
  }

  /** Groups first: their documents may have been cut off by a crash. */
  open(): void {
    const { ledger, options, locals } = this.#with;
    ledger
      .groups()
      .then((groups) => complete({ ...options, locals }, groups))
      .catch((error: unknown) => this.#fail(error))
      .then(() => {
        if (!this.#link.isStopped) this.#begin();
      })
      .catch((error: unknown) => this.#fail(error));
  }

  #begin(): void {
    const { options, locals, platform, board, ledger, identity, timing } = this.#with;
    const link = this.#link;
    const stillLeads = (): Promise<boolean> => this.#stillLeads();
    const retry = this.#retry('push');
    const claimed = claimDevice({ platform, ledger, identity, link, retry, stillLeads });
    this.#announced = Promise.all([claimed, this.#history.recall()]);
    const pending = this.#pending;
    for (const collection of options.collections)
      this.#lanes.push(new Lane(collection, (lane) => this.#hostOf(lane)));
    for (const lane of this.#lanes) {
      const local = locals.get(lane.collection.name);
      if (local === undefined) throw new Error(`"${lane.collection.name}" is not open.`);
      this.#ends.push(watchWrites(local, (writes) => pending.wrote(lane.collection.name, writes)));
      const failed = (error: unknown): void => {
        lane.broke();
        this.#fail(error);
      };
      lane.port = replicate(
        local,
        { push: (rows) => lane.up.push(rows), pull: (stored) => lane.pull(stored), failed },
        lane.up.isOvertaken,
      );
    }
    const pullAll = (): void => this.pullAll();
    const parts = { platform, board, link, waker: this.#waker, timers: this.#timers, pullAll };
    this.#ends.push(followTriggers({ ...parts, idlePullMs: timing.idlePullMs }));
    this.#push.begin();
  }

  /** Tries everything at once; also after a log-in. */
  syncNow(): void {
    this.#waker.wake('now');
    this.pullAll();
  }

  pullAll(): void {
    for (const lane of this.#lanes) lane.pullSoon();
  }

  /** @throws {Error} where nothing could be compared. */
  verify(): Promise<readonly Verified[]> {
    const { platform, timing } = this.#with;
    return verify({
      platform,
      lanes: this.#lanes,
      link: this.#link,
      pending: this.#pending,
      patienceMs: timing.requestTimeoutMs,
    });
  }

  /** Ends requests, timers and replications. Nothing is written afterwards. */
  async close(): Promise<void> {
    this.#link.stop();
    this.#waker.stop();
    for (const end of this.#ends.splice(0)) end();
    this.#timers.end();
    // First the replications: RxDB takes what a handler gives after that for nothing.
    await Promise.all(this.#lanes.map(async ({ port }) => port?.cancel()));
    this.#push.release();
    this.#rounds.release();
    for (const lane of this.#lanes) lane.up.release();
  }

  #hostOf(lane: Lane): LaneHost {
    const link = this.#link;
    const pending = this.#pending;
    const { collection } = lane;
    return {
      page: () => this.#history.recall(lane.epoch).then(() => this.#rounds.page(lane)),
      send: (rows) => {
        pending.sending(collection.name, rows);
        return this.#push.send(collection, rows, lane);
      },
      settled: (rows) => pending.settled(collection.name, rows),
      expecting: (documents) => this.#receiving.expect(lane, documents),
      receiving: (documents) => this.#receiving.note(lane, documents),
      prepared: () => this.#resync.prepared(),
      whole: () => this.#resync.whole(lane),
      later: (failures, run) => {
        const { firstRetryMs, longestRetryMs } = this.#with.timing;
        const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 30));
        this.#timers.after(`repair ${collection.name}`, delayMs, run);
      },
      failed: (error) => this.#fail(error),
      get isStopped() {
        return link.isStopped;
      },
    };
  }

  #retry(kind: RequestKind): Retry {
    const { platform, timing, board } = this.#with;
    return new Retry(platform, timing, this.#waker, (trouble) => board.trouble(kind, trouble));
  }

  async #stillLeads(): Promise<boolean> {
    if (this.#link.isStopped) return false;
    const leads = await this.#with.stillLeads();
    if (!leads) this.#link.stop();
    return leads;
  }

  #reached(page: Page): void {
    // Who asks from the beginning is not told that what came before was lost.
    if (!this.#history.agrees(page.epoch)) return this.#restart({ reason: 'epoch', survives: 0 });
    this.#with.board.update({ started: true });
    this.#synced();
    this.#stream.start(page.checkpoint);
  }

  #restart(order: ResyncOrder): void {
    if (order.survives !== undefined) this.#history.turn();
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
    const pending = this.#pending;
    const { board, identity, timing } = this.#with;
    return new Resync({
      board,
      lanes: this.#lanes,
      device: identity.device,
      send: async (lane, rows) => {
        pending.sending(lane.collection.name, rows);
        const answers = await this.#push.send(lane.collection, rows, lane, 'again');
        pending.settled(lane.collection.name, rows);
        return answers !== undefined;
      },
      whole: () => this.#history.keep(),
      failed: (error) => this.#fail(error),
      pause: () => this.#waker.wait(timing.firstRetryMs),
      isStopped: () => this.#link.isStopped,
    });
  }

  #synced(): void {
    this.#with.board.update({ lastSyncedAtMs: this.#with.platform.now() });
  }

  #fail(error: unknown): void {
    if (this.#link.isStopped) return;
    const { platform, timing, board } = this.#with;
    board.failed(error, platform.now() + timing.firstRetryMs);
    this.#timers.after('forget', timing.longestRetryMs, () => board.trouble('local', undefined));
  }
}
