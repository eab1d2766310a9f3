// One pull request for all collections that want pages, again and again until each has its last.

import type { Lane } from '../feed/lane.ts';
import type { Page } from '../feed/page-in-hand.ts';
import type { Journal } from '../activity/journal.ts';
import { isRecord, isRecordList } from '../plugin/check.ts';
import { local, SENSELESS, type Failure, type Link } from '../plugin/link.ts';
import type { Platform } from '../plugin/platform.ts';
import type { ResyncOrder } from '../plugin/problem.ts';
import type { Retry } from '../plugin/retry.ts';
import { versionsOf, type PullResponse } from '../protocol/index.ts';

/** At start RxDB opens its stores first, and one request shall do for all collections. */
const FIRST_WINDOW_MS = 2_000;
const WINDOW_MS = 20;

export interface PullOptions {
  readonly platform: Platform;
  readonly link: Link;
  readonly retry: Retry;
  readonly lanes: () => readonly Lane[];
  readonly stillLeads: () => Promise<boolean>;
  /** The server can't go on from these checkpoints (410). */
  readonly restart: (order: ResyncOrder) => void;
  /** Whether the server has the history that is followed. */
  readonly isOurs: (epoch: string) => boolean;
  /** A collection has reached the end of its pull; the checkpoint stands for `upTo`. */
  readonly reached: (page: Page) => void;
  readonly journal: Pick<Journal, 'sample'>;
}

interface Asked {
  /** The lane's, when it asked. */
  readonly generation: number;
  readonly resolve: (page: Page | undefined) => void;
}

export class PullRounds {
  readonly #options: PullOptions;
  readonly #waiting = new Map<Lane, Asked>();
  #isRunning = false;
  #isFirst = true;
  #openWindow: (() => void) | undefined;

  constructor(options: PullOptions) {
    this.#options = options;
  }

  /** The lane's next page; nothing when the session or that generation of the lane has ended. */
  page(lane: Lane, generation: number): Promise<Page | undefined> {
    if (this.#options.link.isStopped) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting.set(lane, { generation, resolve });
      if (this.#haveAllAsked()) this.#openWindow?.();
      this.#start();
    });
  }

  release(): void {
    this.#openWindow?.();
    for (const { resolve } of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }

  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { link, retry } = this.#options;
    while (this.#waiting.size > 0 && !link.isStopped) {
      await this.#window();
      // The ledger could not be read, say.
      const failure = await this.#pullOnce().catch(local);
      if (failure !== undefined && !link.isStopped) await retry.pause(failure);
    }
    this.#isRunning = false;
  }

  /** Those that are in the middle of a round are soon back; so are all, when all were asked. */
  #haveAllAsked(): boolean {
    const lanes = this.#options.lanes();
    const paging = lanes.filter((lane) => lane.upTo !== undefined);
    const expected = paging.length > 0 ? paging : lanes;
    return expected.every((lane) => this.#waiting.has(lane));
  }

  async #window(): Promise<void> {
    if (this.#haveAllAsked()) return;
    await new Promise<void>((resolve) => {
      const windowMs = this.#isFirst ? FIRST_WINDOW_MS : WINDOW_MS;
      const timer = this.#options.platform.after(windowMs, () => this.#openWindow?.());
      this.#openWindow = () => {
        timer();
        this.#openWindow = undefined;
        resolve();
      };
    });
  }

  /** Without a page the lane asks again from where it stands then. */
  #answer(lane: Lane, page: Page | undefined): void {
    const asked = this.#waiting.get(lane);
    this.#waiting.delete(lane);
    asked?.resolve(page);
  }

  /** Whether it was sent back to the beginning since it asked. */
  #isStale(lane: Lane): boolean {
    return this.#waiting.get(lane)?.generation !== lane.generation;
  }

  /** Who waited for the network meanwhile, say, asks from there when it is ready for that. */
  #dropStale(): void {
    for (const lane of this.#waiting.keys()) if (this.#isStale(lane)) this.#answer(lane, undefined);
  }

  #measure(startedAtMs: number, { collections }: PullResponse): void {
    const atMs = this.#options.platform.now();
    const rows = Object.values(collections).reduce((sum, page) => sum + page.documents.length, 0);
    const latencyMs = Math.max(0, atMs - startedAtMs);
    this.#options.journal.sample({ atMs, kind: 'pull', latencyMs, rows });
  }

  async #pullOnce(): Promise<Failure | undefined> {
    const { link, retry, stillLeads, restart, isOurs, reached } = this.#options;
    this.#dropStale();
    const first = this.#waiting.keys().next().value;
    if (first === undefined) return undefined;
    const { upTo } = first;
    // A round's later pages share its bound; who begins gets a new one.
    const lanes = [...this.#waiting.keys()].filter((lane) => lane.upTo === upTo);
    const hadCheckpoint = lanes.some((lane) => lane.checkpoint !== null);
    this.#isFirst = false;
    const startedAtMs = this.#options.platform.now();
    const reply = await link.post(
      '/api/sync/pull',
      JSON.stringify({
        collections: Object.fromEntries(
          lanes.map((lane) => [lane.collection.name, lane.checkpoint]),
        ),
        schema: versionsOf(lanes.map(({ collection }) => collection)),
        ...(upTo === undefined ? {} : { upTo }),
      }),
    );
    if (link.isStopped || !(await stillLeads())) return undefined;
    if (!reply.ok) {
      const { failure } = reply;
      if (failure.kind !== 'refused' || failure.resync === undefined) return failure;
      // The stream may have found out first.
      if (!lanes.every((lane) => this.#isStale(lane))) restart(failure.resync);
      for (const lane of this.#waiting.keys()) this.#answer(lane, undefined);
      return hadCheckpoint ? undefined : failure;
    }
    const response = parsePullResponse(reply.value, lanes);
    if (response === undefined) return SENSELESS;
    retry.succeeded();
    this.#measure(startedAtMs, response);
    const { epoch } = response;
    // Who asks from the beginning is not told that what came before was lost: that is found out
    // before a page is taken, whose documents may be older than what is here.
    if (!lanes.every((lane) => this.#isStale(lane)) && !isOurs(epoch))
      restart({ reason: 'epoch', survives: 0, epoch });
    for (const lane of lanes) {
      const page = response.collections[lane.collection.name];
      if (page === undefined || !this.#waiting.has(lane)) continue;
      const whole = { ...page, epoch, upTo: response.upTo };
      const isStale = this.#isStale(lane);
      this.#answer(lane, isStale ? undefined : whole);
      if (!isStale && !page.more) reached(whole);
    }
    return undefined;
  }
}

function parsePullResponse(value: unknown, lanes: readonly Lane[]): PullResponse | undefined {
  if (!isRecord(value)) return undefined;
  const { collections, epoch, upTo } = value;
  if (!isRecord(collections) || typeof epoch !== 'string' || typeof upTo !== 'number')
    return undefined;
  const fits = lanes.every(({ collection }) => {
    const page = collections[collection.name];
    return (
      isRecord(page) &&
      isRecordList(page['documents']) &&
      typeof page['checkpoint'] === 'string' &&
      typeof page['more'] === 'boolean'
    );
  });
  return fits ? (value as unknown as PullResponse) : undefined;
}
