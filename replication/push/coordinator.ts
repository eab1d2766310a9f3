// One push pipeline behind all collections' push handlers: collects their rows, sends one request at
// a time, and gives every handler the server's document for each of its rows.

import type { Collection } from '../../schemas/index.ts';
import type { Lane } from '../feed/lane.ts';
import type { Group } from '../outbox/group.ts';
import type { Ledger } from '../outbox/ledger.ts';
import { messageOf } from '../plugin/check.ts';
import type { History } from '../plugin/history.ts';
import type { Failure, Link } from '../plugin/link.ts';
import type { Platform } from '../plugin/platform.ts';
import type { Retry } from '../plugin/retry.ts';
import type { PushResponse, PushResult, WireDocument } from '../protocol/index.ts';
import { MAX_ROWS, versionsOf } from '../protocol/index.ts';
import {
  parsePushResponse,
  refusalOf,
  stateAfter,
  TOO_LARGE,
  withoutServer,
  type Settled,
} from './answer.ts';
import { isTooLarge, takeBatch } from './batch.ts';
import { itemOf, type Item, type Queued } from './item.ts';
import { keyOf } from './order.ts';
import type { Sent } from './row.ts';
import { isSendable, keyOfMember, unitsOf, type Unit } from './units.ts';

/** How long a row waits for a document it refers to, which RxDB has yet to hand over. */
const REFERENCE_WAIT_MS = 1_000;
/** How long a group does; no row waits for it meanwhile but for so long. */
const GROUP_WAIT_MS = 60_000;

export interface PushOptions {
  readonly platform: Platform;
  readonly link: Link;
  readonly retry: Retry;
  readonly ledger: Ledger;
  readonly device: () => string;
  /** Resolves when the server has been told which device this is. */
  readonly announced: () => Promise<unknown>;
  readonly collectMs: number;
  readonly serverNowMs: () => number;
  readonly history: Pick<History, 'epoch' | 'met'>;
  /** Whether this tab still leads; if not, nothing may be written. */
  readonly stillLeads: () => Promise<boolean>;
  readonly succeeded: () => void;
  /** Whether a document has changes that are not judged, handed over or not. */
  readonly isPending: (key: string) => boolean;
  /** The server has another history than the one named: a pull finds out more. */
  readonly foreign: () => void;
  readonly lanes: () => readonly Lane[];
}

interface Answered {
  readonly item: Item;
  readonly result: PushResult;
}

export class PushCoordinator {
  readonly #options: PushOptions;
  readonly #queue = new Set<Queued>();
  readonly #ended: Promise<undefined>;
  #end = (): void => {};
  #isRunning = false;
  #place = 0;
  #maxRows = MAX_ROWS;
  /** Of refused groups: RxDB still hands their rows over, which are no news then. */
  readonly #refusedOps = new Set<string>();
  /** When each open group was first met. */
  readonly #metAtMs = new Map<string, number>();

  constructor(options: PushOptions) {
    this.#options = options;
    this.#ended = new Promise((resolve) => {
      this.#end = () => resolve(undefined);
    });
  }

  /** Resolves when every row has its answer, or with nothing when the session has ended. */
  async send(
    collection: Collection,
    rows: readonly Sent[],
    lane: Lane,
    turn: 'first' | 'again' = 'first',
  ): Promise<readonly WireDocument[] | undefined> {
    await Promise.race([this.#options.announced(), this.#ended]);
    const answers = rows.map(
      (sent) =>
        new Promise<WireDocument>((settle) => {
          this.#place += 1;
          this.#queue.add({
            ...itemOf(collection, lane, sent, this.#options.device()),
            turn,
            place: this.#place,
            queuedAtMs: this.#options.platform.now(),
            settle,
          });
        }),
    );
    this.#start();
    return Promise.race([Promise.all(answers), this.#ended]);
  }

  /** Groups that an earlier session has left are sent even if RxDB has nothing to push. */
  begin(): void {
    Promise.race([this.#options.announced(), this.#ended]).then(
      () => this.#start(),
      () => undefined,
    );
  }

  /** Lets all handlers go without an answer. Their replications must have been cancelled before. */
  release(): void {
    this.#queue.clear();
    this.#end();
  }

  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#run().catch((error: unknown) => {
      // Reached only by a defect; the rows are still queued and go with the next write.
      this.#isRunning = false;
      const failure: Failure = { kind: 'unreachable', message: messageOf(error) };
      return this.#options.retry.pause(failure).then(() => this.#start());
    });
  }

  async #run(): Promise<void> {
    const { link, retry, ledger } = this.#options;
    await this.#collect();
    while (!link.isStopped) {
      // The queue first: the group of a row that stands in it is in the ledger by now.
      const queue = [...this.#queue];
      const groups = await ledger.groups();
      const lanes = this.#lanes();
      if (this.#queue.size === 0 && !groups.some((group) => isSendable(group, lanes))) break;
      const failure = await this.#sendOnce(queue, groups, lanes);
      if (failure !== undefined && !link.isStopped) await retry.pause(failure);
    }
    this.#isRunning = false;
  }

  #lanes(): ReadonlyMap<string, Lane> {
    return new Map(this.#options.lanes().map((lane) => [lane.collection.name, lane]));
  }

  #collect(): Promise<void> {
    return new Promise((done) => this.#options.platform.after(this.#options.collectMs, done));
  }

  async #sendOnce(
    queue: readonly Queued[],
    groups: readonly Group[],
    lanes: ReadonlyMap<string, Lane>,
  ): Promise<Failure | undefined> {
    const { link, retry, succeeded, stillLeads, foreign, ledger, device } = this.#options;
    const units = await unitsOf(groups, lanes, queue, device());
    const batch = this.#take(queue, groups, units);
    if (batch.length === 0) {
      await this.#collect();
      return undefined;
    }
    const tooLarge = batch.filter(({ bytes }) => isTooLarge(bytes));
    if (tooLarge.length > 0) return this.#refuse(tooLarge, units);
    if (!(await stillLeads())) return undefined;
    const fresh = units.filter(({ isFresh, items }) => isFresh && items.some(isIn(batch)));
    if (fresh.length > 0) await ledger.freezeGroups(fresh.map(({ group }) => group));
    const reply = await link.post('/api/sync/push', this.#body(batch));
    if (link.isStopped || !(await stillLeads())) return undefined;
    if (!reply.ok) {
      const status = reply.failure.kind === 'refused' ? reply.failure.status : 0;
      if (status === 410) foreign();
      if (status !== 413) return reply.failure;
      const isWhole = units.some(({ items }) => batch.every(isIn(items)));
      if (batch.length === 1 || isWhole) return this.#refuse(batch, units);
      this.#maxRows = Math.ceil(batch.length / 2);
      return undefined;
    }
    const response = parsePushResponse(reply.value, batch);
    if (response === undefined)
      return { kind: 'unreachable', message: 'The server sent an answer that makes no sense.' };
    await this.#options.history.met(response.epoch);
    await this.#settle(batch, response);
    this.#maxRows = Math.min(MAX_ROWS, this.#maxRows * 2);
    retry.succeeded();
    succeeded();
    return undefined;
  }

  /** As many rows as one request may hold. */
  #take(
    queue: readonly Queued[],
    groups: readonly Group[],
    units: readonly Unit[],
  ): readonly Item[] {
    const claimed = new Set(groups.flatMap(({ members }) => members.map(keyOfMember)));
    const queued = new Set(queue.map(({ key }) => key));
    return takeBatch({
      queue,
      units,
      claimed,
      maxRows: this.#maxRows,
      mustWait: (item, isSent) =>
        this.#mustWait(item, (key) => (claimed.has(key) ? isSent(key) : queued.has(key))),
    });
  }

  /**
   * RxDB hands over one batch of a collection at a time, so what a row refers to may be unsent and
   * not here. The wait is bounded: two batches may refer to each other's successors.
   */
  #mustWait(item: Item | Queued, isHere: (key: string) => boolean): boolean {
    const nowMs = this.#options.platform.now();
    const sinceMs = 'queuedAtMs' in item ? item.queuedAtMs : this.#metMs(item.group, nowMs);
    const patienceMs = 'queuedAtMs' in item ? REFERENCE_WAIT_MS : GROUP_WAIT_MS;
    if (nowMs - sinceMs > patienceMs) return false;
    return Object.entries(item.collection.references).some(([field, target]) => {
      const id = item.doc[field];
      if (typeof id !== 'string') return false;
      const key = keyOf(target, id);
      return this.#options.isPending(key) && !isHere(key);
    });
  }

  #metMs(group: Group | undefined, nowMs: number): number {
    if (group === undefined) return nowMs;
    const met = this.#metAtMs.get(group.id) ?? nowMs;
    this.#metAtMs.set(group.id, met);
    return met;
  }

  #body(batch: readonly Item[]): string {
    const { epoch } = this.#options.history;
    const schema = versionsOf(batch.map(({ collection }) => collection));
    const head = JSON.stringify({
      device: this.#options.device(),
      ...(epoch === undefined ? {} : { epoch }),
      schema,
    });
    return `${head.slice(0, -1)},"rows":[${batch.map(({ text }) => text).join(',')}]}`;
  }

  /** Verdicts and refused versions are stored first; only then do the documents go back. */
  async #settle(batch: readonly Item[], response: PushResponse): Promise<void> {
    const answered = batch.map((item, index) => {
      const result = response.results[index];
      if (result === undefined) throw new Error('A result is missing.');
      return { item, result };
    });
    await this.#judged(answered);
    for (const { item, result } of answered) this.#letGo(item, stateAfter(item, result, response));
  }

  async #judged(answered: readonly Answered[]): Promise<void> {
    const refusedAtMs = this.#options.serverNowMs();
    const refused = answered.flatMap(({ item, result }) => {
      const refusal = refusalOf(item, result, refusedAtMs);
      // That somebody else was faster says nothing about what has its verdict long since.
      const isNews = item.turn === 'first' || refusal?.verdict === 'rejected';
      return refusal === undefined || !isNews || this.#refusedOps.has(refusal.op) ? [] : [refusal];
    });
    const groups = new Set(answered.flatMap(({ item }) => item.group?.id ?? []));
    if (groups.size + refused.length === 0) return;
    await this.#options.ledger.judged({ groups: [...groups], refused });
    for (const { group, op } of refused) if (group !== undefined) this.#refusedOps.add(op);
  }

  /** The feed may have brought a later version, which RxDB ignored while this row was under way. */
  #letGo({ waiting, lane, id }: Item, { state, rev }: Settled): void {
    for (const queued of waiting) {
      this.#queue.delete(queued);
      queued.settle(lane.up.overtaking(id, rev) ?? state);
    }
  }

  /** What no request can carry goes back to what the server has; a group as a whole. */
  async #refuse(items: readonly Item[], all: readonly Unit[]): Promise<undefined> {
    const units = all.filter((unit) => items.some(isIn(unit.items)));
    const rows = items.filter((item) => !units.some((unit) => unit.items.includes(item)));
    const members = units.flatMap((unit) => unit.items.filter(({ group }) => group !== undefined));
    const answered = [...rows, ...members].map((item) => ({
      item,
      result: { op: item.row.op, ...TOO_LARGE },
    }));
    await this.#judged(answered);
    for (const { item } of answered) this.#letGo(item, withoutServer(item));
    return undefined;
  }
}

const isIn =
  (items: readonly Item[]) =>
  (item: Item): boolean =>
    items.includes(item);
