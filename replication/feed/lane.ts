// One collection's way between the server and RxDB: what waits to be handed over, what is on its
// way up, and how far it has come. Documents reach RxDB only as pages of its pull handler: an
// emitted event is dropped by RxDB when a pull overlaps it, and applied late when one is under way.

import type { Collection } from '../../schemas/index.ts';
import { isSameVersion } from '../conflict/handler.ts';
import type { Replication, Delivery, PushInput } from '../plugin/rx.ts';
import type { StreamEvent, WireDocument } from '../protocol/index.ts';
import { further, type Position } from '../pull/position.ts';
import type { Sent } from '../push/row.ts';
import { revOf, UnderWay } from '../push/under-way.ts';
import { complete } from './complete.ts';
import { Held } from './held.ts';
import type { LaneHost } from './lane-host.ts';
import { PageInHand } from './page-in-hand.ts';

const NOTHING: Delivery = { documents: [], position: undefined };

export class Lane {
  readonly collection: Collection;
  readonly #host: LaneHost<Lane>;
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
  /** RxDB has documents that it has not stored. */
  #isStoring = false;
  #isBroken = false;
  /** How often in a row RxDB failed to store something. */
  #failures = 0;

  /** The page whose documents RxDB is getting. */
  #page: PageInHand | undefined;

  /** From the stream, waiting until nothing of this collection is on its way up. */
  readonly #held = new Held((document) => this.idOf(document));

  readonly #up = new UnderWay();

  constructor(collection: Collection, host: LaneHost<Lane>) {
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
  /** The bound of the round under way, until RxDB has been given all of it. */
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
    // In the middle of the first page RxDB stores an empty position.
    if (this.#trustsStored) this.#position = stored?.at === undefined ? undefined : stored;
    this.#trustsStored = false;
    while (!this.#host.isStopped && !this.#isStoring) {
      const documents = this.#page
        ? await this.#takeSome(this.#page)
        : await (this.#needsPull ? this.#nextPage() : this.#takeHeld());
      if (documents === undefined) break;
      if (documents.length === 0) continue;
      this.#isStoring = true;
      return { documents, position: this.#position };
    }
    if (this.#host.isStopped) return NOTHING;
    this.#finish().catch((error: unknown) => this.#host.failed(error));
    return { documents: [], position: this.#position };
  }

  /** The stream's next event. Whatever a lane can't apply in order, it pulls. */
  accept(event: StreamEvent, epoch: string): void {
    const reach = Math.max(this.#position?.seq ?? 0, this.#upTo ?? 0, this.#held.to?.seq ?? 0);
    if (event.to <= reach) return;
    if (this.#position === undefined || event.from > reach) {
      this.#target = Math.max(this.#target, event.to);
      this.pullSoon();
      return;
    }
    this.#held.add(event.documents[this.collection.name] ?? [], event, epoch, reach);
    this.#absorb();
    this.#ask();
  }

  pullSoon(): void {
    this.#needsPull = true;
    this.#ask();
  }

  /** The history is another one, or the position is of no use to the server: from the beginning. */
  restart(): void {
    this.#position = undefined;
    this.#upTo = undefined;
    this.#target = 0;
    this.#page = undefined;
    this.#held.clear();
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
    const { documents, left = 0 } = page;
    if (this.#upTo === undefined) this.#host.expecting(this, documents.length + left);
    this.#upTo = page.upTo;
    if (!page.more) {
      this.#needsPull = this.#target > page.upTo;
      this.#target = 0;
    }
    this.#page = new PageInHand(page, this.#position);
    return [];
  }

  async #takeSome(page: PageInHand): Promise<readonly WireDocument[]> {
    const documents = await this.#admit(page.some());
    // It was sent back to the beginning meanwhile.
    if (page !== this.#page || this.#host.isStopped) return [];
    page.took();
    if (page.isTaken) {
      this.#page = undefined;
      this.#position = page.end;
      if (page.isLast) this.#upTo = undefined;
    }
    if (documents.length > 0) this.#host.receiving(this, documents.length);
    return documents;
  }

  /** What the stream has brought becomes a page that ends where its last event does. */
  #takeHeld(): readonly WireDocument[] | undefined {
    const { to } = this.#held;
    if (to === undefined) return undefined;
    const documents = this.#unknown();
    this.#host.expecting(this, documents.length);
    this.#held.clear();
    const { at, epoch, seq } = further(to, this.#position);
    this.#upTo = seq;
    const page = { documents, checkpoint: at, more: false, epoch, upTo: seq };
    this.#page = new PageInHand(page, this.#position);
    return [];
  }

  /** What RxDB may have of these documents now, complete, and noted where it may ignore it. */
  async #admit(arrived: readonly WireDocument[]): Promise<readonly WireDocument[]> {
    const stored = (ids: readonly string[]) => this.#port?.stored(ids) ?? Promise.resolve([]);
    const whole = await complete(arrived, this.collection.primaryKey, stored);
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

  /** Held documents but for those that a pull or an answer has given meanwhile. */
  #unknown(): readonly WireDocument[] {
    const reached = this.#position?.seq ?? 0;
    return this.#held.without((id) => Math.max(reached, this.#up.answeredRev(id)));
  }

  /** Moves on without RxDB where nothing is left to hand over: the echo of one's own push, say. */
  #absorb(): void {
    const { to } = this.#held;
    if (!to || this.#isActive || this.#up.isBusy || this.#unknown().length > 0) return;
    this.#position = further(to, this.#position);
    this.#held.clear();
  }

  /** RxDB has been told that there is no more; once it has stored everything, the rest is ours. */
  async #finish(): Promise<void> {
    await this.#port?.downSettled();
    if (this.#host.isStopped) return;
    this.#isStoring = false;
    // Until a round has ended, there is more.
    if (this.#upTo !== undefined && !this.#isBroken) {
      this.#port?.askAgain();
      return;
    }
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
    const hasEvents = this.#held.to !== undefined && !this.#up.isBusy;
    if (!this.#needsPull && !hasEvents) return;
    this.#isActive = true;
    this.#port?.askAgain();
  }

  /** Ends every wait; called when the session has ended. */
  release(): void {
    this.#up.wake();
  }
}
