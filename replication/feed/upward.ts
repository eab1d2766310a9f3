// The way up of one collection: what RxDB wants to push, and the answers that it is writing. What
// comes down goes past here, because RxDB ignores it for documents that are on their way up.

import type { Collection } from '../../schemas/index.ts';
import type { PushInput, Replication } from '../plugin/rx.ts';
import type { WireDocument } from '../protocol/index.ts';
import type { Sent } from '../push/row.ts';
import { revOf, UnderWay } from '../push/under-way.ts';
import { isWithdrawn, sameClock } from '../stamp/clock.ts';
import { complete } from './complete.ts';
import type { LaneHost } from './lane-host.ts';

/** What it knows of its lane. */
export interface LaneSide {
  readonly port: Replication | undefined;
  readonly collection: Collection;
  idOf(document: WireDocument): string;
  /** Whether a version belongs to a part of history that the server has lost. */
  isLost(id: string, rev: number): boolean;
}

/** Whether a person has changed a document: all that they do leaves stamps. */
const isWritten = (doc: WireDocument, assumed: WireDocument): boolean =>
  !sameClock(doc.clk, assumed.clk) || (doc._deleted === true) !== (assumed._deleted === true);

/** Whether the server has something to judge: what its own word has taken away is nobody's write. */
export const isNews = ({ doc, assumed }: PushInput): boolean =>
  !isWithdrawn(doc) && (assumed === undefined || isWritten(doc, assumed));

export class Upward {
  readonly #lane: LaneSide;
  readonly #host: LaneHost;
  readonly #settled: () => void;
  readonly #up = new UnderWay();

  /** @param settled called when RxDB has written answers. */
  constructor(lane: LaneSide, host: LaneHost, settled: () => void) {
    this.#lane = lane;
    this.#host = host;
    this.#settled = settled;
  }

  get isBusy(): boolean {
    return this.#up.isBusy;
  }
  /** The rev of the latest answer for a document, 0 where there was none. */
  answeredRev(id: string): number {
    return this.#up.answeredRev(id);
  }
  /** The newest version of a flying id that was delivered past RxDB, if it is newer than `rev`. */
  overtaking(id: string, rev: number): WireDocument | undefined {
    return this.#up.newerThan(id, rev);
  }
  /** RxDB is about to write `arriving` over a document for which a later answer was given. */
  readonly isOvertaken = (arriving: WireDocument): boolean =>
    revOf(arriving) < this.#up.answeredRev(this.#lane.idOf(arriving));

  forgetUpTo(seq: number): void {
    this.#up.forgetUpTo(seq);
  }
  forgetRevs(): void {
    this.#up.forgetRevs();
  }

  /** RxDB's push handler. */
  async push(inputs: readonly PushInput[]): Promise<readonly WireDocument[]> {
    const lane = this.#lane;
    const rows = inputs
      // RxDB also asks once more after a conflict, and for what a crash has kept it from noting.
      .filter(isNews)
      .map((input) => this.sentOf(input));
    if (rows.length === 0) return [];
    this.#up.sending(rows.map(({ id }) => id));
    const answers = await this.#host.send(rows);
    if (answers === undefined) return [];
    for (const answer of answers) this.#up.answered(lane.idOf(answer), answer.rev ?? 0);
    this.#settle(rows);
    return answers;
  }

  /** What RxDB may have of these documents now, complete, and noted where it may ignore it. */
  async admit(arrived: readonly WireDocument[]): Promise<readonly WireDocument[]> {
    const lane = this.#lane;
    const stored = (ids: readonly string[]) => lane.port?.stored(ids) ?? Promise.resolve([]);
    const whole = await complete(arrived, lane.collection.primaryKey, stored);
    // RxDB takes an answered document for pending until it has written the answer, and would
    // ignore what comes for it.
    while (
      !this.#host.isStopped &&
      whole.some((document) => this.#up.isSettling(lane.idOf(document)))
    )
      await this.#up.change();
    const documents = whole.filter((document) => !this.isOvertaken(document));
    for (const document of documents) this.#up.passed(lane.idOf(document), document);
    return documents;
  }

  /** Ends every wait. */
  release(): void {
    this.#up.wake();
  }

  /** A version of a history that the server has lost is no base: it counts as never sent. */
  sentOf(input: PushInput): Sent {
    const id = this.#lane.idOf(input.doc);
    const { assumed } = input;
    const isLost = this.answeredRev(id) === 0 && this.#lane.isLost(id, assumed?.rev ?? 0);
    return isLost
      ? { ...input, id, assumed: { ...assumed, rev: 0 }, lost: assumed }
      : { ...input, id };
  }

  #settle(rows: readonly Sent[]): void {
    const up = this.#lane.port?.upSettled() ?? Promise.resolve();
    up.then(() => {
      this.#up.settled(rows.map(({ id }) => id));
      this.#host.settled(rows);
      this.#settled();
    }).catch((error: unknown) => this.#host.failed(error));
  }
}
