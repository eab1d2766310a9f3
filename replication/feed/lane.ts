// One collection's way between the server and RxDB: what waits to be handed over, what is on its
// way up, and how far it has come. Documents reach RxDB only as pages of its pull handler: an
// emitted event is dropped by RxDB when a pull overlaps it, and applied late when one is under way.

import type { Collection } from '../../schemas/index.ts';
import { isSameVersion } from '../conflict/handler.ts';
import type { Replication, Delivery, PushInput } from '../plugin/rx.ts';
import type { PullPage, StreamEvent, WireDocument } from '../protocol/index.ts';
import type { Position } from '../pull/position.ts';
import type { Sent } from '../push/row.ts';
import { revOf, UnderWay } from '../push/under-way.ts';

/** What a lane needs from those that serve all lanes. */
export interface LaneHost {
  /** The next page from the lane's position; nothing when the session has ended. */
  page(lane: Lane): Promise<Page | undefined>;
  /** The server's present document for each row; nothing when the session has ended. */
  send(
    collection: Collection,
    rows: readonly Sent[],
    lane: Lane,
  ): Promise<readonly WireDocument[] | undefined>;
  /** Rows whose answers RxDB has written. */
  settled(collection: Collection, rows: readonly Sent[]): void;
  receiving(lane: Lane, documents: number): void;
  /** Runs later; used after RxDB failed to store something. */
  later(lane: Lane, failures: number, run: () => void): void;
  failed(error: unknown): void;
  readonly isStopped: boolean;
}
export interface Page extends PullPage {
  readonly epoch: string;
  readonly upTo: number;
}

const NOTHING: Delivery = { documents: [], position: undefined };

export class Lane {
  readonly collection: Collection;
  readonly #host: LaneHost;
  #port: Replication | undefined;

  #position: Position | undefined;
  /** Whether the position that RxDB has stored is where to begin. */
  #trustsStored = true;
  /** While a pull is under way: the bound of its round, once known. */
  #upTo: number | undefined;
  #needsPull = true;
  /** The stream has said that there are changes up to here. */
  #target = 0;
  /** From RxDB being asked to call `pull` until it has stored what it got. */
  #isActive = true;
  #isBroken = false;
  /** How often in a row RxDB failed to store something. */
  #failures = 0;
  #generation = 0;

  /** From the stream, waiting until nothing of this collection is on its way up. */
  readonly #held = new Map<string, WireDocument>();
  #heldTo: Position | undefined;

  readonly #up = new UnderWay();

  constructor(collection: Collection, host: LaneHost) {
    this.collection = collection;
    this.#host = host;
  }

  /** The running replication; given right after it was made. */
  run(port: Replication): void {
    this.#port = port;
  }

  get checkpoint(): string | null {
    return this.#position?.at ?? null;
  }
  get epoch(): string | undefined {
    return this.#position?.epoch;
  }
  get upTo(): number | undefined {
    return this.#upTo;
  }

  idOf(document: WireDocument): string {
    return String(document[this.collection.primaryKey]);
  }

  /** RxDB is about to write `arriving` over a document for which a later answer was given. */
  readonly isOvertaken = (arriving: WireDocument): boolean =>
    revOf(arriving) < this.#up.answeredRev(this.idOf(arriving));

  // ---- Up

  /** RxDB's push handler. */
  async push(inputs: readonly PushInput[]): Promise<readonly WireDocument[]> {
    const rows = inputs
      // After a settled conflict RxDB asks once more for what the server has just given.
      .filter(({ doc, assumed }) => assumed === undefined || !isSameVersion(doc, assumed))
      .map((input) => ({ ...input, id: this.idOf(input.doc) }));
    if (rows.length === 0) return [];
    this.#up.sending(rows.map(({ id }) => id));
    const answers = await this.#host.send(this.collection, rows, this);
    if (answers === undefined) return [];
    for (const answer of answers) this.#up.answered(this.idOf(answer), answer.rev ?? 0);
    this.#settle(rows);
    return answers;
  }

  /** The newest version of a flying id that was delivered past RxDB, if it is newer than `rev`. */
  overtaking(id: string, rev: number): WireDocument | undefined {
    return this.#up.newerThan(id, rev);
  }

  #settle(rows: readonly Sent[]): void {
    const up = this.#port?.upSettled() ?? Promise.resolve();
    up.then(() => {
      this.#up.settled(rows.map(({ id }) => id));
      this.#host.settled(this.collection, rows);
      this.#absorb();
      this.#ask();
    }).catch((error: unknown) => this.#host.failed(error));
  }

  // ---- Down

  /** RxDB's pull handler. */
  async pull(stored: Position | undefined): Promise<Delivery> {
    if (this.#trustsStored) this.#position = stored;
    this.#trustsStored = false;
    while (!this.#host.isStopped) {
      const documents = this.#needsPull ? await this.#nextPage() : await this.#takeHeld();
      if (documents === undefined) break;
      if (documents.length > 0) return { documents, position: this.#position };
    }
    if (this.#host.isStopped) return NOTHING;
    this.#finish().catch((error: unknown) => this.#host.failed(error));
    return { documents: [], position: this.#position };
  }

  /** The stream's next event. Whatever a lane can't apply in order, it pulls. */
  accept(event: StreamEvent, epoch: string): void {
    const reach = Math.max(this.#position?.seq ?? 0, this.#upTo ?? 0, this.#heldTo?.seq ?? 0);
    if (event.to <= reach) return;
    if (this.#position === undefined || event.from > reach) {
      this.#target = Math.max(this.#target, event.to);
      this.pullSoon();
      return;
    }
    for (const document of event.documents[this.collection.name] ?? []) {
      const id = this.idOf(document);
      const known = this.#held.get(id);
      if (revOf(document) > reach && (known === undefined || revOf(known) <= revOf(document)))
        this.#held.set(id, document);
    }
    this.#heldTo = { at: event.checkpoint, epoch, seq: event.to };
    this.#absorb();
    this.#ask();
  }

  pullSoon(): void {
    this.#needsPull = true;
    this.#ask();
  }

  /** The history is another one, or the position is of no use to the server: from the beginning. */
  restart(): void {
    this.#generation += 1;
    this.#position = undefined;
    this.#upTo = undefined;
    this.#target = 0;
    this.#held.clear();
    this.#heldTo = undefined;
    this.#up.forgetRevs();
    this.pullSoon();
  }

  /** RxDB could not store something: what was handed over since its own position is in doubt. */
  broke(): void {
    this.#isBroken = true;
    this.pullSoon();
  }

  /** Keeps the position where nothing had to be written, so that the next start begins there. */
  async save(): Promise<void> {
    if (this.#isActive || this.#isBroken || this.#position === undefined) return;
    await this.#port?.storePosition(this.#position);
  }

  async #nextPage(): Promise<readonly WireDocument[] | undefined> {
    const page = await this.#host.page(this);
    if (page === undefined) return undefined;
    const generation = this.#generation;
    this.#upTo = page.more ? page.upTo : undefined;
    if (!page.more) {
      this.#needsPull = this.#target > page.upTo;
      this.#target = 0;
    }
    const seq = page.more ? (this.#position?.seq ?? 0) : page.upTo;
    this.#position = { at: page.checkpoint, epoch: page.epoch, seq };
    const documents = await this.#admit(page.documents);
    if (generation !== this.#generation || this.#host.isStopped) return [];
    if (documents.length > 0) this.#host.receiving(this, documents.length);
    return documents;
  }

  async #takeHeld(): Promise<readonly WireDocument[] | undefined> {
    const to = this.#heldTo;
    if (to === undefined) return undefined;
    this.#dropKnown();
    const held = [...this.#held.values()];
    this.#held.clear();
    this.#heldTo = undefined;
    if (to.seq > (this.#position?.seq ?? 0)) this.#position = to;
    const generation = this.#generation;
    const documents = await this.#admit(held);
    return generation === this.#generation ? documents : [];
  }

  /** What RxDB may have of these documents now, complete, and noted where it may ignore it. */
  async #admit(arrived: readonly WireDocument[]): Promise<readonly WireDocument[]> {
    const whole = await this.#complete(arrived);
    // RxDB takes an answered document for pending until it has written the answer, and would
    // ignore what comes for it.
    while (
      !this.#host.isStopped &&
      whole.some((document) => this.#up.isSettling(this.idOf(document)))
    )
      await this.#up.change();
    const documents = whole.filter((document) => !this.isOvertaken(document));
    for (const document of documents) this.#up.passed(this.idOf(document), document);
    return documents;
  }

  /** Lets go of held documents that a pull or an answer has given meanwhile. */
  #dropKnown(): void {
    const reached = this.#position?.seq ?? 0;
    for (const [id, document] of this.#held)
      if (revOf(document) <= Math.max(reached, this.#up.answeredRev(id))) this.#held.delete(id);
  }

  /** Moves on without RxDB where nothing is left to hand over: the echo of one's own push, say. */
  #absorb(): void {
    if (this.#heldTo === undefined || this.#isActive || this.#up.isBusy) return;
    this.#dropKnown();
    if (this.#held.size > 0) return;
    if (this.#heldTo.seq > (this.#position?.seq ?? 0)) this.#position = this.#heldTo;
    this.#heldTo = undefined;
  }

  /** A bare tombstone says only that a document is gone; RxDB wants it with its fields. */
  async #complete(documents: readonly WireDocument[]): Promise<readonly WireDocument[]> {
    const bare = documents.filter(({ clk }) => clk === undefined);
    if (bare.length === 0) return documents;
    const stored = (await this.#port?.stored(bare.map((document) => this.idOf(document)))) ?? [];
    const known = new Map(stored.map((document) => [this.idOf(document), document]));
    return documents.flatMap((document) => {
      if (document.clk !== undefined) return [document];
      const local = known.get(this.idOf(document));
      return local === undefined ? [] : [{ ...local, ...document, _deleted: true }];
    });
  }

  /** RxDB has been told that there is no more; once it has stored everything, the rest is ours. */
  async #finish(): Promise<void> {
    await this.#port?.downSettled();
    if (this.#host.isStopped) return;
    this.#host.receiving(this, 0);
    if (this.#isBroken) {
      this.#failures += 1;
      this.#host.later(this, this.#failures, () => {
        this.#isBroken = false;
        this.#isActive = false;
        this.#trustsStored = true;
        this.restart();
      });
      return;
    }
    this.#failures = 0;
    this.#isActive = false;
    this.#up.forgetUpTo(this.#position?.seq ?? 0);
    this.#absorb();
    await this.save();
    this.#ask();
  }

  #ask(): void {
    if (this.#isActive || this.#host.isStopped) return;
    const hasEvents = this.#heldTo !== undefined && !this.#up.isBusy;
    if (!this.#needsPull && !hasEvents) return;
    this.#isActive = true;
    this.#port?.askAgain();
  }

  /** Ends every wait; called when the session has ended. */
  release(): void {
    this.#up.wake();
  }
}
