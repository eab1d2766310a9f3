// One push pipeline behind all collections' push handlers: collects their rows, sends one request at
// a time, and gives every handler the server's document for each of its rows. What moves it stands
// in machine.ts.

import type { Journal } from '../activity/journal.ts';
import type { Lane } from '../feed/lane.ts';
import type { Group } from '../outbox/group.ts';
import type { Ledger, Try } from '../outbox/ledger.ts';
import { keyOf } from '../outbox/key.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import type { History } from '../plugin/history.ts';
import { isLate, type Failure, type Link } from '../plugin/link.ts';
import type { Platform } from '../plugin/platform.ts';
import type { ResyncOrder } from '../plugin/problem.ts';
import type { Resync } from '../plugin/resync.ts';
import type { Retry } from '../plugin/retry.ts';
import { MAX_ROWS, type WireDocument } from '../protocol/index.ts';
import { REFUSED_BEFORE, TOO_LARGE, withoutServer, type Settled } from './answer.ts';
import { isTooLarge } from './batch.ts';
import { discardWhole } from './discarding.ts';
import { Discards } from './discards.ts';
import { alone, isIn, itemOf, renamed, requestOf, type Item, type Queued } from './item.ts';
import type { PushEvent, PushState } from './machine.ts';
import { Outcome } from './outcome.ts';
import { Pipeline } from './pipeline.ts';
import type { Sent } from './row.ts';
import { Selection, type Waiting } from './selection.ts';
import { isStarted, unitsOf, type Unit } from './units.ts';

export interface PushOptions {
  readonly platform: Platform;
  readonly link: Link;
  readonly retry: Retry;
  readonly ledger: Ledger;
  readonly outbox: LocalOutbox;
  readonly journal: Journal;
  readonly device: () => string;
  /** Resolves when the server has been told which device this is, and it is known what waits. */
  readonly announced: () => Promise<unknown>;
  readonly collectMs: number;
  readonly requestTimeoutMs: number;
  readonly serverNowMs: () => number;
  readonly history: Pick<History, 'named' | 'met' | 'isBetween'>;
  /** Whether this tab still leads; if not, nothing may be written. */
  readonly stillLeads: () => Promise<boolean>;
  readonly succeeded: () => void;
  /** The server has another history than the one named. */
  readonly foreign: (order: ResyncOrder) => void;
  readonly resync: () => Pick<Resync, 'madeWhole' | 'lacks' | 'holds' | 'judged'>;
  readonly lanes: () => readonly Lane[];
  readonly moved: (state: PushState) => void;
  /** Resolves when it is durable that these collections are received again. */
  readonly receiveAgain: (collections: readonly string[]) => Promise<void>;
}

export class PushCoordinator {
  readonly #options: PushOptions;
  readonly #queue = new Set<Queued>();
  readonly #pipeline: Pipeline;
  readonly #outcome: Outcome;
  readonly #selection: Selection;
  readonly #discards: Discards;
  readonly #ended: Promise<undefined>;
  #end = (): void => {};
  /** The request that is under way, or a refusal by this device. */
  #flight: Promise<unknown> | undefined;
  #place = 0;
  #maxRows = MAX_ROWS;

  constructor(options: PushOptions) {
    this.#options = options;
    this.#selection = new Selection(options);
    this.#outcome = new Outcome({
      ...options,
      postpone: (items) => this.#selection.postpone(items),
      settle: (item, settled) => this.#settle(item, settled),
      isLetGo: (op) => this.#discards.hasOperation(op),
      refusedHere: (tries) => this.#discards.recall(tries),
      ownChanges: (item) => this.#discards.ownChanges(item),
    });
    this.#discards = new Discards({
      ...options,
      opOf: (key) => options.outbox.opOf(key),
      isStarted: (name) => isStarted(this.#lanes().get(name)),
      hasEarlier: async (group) =>
        (await this.#unitsOf([group])).some(({ items }) => items.some((item) => !item.group)),
    });
    this.#pipeline = new Pipeline({
      ...options,
      step: () => this.#step(),
      hasWork: () => [...this.#queue].some(this.#selection.canGo),
    });
    this.#ended = new Promise((resolve) => {
      this.#end = () => resolve(undefined);
    });
  }

  /** Resolves when every row has its answer, or with nothing when the session has ended. */
  async send(
    lane: Lane,
    rows: readonly Sent[],
    turn: 'first' | 'again' = 'first',
  ): Promise<readonly WireDocument[] | undefined> {
    const device = this.#options.device();
    const answers = rows.map(
      (sent) =>
        new Promise<WireDocument>((settle) => {
          this.#place += 1;
          this.#queue.add({ ...itemOf(lane, sent, device), turn, place: this.#place, settle });
        }),
    );
    await Promise.race([this.#options.announced(), this.#ended]);
    // A copied device has another id by now.
    if (device !== this.#options.device()) this.#rename();
    this.#pipeline.start();
    return Promise.race([Promise.all(answers), this.#ended]);
  }

  /**
   * Groups that an earlier session has left are sent even if RxDB has nothing to push.
   *
   * @param tries what that session has noted, before the first row is handed over.
   */
  begin(tries: readonly Try[]): void {
    this.#discards.recall(tries);
    this.wake();
  }

  /** There may be groups that RxDB has no rows of. */
  wake(): void {
    Promise.race([this.#options.announced(), this.#ended]).then(
      () => this.#pipeline.start(),
      () => undefined,
    );
  }

  /**
   * Waiting operations that are never sent, with their groups; their documents go back.
   *
   * @throws {Error} with a sentence for people where that can't be.
   */
  async discard(ops: readonly string[]): Promise<void> {
    const held = await this.#discards.hold(ops, this.#options.outbox.keysOf(ops));
    try {
      // What is under way may be judged in a moment.
      await this.#flight;
      await discardWhole(ops, {
        ...this.#options,
        discards: this.#discards,
        queue: this.#queue,
        settleLetGo: () => this.#settleLetGo(),
        isLetGo: this.isLetGo,
      });
    } finally {
      held.end();
      this.wake();
    }
  }

  readonly isStuck = (): boolean => this.#selection.isStuck([...this.#queue]);
  readonly mustStay = (key: string, doc: WireDocument): boolean =>
    this.#selection.isClaimed(key) || this.isLetGo(doc);

  /** Documents of these rows have come to rest. */
  settled(lane: Lane, rows: readonly Sent[]): Promise<void> {
    const { name } = lane.collection;
    // A replication that was cancelled lets go of its rows and has not written their answers.
    const { link, outbox } = this.#options;
    if (link.isStopped) return Promise.resolve();
    const isAtRest = this.#queue.size === 0 && !this.#options.lanes().some(({ up }) => up.isBusy);
    if (outbox.size === 0 && isAtRest) return this.#discards.nothingWaits();
    return this.#discards.settled(rows, ({ id }) => outbox.has(keyOf(name, id)));
  }

  /** Lets all handlers go without an answer. Their replications must have been cancelled before. */
  release(): void {
    this.#queue.clear();
    this.#pipeline.stop();
    this.#end();
  }

  #rename(): void {
    const rows = [...this.#queue];
    this.#queue.clear();
    for (const row of rows) this.#queue.add(renamed(row, this.#options.device()));
  }

  async #step(): Promise<PushEvent | Failure> {
    const { ledger, outbox, stillLeads, device } = this.#options;
    this.#settleLetGo();
    // The queue first: the group of a row that stands in it is in the ledger by now.
    const queue = [...this.#queue];
    const all = await ledger.groups();
    const groups = all.filter(this.#discards.isOpen);
    outbox.grouped(groups);
    const lanes = this.#lanes();
    const open = this.#selection.meet(groups, lanes);
    if (open.length === 0 && !queue.some(this.#selection.canGo)) return 'empty';
    const units = this.#discards.withoutLetGo(await unitsOf(groups, lanes, queue, device()));
    // Recorded since, it may be in the documents that were read; let go then, it may not be any more.
    const known = new Set(groups.map(({ id }) => id));
    const now = units.length > 0 ? await ledger.groups() : all;
    if (now.some((group) => this.#discards.isOpen(group) && !known.has(group.id))) return 'held';
    const load = { queue: queue.filter((row) => !this.#isLetGo(row)), units };
    const building = this.#discards.buildingOnLetGo(load);
    const batch = building.length > 0 ? building : await this.#take(load);
    if (batch.length === 0) return 'held';
    if (!(await stillLeads())) return 'stop';
    // A person may have let go of some of it since it was chosen.
    if (batch.some((item) => this.#isLetGo(item))) return 'held';
    const tooLarge = batch.filter(({ bytes }) => isTooLarge(bytes));
    const why = building.length > 0 ? REFUSED_BEFORE : TOO_LARGE;
    const refused = building.length > 0 ? building : tooLarge;
    const flight =
      refused.length > 0 ? this.#outcome.refused(refused, units, why) : this.#request(batch, units);
    this.#flight = flight.catch(() => undefined);
    try {
      return await flight;
    } finally {
      this.#flight = undefined;
      outbox.flying([]);
    }
  }

  async #request(batch: readonly Item[], units: readonly Unit[]): Promise<PushEvent | Failure> {
    const { link, outbox, ledger, platform, stillLeads, journal, requestTimeoutMs } = this.#options;
    outbox.flying(batch);
    const fresh = units.filter(({ isFresh, items }) => isFresh && items.some(isIn(batch)));
    if (fresh.length > 0 && !(await ledger.freezeGroups(fresh.map(({ group }) => group))))
      return 'held';
    const startedAtMs = platform.now();
    const reply = await link.post('/api/sync/push', this.#body(batch));
    const latencyMs = Math.max(0, platform.now() - startedAtMs);
    if (link.isStopped || !(await stillLeads())) return 'stop';
    const outcome = reply.ok
      ? await this.#outcome.judged(batch, reply.value)
      : await this.#outcome.unanswered(batch, units, reply.failure);
    // What a slow network can't carry in time it carries in parts.
    if (outcome === 'smaller' || isLate(reply)) this.#maxRows = Math.ceil(batch.length / 2);
    if (reply.ok && outcome === 'judged') {
      this.#selection.passed();
      if (latencyMs < requestTimeoutMs / 4) this.#maxRows = Math.min(MAX_ROWS, this.#maxRows * 2);
      journal.sample({
        atMs: startedAtMs + latencyMs,
        kind: 'push',
        latencyMs,
        rows: batch.length,
      });
    }
    return outcome;
  }

  /** Where nothing but what the server stumbles at can go, what that keeps back goes before it. */
  async #take(load: Waiting): Promise<readonly Item[]> {
    const batch = this.#selection.take(load, this.#maxRows);
    if (batch.length === 0 || !batch.every(this.#selection.isPostponed)) return batch;
    // Rare; where it can't be loaded, the step is tried again.
    const { keptBack } = await import('./kept-back.ts');
    const found = await keptBack(load.queue, this.#selection.isClaimed, this.#options);
    const more = found.filter((row) => !this.#isLetGo(row) && !this.#discards.buildsOnLetGo(row));
    if (more.length === 0) return batch;
    return this.#selection.take({ ...load, queue: [...load.queue, ...more] }, this.#maxRows);
  }

  #unitsOf(groups: readonly Group[]): Promise<readonly Unit[]> {
    return unitsOf(groups, this.#lanes(), [...this.#queue], this.#options.device());
  }

  #lanes(): ReadonlyMap<string, Lane> {
    return new Map(this.#options.lanes().map((lane) => [lane.collection.name, lane]));
  }

  #body(batch: readonly Item[]): string {
    const { device, history, resync } = this.#options;
    const resyncing = history.isBetween ? resync().madeWhole : undefined;
    return requestOf(batch, { device: device(), epoch: history.named, resyncing });
  }

  /** What is given back to a restored server was the server's, whatever became of it here. */
  #isLetGo(item: Pick<Item, 'row' | 'key' | 'turn'>): boolean {
    return item.turn === 'first' && this.#discards.has(item);
  }

  /** Whether this state of a document was let go. */
  readonly isLetGo = (doc: WireDocument): boolean => this.#discards.hasDocument(doc);

  #settleLetGo(): void {
    for (const queued of this.#queue)
      if (queued.turn === 'first' && this.#discards.isDurable(queued.row.op))
        this.#settle(alone(queued), withoutServer(queued));
  }

  /** Gives a row's handlers their answer: the feed's, where RxDB ignored a later one meanwhile. */
  #settle({ waiting, lane, id }: Item, { state, rev }: Settled): void {
    for (const queued of waiting) {
      this.#queue.delete(queued);
      queued.settle(lane.up.overtaking(id, rev) ?? state);
    }
  }
}
