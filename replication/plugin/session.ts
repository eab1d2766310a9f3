// Everything that runs while this tab leads: one replication per collection, one push pipeline, one
// pull, one stream. It is opened with the lead and thrown away with it.

import type { Collection } from '../../schemas/index.ts';
import type { LaneHost } from '../feed/lane-host.ts';
import { Lane } from '../feed/lane.ts';
import type { Page } from '../feed/page-in-hand.ts';
import { EventStream } from '../feed/stream.ts';
import type { Ledger } from '../outbox/ledger.ts';
import type { DeviceId } from '../protocol/index.ts';
import { PullRounds } from '../pull/rounds.ts';
import { PushCoordinator } from '../push/coordinator.ts';
import { Link } from './link.ts';
import { Pending } from './pending.ts';
import type { Platform } from './platform.ts';
import { Retry, Waker } from './retry.ts';
import { replicate, watchWrites, type LocalCollection, type Replication } from './rx.ts';
import type { Board, RequestKind } from './status.ts';
import type { SyncOptions, Timing } from './types.ts';

/** How long after the last event a position that cost no write is kept. */
const SAVE_DELAY_MS = 5_000;
const WAKE_COOLDOWN_MS = 5_000;

export interface SessionOptions {
  readonly options: SyncOptions;
  readonly platform: Platform;
  readonly timing: Timing;
  readonly ledger: Ledger;
  readonly device: DeviceId;
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
  readonly #lanes: Lane[] = [];
  readonly #ports: Replication[] = [];
  readonly #ends: (() => void)[] = [];
  readonly #receiving = new Set<Lane>();
  #expected = 0;
  #received = 0;
  #epoch: string | undefined;
  #lastWakeMs = Number.NEGATIVE_INFINITY;
  #timers = new Map<string, () => void>();

  constructor(given: SessionOptions) {
    this.#with = given;
    const { platform, timing, options, ledger, device } = given;
    this.#waker = new Waker(platform);
    this.#pending = new Pending((change) => given.board.update(change));
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
    const restart = (): void => this.#restart();
    this.#push = new PushCoordinator({
      platform,
      link,
      ledger,
      device,
      stillLeads,
      retry: this.#retry('push'),
      collectMs: timing.collectMs,
      serverNowMs: given.serverNowMs,
      epoch: () => this.#epoch,
      succeeded: () => this.#synced(),
      isPending: (key) => this.#pending.has(key),
      foreign: restart,
    });
    this.#rounds = new PullRounds({
      platform,
      link,
      stillLeads,
      restart,
      retry: this.#retry('pull'),
      lanes: () => this.#lanes,
      reached: (page) => this.#reached(page),
      failed: (failure) => this.#fail(new Error(failure.message)),
    });
    this.#stream = new EventStream({
      platform,
      link,
      stillLeads,
      restart,
      retry: this.#retry('stream'),
      waker: this.#waker,
      collections: options.collections.map(({ name }) => name),
      silenceMs: timing.streamSilenceMs,
      firstRetryMs: timing.firstRetryMs,
      apply: (event) => {
        for (const lane of this.#lanes) lane.accept(event, this.#epoch ?? '');
        this.#synced();
        this.#after('save', SAVE_DELAY_MS, () => this.#save());
      },
      pullAll: () => this.pullAll(),
    });
  }

  /** Starts the replications; requests follow from there. */
  open(): void {
    const { options, locals, platform, board } = this.#with;
    const pending = this.#pending;
    const host = this.#host();
    for (const collection of options.collections) {
      const local = locals.get(collection.name);
      if (local === undefined) throw new Error(`"${collection.name}" is not open.`);
      this.#lanes.push(new Lane(collection, host));
    }
    for (const lane of this.#lanes) {
      const local = locals.get(lane.collection.name);
      if (local === undefined) continue;
      this.#ends.push(watchWrites(local, (writes) => pending.wrote(lane.collection.name, writes)));
      const failed = (error: unknown): void => {
        lane.broke();
        this.#fail(error);
      };
      const port = replicate(
        local,
        { push: (rows) => lane.push(rows), pull: (stored) => lane.pull(stored), failed },
        lane.isOvertaken,
      );
      this.#ports.push(port);
      lane.run(port);
    }
    board.update({ online: platform.online() });
    this.#ends.push(platform.onWake((why) => this.#woken(why)));
    this.#idleLater();
  }

  /** Tries everything at once; also after a log-in. */
  syncNow(): void {
    this.#waker.wake('now');
    this.pullAll();
  }

  pullAll(): void {
    for (const lane of this.#lanes) lane.pullSoon();
  }

  /** Ends requests, timers and replications. Nothing is written afterwards. */
  async close(): Promise<void> {
    this.#link.stop();
    this.#waker.stop();
    for (const end of this.#ends.splice(0)) end();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    // First the replications: RxDB takes what a handler gives after that for nothing.
    await Promise.all(this.#ports.map((port) => port.cancel()));
    this.#push.release();
    this.#rounds.release();
    for (const lane of this.#lanes) lane.release();
  }

  #host(): LaneHost<Lane> {
    const link = this.#link;
    const pending = this.#pending;
    return {
      page: (lane) => {
        this.#epoch ??= lane.epoch;
        return this.#rounds.page(lane);
      },
      send: (collection: Collection, rows, lane) => {
        pending.sending(collection.name, rows);
        return this.#push.send(collection, rows, lane);
      },
      settled: (collection, rows) => pending.settled(collection.name, rows),
      expecting: (lane, documents) => this.#expect(lane, documents),
      receiving: (lane, documents) => this.#receive(lane, documents),
      later: (lane, failures, run) => {
        const { firstRetryMs, longestRetryMs } = this.#with.timing;
        const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 30));
        this.#after(`repair ${lane.collection.name}`, delayMs, run);
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
    this.#epoch = page.epoch;
    this.#with.board.update({ started: true });
    this.#synced();
    this.#stream.start(page.checkpoint);
  }

  /** Positions are useless: from the beginning. Unsent work stays where it is. */
  #restart(): void {
    this.#epoch = undefined;
    this.#stream.reset();
    for (const lane of this.#lanes) lane.restart();
  }

  #expect(lane: Lane, documents: number): void {
    if (documents === 0) return;
    this.#receiving.add(lane);
    this.#expected += documents;
    this.#showReceived();
  }

  #showReceived(): void {
    const receiving = this.#receiving.size > 0;
    const [received, expected] = [this.#received, this.#expected];
    this.#with.board.update({ receiving, received, expected });
  }

  #receive(lane: Lane, documents: number): void {
    if (documents > 0) this.#receiving.add(lane);
    else this.#receiving.delete(lane);
    const isOver = this.#receiving.size === 0;
    this.#received = isOver ? 0 : this.#received + documents;
    if (isOver) this.#expected = 0;
    this.#showReceived();
  }

  #synced(): void {
    this.#with.board.update({ lastSyncedAtMs: this.#with.platform.now() });
  }

  #fail(error: unknown): void {
    if (this.#link.isStopped) return;
    const { platform, timing, board } = this.#with;
    board.failed(error, platform.now() + timing.firstRetryMs);
    this.#after('forget', timing.longestRetryMs, () => board.trouble('local', undefined));
  }

  #woken(why: 'online' | 'offline' | 'visible'): void {
    const { platform, board } = this.#with;
    board.update({ online: platform.online() });
    if (why === 'offline') {
      this.#link.cut();
      return;
    }
    this.#waker.wake('network');
    const nowMs = platform.now();
    if (nowMs - this.#lastWakeMs < WAKE_COOLDOWN_MS) return;
    this.#lastWakeMs = nowMs;
    this.pullAll();
  }

  #idleLater(): void {
    this.#after('idle', this.#with.timing.idlePullMs, () => {
      this.pullAll();
      this.#idleLater();
    });
  }

  #save(): void {
    for (const lane of this.#lanes) lane.save().catch((error: unknown) => this.#fail(error));
  }

  /** One timer of each name; a second call while it runs changes nothing. */
  #after(name: string, delayMs: number, run: () => void): void {
    if (this.#timers.has(name) || this.#link.isStopped) return;
    const cancel = this.#with.platform.after(delayMs, () => {
      this.#timers.delete(name);
      run();
    });
    this.#timers.set(name, cancel);
  }
}
