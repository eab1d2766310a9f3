// One collection's way between the server and RxDB: what waits to be handed over, what is on its
// way up, and how far it has come. Documents reach RxDB only as pages of its pull handler: an
// emitted event is dropped by RxDB when a pull overlaps it, and applied late when one is under way.

import type { Collection } from '../../schemas/index.ts';
import type { Delivery, Replication } from '../plugin/rx.ts';
import type { StreamEvent, WireDocument } from '../protocol/index.ts';
import { further, type Position } from '../pull/position.ts';
import { Snapshot } from '../pull/snapshot.ts';
import { Held } from './held.ts';
import type { LaneHost } from './lane-host.ts';
import { PageInHand, type Page } from './page-in-hand.ts';
import { Upward } from './upward.ts';

const NOTHING: Delivery = { documents: [], position: undefined };

export class Lane {
  readonly collection: Collection;
  readonly #host: LaneHost;
  /** The running replication. */
  port: Replication | undefined;

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
  readonly #held = new Held((document) => this.idOf(document));

  /** The page whose documents RxDB is getting, piece by piece. */
  #page: PageInHand | undefined;
  /** RxDB has documents that it has not stored. */
  #isStoring = false;
  /** While everything is received again; the position stays the old one until it is whole. */
  #snapshot: Snapshot | undefined;
  /** The other direction. */
  readonly up: Upward;

  constructor(collection: Collection, hostOf: (lane: Lane) => LaneHost) {
    this.collection = collection;
    this.#host = hostOf(this);
    this.up = new Upward(this, this.#host, () => {
      this.#absorb();
      this.#ask();
    });
  }

  /** Whether a version belongs to a part of history that the server has lost. */
  isLost(id: string, rev: number): boolean {
    return this.#snapshot?.isLost(id, rev) === true;
  }

  idOf(document: WireDocument): string {
    return String(document[this.collection.primaryKey]);
  }

  get checkpoint(): string | null {
    return this.#snapshot === undefined ? (this.#position?.at ?? null) : this.#snapshot.checkpoint;
  }
  /** Where it stands, while there is nothing to be done. */
  get restsAt(): number | undefined {
    const isAtRest = !this.#isActive && !this.#needsPull && this.#held.to === undefined;
    return isAtRest ? this.#position?.seq : undefined;
  }
  get epoch(): string | undefined {
    return this.#position?.epoch;
  }
  /** Another one whenever it is sent back to the beginning. */
  get generation(): number {
    return this.#generation;
  }
  get upTo(): number | undefined {
    return this.#snapshot === undefined ? this.#upTo : this.#snapshot.upTo;
  }

  /** RxDB's pull handler. */
  async pull(stored: Position | undefined): Promise<Delivery> {
    // In the middle of the first page RxDB stores an empty position.
    if (this.#trustsStored) this.#position = stored?.at === undefined ? undefined : stored;
    this.#trustsStored = false;
    while (!this.#host.isStopped && !this.#isStoring) {
      const documents = await this.#next();
      if (documents === undefined) break;
      if (documents.length === 0) continue;
      this.#isStoring = true;
      return { documents, position: this.#position };
    }
    if (this.#host.isStopped) return NOTHING;
    // This ends RxDB's round, which stores what it has got before it asks again.
    this.#finish().catch((error: unknown) => this.#host.failed(error));
    return { documents: [], position: this.#position };
  }

  async #next(): Promise<readonly WireDocument[] | undefined> {
    // Nothing was ever received: there is nothing to compare with.
    const isUseless = this.#position === undefined && this.#snapshot?.survives === Infinity;
    if (isUseless) this.#leaveSnapshot();
    if (this.#page !== undefined) return this.#takeSome(this.#page);
    if (this.#snapshot !== undefined) return this.#nextOf(this.#snapshot);
    return this.#needsPull ? this.#nextPage() : this.#takeHeld();
  }

  /** The stream's next event. Whatever a lane can't apply in order, it pulls. */
  accept(event: StreamEvent, epoch: string): void {
    const reach = Math.max(this.#position?.seq ?? 0, this.#upTo ?? 0, this.#held.to?.seq ?? 0);
    const isWhole = this.#snapshot === undefined;
    if (isWhole && event.to <= reach) return;
    if (!isWhole || this.#position === undefined || event.from > reach) {
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

  /**
   * Everything once more, and away with what the server does not have. `survives`: the rev up to which
   * its history is the one known here, where it is another; the lowest since it was last whole counts.
   */
  resync(survives = Infinity): void {
    this.#snapshot = new Snapshot(Math.min(survives, this.#snapshot?.survives ?? Infinity));
    this.#forget();
  }

  /** What was handed over since RxDB last stored something is in doubt. */
  #repair(): void {
    this.#trustsStored = true;
    this.#position = undefined;
    this.#snapshot = this.#snapshot?.again();
    this.#forget();
  }

  #forget(): void {
    this.#generation += 1;
    this.#upTo = undefined;
    this.#target = 0;
    this.#page = undefined;
    this.#held.clear();
    this.up.forgetRevs();
    this.pullSoon();
  }

  /** RxDB could not store something: what was handed over since its own position is in doubt. */
  broke(): void {
    this.#isBroken = true;
    this.pullSoon();
  }

  /** Keeps the position where nothing had to be written, so that the next start begins there. */
  async save(): Promise<void> {
    if (this.#isActive || this.#isBroken || this.#snapshot !== undefined) return;
    if (this.#position === undefined) return;
    await this.port?.storePosition(this.#position);
  }

  /** The next page; the first of a round says how many documents it will be. */
  async #fetch(): Promise<Page | undefined> {
    const isFirst = this.upTo === undefined;
    const page = await this.#host.page();
    if (page !== undefined && isFirst)
      this.#host.expecting(page.documents.length + (page.left ?? 0));
    return page;
  }

  async #nextPage(): Promise<readonly WireDocument[] | undefined> {
    const generation = this.#generation;
    const page = await this.#fetch();
    if (page === undefined) return undefined;
    // Sent back to the beginning meanwhile: this page answers another question.
    if (generation !== this.#generation) return [];
    this.#upTo = page.upTo;
    if (!page.more) {
      this.#needsPull = this.#target > page.upTo;
      this.#target = 0;
    }
    this.#page = PageInHand.of(page, this.#position);
    return [];
  }

  async #takeSome(page: PageInHand): Promise<readonly WireDocument[]> {
    const documents = await this.up.admit(page.some());
    if (page !== this.#page || this.#host.isStopped) return [];
    page.took();
    if (page.isTaken) {
      this.#page = undefined;
      this.#position = page.end ?? this.#position;
      if (page.isLast) this.#upTo = undefined;
    }
    if (documents.length > 0) this.#host.receiving(documents.length, !!this.#snapshot);
    return documents;
  }

  async #nextOf(snapshot: Snapshot): Promise<readonly WireDocument[] | undefined> {
    const documents = await snapshot.next({
      primaryKey: this.collection.primaryKey,
      prepared: async () => {
        await this.#host.prepared();
        // What was judged until now lies below the bound that the first page fixes.
        this.up.forgetRevs();
      },
      page: () => this.#fetch(),
      scan: async (visit) => this.port?.scan(visit),
    });
    if (documents === undefined || snapshot !== this.#snapshot) return documents && [];
    if (documents === 'whole') {
      this.#position = snapshot.end;
      this.#leaveSnapshot();
    } else this.#page = new PageInHand(documents);
    return [];
  }

  #leaveSnapshot(): void {
    this.#snapshot = undefined;
    this.#needsPull = this.#position === undefined || this.#target > this.#position.seq;
    this.#target = 0;
    this.#host.whole();
  }

  /** What the stream has brought becomes a page that ends where its last event does. */
  #takeHeld(): readonly WireDocument[] | undefined {
    const { to } = this.#held;
    if (to === undefined) return undefined;
    const documents = this.#unknown();
    this.#host.expecting(documents.length);
    this.#held.clear();
    const end = further(to, this.#position);
    this.#upTo = end.seq;
    this.#page = new PageInHand(documents, end, true);
    return [];
  }

  /** Held documents but for those that a pull or an answer has given meanwhile. */
  #unknown(): readonly WireDocument[] {
    const reached = this.#position?.seq ?? 0;
    return this.#held.without((id) => Math.max(reached, this.up.answeredRev(id)));
  }

  /** Moves on without RxDB where nothing is left to hand over: the echo of one's own push, say. */
  #absorb(): void {
    const { to } = this.#held;
    if (!to || this.#isActive || this.up.isBusy || this.#unknown().length > 0) return;
    this.#position = further(to, this.#position);
    this.#held.clear();
  }

  /** RxDB has been told that there is no more; once it has stored everything, the rest is ours. */
  async #finish(): Promise<void> {
    await this.port?.downSettled();
    if (this.#host.isStopped) return;
    this.#isStoring = false;
    // Until a round has ended, there is more.
    const isAmid = this.#upTo !== undefined || this.#snapshot !== undefined;
    if (isAmid && !this.#isBroken) {
      this.port?.askAgain();
      return;
    }
    if (!isAmid) this.#host.rested();
    if (this.#isBroken) {
      this.#failures += 1;
      this.#host.later(this.#failures, () => {
        this.#isBroken = false;
        this.#isActive = false;
        this.#repair();
      });
      return;
    }
    this.#failures = 0;
    this.#isActive = false;
    this.up.forgetUpTo(this.#position?.seq ?? 0);
    this.#absorb();
    await this.save();
    this.#ask();
  }

  #ask(): void {
    if (this.#isActive || this.#host.isStopped) return;
    const hasEvents = this.#held.to !== undefined && !this.up.isBusy;
    if (!this.#needsPull && !hasEvents && this.#snapshot === undefined) return;
    this.#isActive = true;
    this.port?.askAgain();
  }
}
