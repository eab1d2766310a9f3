// One push pipeline behind all collections' push handlers: collects their rows, sends one request at
// a time, and gives every handler the server's document for each of its rows.

import type { Collection } from '../../schemas/index.ts';
import type { Lane } from '../feed/lane.ts';
import type { Ledger, RefusedWrite } from '../outbox/ledger.ts';
import { messageOf } from '../plugin/check.ts';
import type { History } from '../plugin/history.ts';
import type { Failure, Link } from '../plugin/link.ts';
import type { Platform } from '../plugin/platform.ts';
import type { Retry } from '../plugin/retry.ts';
import {
  MAX_BODY_BYTES,
  MAX_ROWS,
  type PushResponse,
  type PushRow,
  type WireDocument,
} from '../protocol/index.ts';
import { parsePushResponse, refusalOf, settledState, TOO_LARGE, withdrawn } from './answer.ts';
import { inSendingOrder, keyOf } from './order.ts';
import { rowOf, sizeOf, type Sent } from './row.ts';

/** Room for what stands around the rows: device, epoch, schema versions, commas. */
const ENVELOPE_BYTES = 16 * 1024;
/** How long a row waits for a document it refers to, which RxDB has yet to hand over. */
const REFERENCE_WAIT_MS = 1_000;

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
}

interface Queued {
  readonly collection: Collection;
  readonly lane: Lane;
  readonly id: string;
  readonly doc: WireDocument;
  readonly assumed: WireDocument | undefined;
  readonly row: PushRow;
  readonly text: string;
  readonly bytes: number;
  readonly place: number;
  readonly queuedAtMs: number;
  /** `again`: it had its verdict once, from a server that has lost it. */
  readonly turn: 'first' | 'again';
  readonly settle: (state: WireDocument) => void;
}

export class PushCoordinator {
  readonly #options: PushOptions;
  readonly #queue = new Set<Queued>();
  readonly #ended: Promise<undefined>;
  #end = (): void => {};
  #isRunning = false;
  #place = 0;
  #maxRows = MAX_ROWS;

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
          const row = rowOf(collection, sent, this.#options.device());
          const text = JSON.stringify(row);
          this.#place += 1;
          const place = this.#place;
          const queuedAtMs = this.#options.platform.now();
          const bytes = sizeOf(text);
          this.#queue.add({
            ...sent,
            collection,
            lane,
            row,
            text,
            bytes,
            place,
            queuedAtMs,
            turn,
            settle,
          });
        }),
    );
    this.#start();
    return Promise.race([Promise.all(answers), this.#ended]);
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
    const { link, retry } = this.#options;
    await this.#collect();
    while (this.#queue.size > 0 && !link.isStopped) {
      const failure = await this.#sendOnce();
      if (failure !== undefined && !link.isStopped) await retry.pause(failure);
    }
    this.#isRunning = false;
  }

  #collect(): Promise<void> {
    const { platform, collectMs } = this.#options;
    return new Promise((resolve) => platform.after(collectMs, resolve));
  }

  async #sendOnce(): Promise<Failure | undefined> {
    const { link, retry, succeeded, stillLeads, foreign } = this.#options;
    const batch = this.#take();
    if (batch.length === 0) {
      await this.#collect();
      return undefined;
    }
    const tooLarge = batch.filter(isTooLarge);
    if (tooLarge.length > 0) return this.#refuse(tooLarge);
    const reply = await link.post('/api/sync/push', this.#body(batch));
    if (link.isStopped || !(await stillLeads())) return undefined;
    if (!reply.ok) {
      const status = reply.failure.kind === 'refused' ? reply.failure.status : 0;
      if (status === 410) foreign();
      if (status !== 413) return reply.failure;
      if (batch.length === 1) return this.#refuse(batch);
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

  /** As many rows as one request may hold, at most one of each document. */
  #take(): readonly Queued[] {
    const batch: Queued[] = [];
    const keys = new Set<string>();
    let bytes = ENVELOPE_BYTES;
    const queue = [...this.#queue];
    const queuedKeys = new Set(queue.map(({ collection, id }) => keyOf(collection.name, id)));
    const ready = queue.filter((queued) => !this.#mustWait(queued, queuedKeys));
    for (const queued of inSendingOrder(ready)) {
      const key = keyOf(queued.collection.name, queued.id);
      if (keys.has(key)) continue;
      const fits = bytes + queued.bytes + 1 <= MAX_BODY_BYTES && batch.length < this.#maxRows;
      if (!fits && batch.length > 0) {
        if (isTooLarge(queued)) continue;
        break;
      }
      batch.push(queued);
      keys.add(key);
      bytes += queued.bytes + 1;
      if (!fits) break;
    }
    return batch;
  }

  /**
   * RxDB hands over one batch of a collection at a time, so what a row refers to may be unsent and
   * not here. The wait is bounded: two batches may refer to each other's successors.
   */
  #mustWait({ collection, doc, queuedAtMs }: Queued, queuedKeys: ReadonlySet<string>): boolean {
    const { platform, isPending } = this.#options;
    if (platform.now() - queuedAtMs > REFERENCE_WAIT_MS) return false;
    return Object.entries(collection.references).some(([field, target]) => {
      const id = doc[field];
      if (typeof id !== 'string') return false;
      const key = keyOf(target, id);
      return isPending(key) && !queuedKeys.has(key);
    });
  }

  #body(batch: readonly Queued[]): string {
    const { epoch } = this.#options.history;
    const schema = Object.fromEntries(
      batch.map(({ collection }) => [collection.name, collection.version]),
    );
    const head = JSON.stringify({
      device: this.#options.device(),
      ...(epoch === undefined ? {} : { epoch }),
      schema,
    });
    return `${head.slice(0, -1)},"rows":[${batch.map(({ text }) => text).join(',')}]}`;
  }

  /** Refused versions are stored first; only then do the documents go back. */
  async #settle(batch: readonly Queued[], response: PushResponse): Promise<void> {
    const refusedAtMs = this.#options.serverNowMs();
    const refused: RefusedWrite[] = [];
    const states = batch.map((queued, index) => {
      const result = response.results[index];
      if (result === undefined) throw new Error('A result is missing.');
      const refusal = refusalOf(queued.row, queued.id, result, refusedAtMs);
      // That somebody else was faster says nothing about what has its verdict long since.
      const isNews = queued.turn === 'first' || refusal?.verdict === 'rejected';
      if (refusal !== undefined && isNews) refused.push(refusal);
      const isGone = result.doc === undefined && refusal !== undefined;
      // A server that refuses an edit without saying how the document stands does not know it by
      // that name: it is no reason to let go of what it gave us once.
      const { row, assumed } = queued;
      if (
        isGone &&
        result.verdict === 'rejected' &&
        row.base !== undefined &&
        assumed !== undefined
      )
        return { state: assumed, rev: assumed.rev ?? 0 };
      const state = settledState(row, result, response);
      return { state, rev: isGone ? response.head : (state.rev ?? 0) };
    });
    if (refused.length > 0) await this.#options.ledger.putRefused(refused);
    for (const [index, queued] of batch.entries()) {
      const settled = states[index];
      if (settled === undefined) continue;
      this.#queue.delete(queued);
      // The feed may have brought a later version, which RxDB ignored while this row was under way.
      queued.settle(queued.lane.up.overtaking(queued.id, settled.rev) ?? settled.state);
    }
  }

  /** Rows that no request can carry go back to what the server has. */
  async #refuse(batch: readonly Queued[]): Promise<undefined> {
    const refusedAtMs = this.#options.serverNowMs();
    const refused = batch.flatMap((queued) => {
      const result = { op: queued.row.op, ...TOO_LARGE };
      return refusalOf(queued.row, queued.id, result, refusedAtMs) ?? [];
    });
    await this.#options.ledger.putRefused(refused);
    for (const queued of batch) {
      this.#queue.delete(queued);
      const known = queued.row.base === undefined ? undefined : queued.assumed;
      queued.settle(known ?? withdrawn(queued.doc));
    }
    return undefined;
  }
}

const isTooLarge = ({ bytes }: Queued): boolean => bytes + ENVELOPE_BYTES > MAX_BODY_BYTES;
