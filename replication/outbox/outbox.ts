// Which documents have changes that the server has not judged, and how far each has come: what was
// written in any tab, and what RxDB wanted to push, until its answer is stored. It lives in memory;
// a new leader finds it again from RxDB's meta data.

import type { Collection } from '../../schemas/index.ts';
import type { Verdict, WireDocument } from '../protocol/index.ts';
import { idsOf, keyOf } from './key.ts';
import { operationOf, sameClock } from '../stamp/clock.ts';
import { highest, timeOf } from '../stamp/stamp.ts';
import type { Group } from './group.ts';
import { labelOf, nameOf, needsOf } from './label.ts';
import type { Try } from './ledger.ts';
import type { OutboxRecord } from './record.ts';
import {
  FAILED_AFTER,
  firstOf,
  isFailed,
  kindOf,
  MAX_KEYS,
  SHOWN_WAITING,
  type OutboxFacts,
  type Rows,
  type Sending,
  type Waiting,
  type WaitingView,
  type Written,
} from './waiting.ts';

export class LocalOutbox {
  readonly #device: () => string;
  readonly #changed: (facts: OutboxFacts) => void;
  readonly #waiting = new Map<string, Waiting>();
  /** What is known of operations that were tried before this page was loaded. */
  #recalled: ReadonlyMap<string, Try> = new Map();
  #flying: ReadonlySet<string> = new Set();
  #groups: ReadonlyMap<string, { readonly id: string; readonly label: string }> = new Map();
  /** Tried, and written over since. */
  #stale: string[] = [];
  #order = 0;
  #sent = 0;
  readonly #judged = new Set<string>();
  #failed = 0;

  constructor(device: () => string, changed: (facts: OutboxFacts) => void) {
    this.#device = device;
    this.#changed = changed;
  }

  has(key: string): boolean {
    return this.#waiting.has(key);
  }
  /** Whether the server does not have the document before it has judged what waits of it. */
  isNew(key: string): boolean {
    return this.#waiting.get(key)?.kind === 'insert' && !this.#judged.has(key);
  }
  /** RxDB, which writes answers together, may be slow to bring what is judged to rest. */
  readonly #isUnjudged = (key: string): boolean => this.#waiting.has(key) && !this.#judged.has(key);
  /** Whether the server has judged what waits of a document. */
  readonly hasVerdict = (key: string): boolean => this.#judged.has(key);
  isJudged({ collection, id, doc }: Sending): boolean {
    const key = keyOf(collection.name, id);
    return this.#judged.has(key) && sameClock(this.#waiting.get(key)?.clk, doc.clk);
  }
  get size(): number {
    return this.#waiting.size;
  }

  idsOf(collection: string): readonly string[] {
    return idsOf(this.#waiting.keys(), collection);
  }
  unjudgedOf(collection: string): readonly string[] {
    return this.idsOf(collection).filter((id) => !this.#judged.has(keyOf(collection, id)));
  }
  /** The documents to which what waits of one refers. */
  needsOf(key: string): readonly string[] {
    return this.#waiting.get(key)?.needs ?? [];
  }

  recall(tries: readonly Try[]): void {
    const open = tries.filter(({ discarded }) => discarded !== true);
    this.#recalled = new Map(open.map((one) => [one.op, one]));
  }

  wrote(collection: Collection, writes: readonly Written[]): void {
    for (const { id, after, before } of writes)
      // A write that changes nothing has no new stamp and is never sent.
      if (before === undefined || !sameClock(before.clk, after.clk))
        this.#put(collection, id, after);
    this.#show();
  }

  /** RxDB hands them over, or an audit has found them: they wait, if that was not known. */
  found(collection: Collection, rows: Rows): void {
    for (const { id, doc } of rows)
      if (!this.#waiting.has(keyOf(collection.name, id))) this.#put(collection, id, doc);
    this.#show();
  }

  #put(collection: Collection, id: string, doc: WireDocument): void {
    const key = keyOf(collection.name, id);
    const known = this.#waiting.get(key);
    this.#forgetTry(known);
    if (known?.tried !== undefined) this.#stale.push(this.#opOf(known));
    this.#order += 1;
    const waiting: Waiting = {
      collection,
      id,
      clk: doc.clk,
      kind: kindOf(doc),
      name: nameOf(collection, doc),
      needs: needsOf(collection, doc),
      order: known?.order ?? this.#order,
      createdAtMs: known?.createdAtMs ?? timeOf(highest(Object.values(doc.clk ?? {})) ?? '0'),
    };
    this.#waiting.set(key, waiting);
    this.#judged.delete(key);
    const recalled = this.#recalled.size > 0 ? this.#recalled.get(this.#opOf(waiting)) : undefined;
    if (recalled !== undefined) this.#try(waiting, recalled);
  }

  #try(waiting: Waiting, tried: Omit<Try, 'op'>): void {
    const wasFailed = isFailed(waiting);
    waiting.tried = tried;
    if (!wasFailed && isFailed(waiting)) this.#failed += 1;
  }
  #forgetTry(waiting: Waiting | undefined): void {
    if (isFailed(waiting)) this.#failed -= 1;
  }

  settled(collection: Collection, rows: Rows): void {
    for (const { id, doc } of rows) {
      const key = keyOf(collection.name, id);
      const waiting = this.#waiting.get(key);
      // Written again meanwhile: that write is still to be judged.
      if (waiting === undefined || !sameClock(waiting.clk, doc.clk)) continue;
      this.#drop(key);
      this.#sent += 1;
    }
    this.#show();
  }

  /** A person has let go of what waits for these documents. */
  letGo(keys: Iterable<string>): void {
    for (const key of keys) this.#drop(key);
    this.#show();
  }

  #drop(key: string): void {
    this.#forgetTry(this.#waiting.get(key));
    this.#waiting.delete(key);
    this.#judged.delete(key);
  }

  /** The server has judged these; RxDB has yet to write its answer. */
  judged(rows: readonly Sending[]): void {
    for (const { collection, id, doc } of rows) {
      const key = keyOf(collection.name, id);
      const waiting = this.#waiting.get(key);
      if (waiting === undefined || !sameClock(waiting.clk, doc.clk)) continue;
      this.#forgetTry(waiting);
      delete waiting.tried;
      this.#judged.add(key);
    }
    this.#show();
  }

  /** The groups that are open, for their members' records. */
  grouped(groups: readonly Group[]): void {
    this.#groups = new Map(
      groups.flatMap(({ id, label, members }) =>
        members.map((member) => [keyOf(member.collection, member.id), { id, label }]),
      ),
    );
  }

  /** A request with these is under way; none when it has ended. */
  flying(rows: readonly Sending[]): void {
    this.#flying = new Set(rows.map(({ collection, id }) => keyOf(collection.name, id)));
    this.#show();
  }

  /** The server has answered without judging these rows. Says what is to be kept of it. */
  attempted(rows: readonly Sending[], lastError: string, lastAttemptAtMs: number) {
    const tries: Try[] = [];
    const newlyFailed: OutboxRecord[] = [];
    for (const { collection, id, doc } of rows.filter((row) => !this.isJudged(row))) {
      const waiting = this.#waiting.get(keyOf(collection.name, id));
      if (waiting === undefined || !sameClock(waiting.clk, doc.clk)) continue;
      const attempts = (waiting.tried?.attempts ?? 0) + 1;
      this.#try(waiting, { attempts, lastError, lastAttemptAtMs });
      tries.push({ op: this.#opOf(waiting), attempts, lastError, lastAttemptAtMs });
      if (attempts === FAILED_AFTER) newlyFailed.push(this.#recordOf(waiting));
    }
    this.#show();
    return { tries, newlyFailed };
  }

  /** Tried operations that later writes have taken the place of; told once. */
  takeStale(): readonly string[] {
    return this.#stale.splice(0);
  }

  /** The operation by which a document waits now. */
  opOf(key: string): string | undefined {
    const waiting = this.#waiting.get(key);
    return waiting && this.#opOf(waiting);
  }
  /** The documents that wait by these operations. */
  keysOf(ops: readonly string[]): readonly string[] {
    const wanted = new Set(ops);
    return [...this.#waiting].flatMap(([key, waiting]) =>
      wanted.has(this.#opOf(waiting)) ? [key] : [],
    );
  }

  /** How often the server has answered it without judging it. */
  attemptsOf(key: string): number {
    return this.#waiting.get(key)?.tried?.attempts ?? 0;
  }

  /** A judged row as it is kept; its document may have been written again since. */
  finished(row: Sending & { readonly op: string }, verdict: Verdict, settledAtMs: number) {
    const { collection, id, doc, op } = row;
    const waiting = this.#waiting.get(keyOf(collection.name, id));
    const record = this.#recordOf({
      collection,
      id,
      clk: doc.clk,
      kind: kindOf(doc),
      name: nameOf(collection, doc),
      needs: [],
      order: waiting?.order ?? 0,
      createdAtMs: waiting?.createdAtMs ?? timeOf(op),
      ...(waiting?.tried === undefined ? {} : { tried: waiting.tried }),
    });
    return { ...record, op, state: 'synced', verdict, settledAtMs } satisfies OutboxRecord;
  }

  view(): WaitingView {
    const first = [...this.#unjudged()]
      .map(([, waiting]) => waiting)
      // As they were written; by which they came to be known says little after a start.
      .toSorted((left, right) => left.createdAtMs - right.createdAtMs || left.order - right.order)
      .slice(0, SHOWN_WAITING);
    const syncing = [...this.#flying].filter(this.#isUnjudged).length;
    // What is tried once more counts as under way.
    const again = [...this.#flying].filter((key) => isFailed(this.#waiting.get(key)));
    const failed = this.#failed - again.length;
    return {
      records: first.map((waiting) => this.#recordOf(waiting)),
      counts: {
        pending: Math.max(0, this.#waiting.size - this.#judged.size - syncing - failed),
        syncing,
        failed,
      },
    };
  }

  #recordOf(waiting: Waiting): OutboxRecord {
    const { collection, id, kind, name, order, createdAtMs, tried } = waiting;
    const key = keyOf(collection.name, id);
    const group = this.#groups.get(key);
    const isFlying = this.#flying.has(key);
    const unsent = isFailed(waiting) ? 'failed' : 'pending';
    return {
      op: this.#opOf(waiting),
      collection: collection.name,
      id,
      kind,
      label: labelOf(collection, kind, name),
      state: isFlying ? 'syncing' : unsent,
      attempts: tried?.attempts ?? 0,
      ...(tried?.lastError === undefined ? {} : { lastError: tried.lastError }),
      ...(tried?.lastAttemptAtMs === undefined ? {} : { lastAttemptAtMs: tried.lastAttemptAtMs }),
      order,
      dependsOn: waiting.needs.filter(this.#isUnjudged),
      ...(group === undefined ? {} : { group }),
      createdAtMs,
    };
  }

  #opOf({ clk, kind }: Pick<Waiting, 'clk' | 'kind'>): string {
    return operationOf(clk ?? {}, kind === 'delete', this.#device());
  }

  *#unjudged(): Iterable<readonly [string, Waiting]> {
    for (const [key, waiting] of this.#waiting) if (this.#isUnjudged(key)) yield [key, waiting];
  }

  #show(): void {
    if (this.#waiting.size === 0) this.#sent = 0;
    this.#changed({
      pending: this.#waiting.size,
      failed: this.#failed,
      pendingKeys: [...firstOf(this.#unjudged(), MAX_KEYS)].map(([key]) => key),
      sent: this.#sent,
      judged: this.#judged.size,
    });
  }
}
