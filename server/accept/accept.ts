// The judge: takes the rows of a push, has them decided in a commit, and puts the outcomes into
// words for their sender.

import { randomBytes } from 'node:crypto';
import type { Collection } from '../../schemas/index.ts';
import {
  createStampClock,
  isDeviceId,
  makeNode,
  MAX_DRIFT_MS,
  SERVER_DEVICE,
  type Commit,
  type PushRequest,
  type StampClock,
  type UserId,
  type WireDocument,
  type WorkspaceId,
} from '../../replication/core.ts';
import { project, type Viewer } from '../auth/project.ts';
import { HttpProblem } from '../errors.ts';
import { historyFor } from '../feed/checkpoint.ts';
import type { CommitTurn, Store } from '../store/port/port.ts';
import type { Author, PlainCandidate, StampedCandidate } from './candidate.ts';
import { Committer } from './committer.ts';
import { rulesOf, type BelowFloor, type Circumstances, type Rules } from './circumstances.ts';
import { decidePush, type Decided, type Row } from './decide-push.ts';
import { needsOf } from './needs.ts';
import { readRows } from './read-rows.ts';
import { lacksSum } from './whole.ts';
import type { Entry, WorkingSet } from './working-set.ts';
import { DeviceWriters } from './writers.ts';

/** The part of a signed-in reader that judging needs. */
export interface Pusher extends Author, Viewer {
  readonly workspace: WorkspaceId;
  readonly user: UserId;
  /** The workspace's choice. */
  readonly belowFloor: BelowFloor;
}

export interface AcceptOptions {
  readonly store: Store;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly now: () => number;
  readonly observeCommit?: (durationMs: number) => void;
}

/** One row's end, with the document as it stands after the commit and as its sender may see it. */
export interface Judged extends Decided {
  readonly current?: string;
  /** Whether `current` is what the row says, completed by `commit`. */
  readonly asSent: boolean;
}

export interface JudgedPush {
  readonly results: readonly Judged[];
  readonly head: number;
  readonly epoch: string;
  readonly commit?: Commit;
}

type HistoryOf = Pick<PushRequest, 'epoch' | 'resyncing'>;

export class Accept {
  readonly #options: AcceptOptions;
  readonly #committer: Committer;
  readonly #clock: StampClock;
  readonly #rules: Rules;
  readonly #writers: DeviceWriters;

  constructor(options: AcceptOptions) {
    this.#options = options;
    this.#rules = rulesOf(options.collections);
    this.#writers = new DeviceWriters(options.store);
    this.#committer = new Committer(options.store, options.observeCommit ?? (() => undefined));
    this.#clock = createStampClock(
      makeNode(SERVER_DEVICE, randomBytes(3).toString('hex')),
      options.now,
      2 * MAX_DRIFT_MS,
    );
  }

  /**
   * Judges a push of a client that stamps its writes.
   *
   * @throws {HttpProblem} `resync_required` where it adds to sums that a restored server has lost.
   */
  async push(pusher: Pusher, request: PushRequest): Promise<JudgedPush> {
    // Of stock clients the device is read from their stamps: the server's own is nobody's.
    const isOwn =
      !isDeviceId(request.device) ||
      // Who pushes as somebody else's device has no writes of its own there.
      (await this.#writers.learn(pusher.workspace, request.device, pusher.user)) === pusher.user;
    const rows = readRows(request, pusher, this.#options.collections);
    return this.#judge(pusher, rows, isOwn ? request.device : '', request);
  }

  /** Judges rows of clients without clocks. */
  plain(
    pusher: Pusher,
    rows: readonly (PlainCandidate | Exclude<Row, StampedCandidate>)[],
  ): Promise<JudgedPush> {
    return this.#judge(pusher, rows, SERVER_DEVICE, {});
  }

  async #judge(
    pusher: Pusher,
    rows: readonly Row[],
    device: string,
    history: HistoryOf,
  ): Promise<JudgedPush> {
    const judged = await this.#writers.deciding(pusher.workspace, (writerOf) =>
      this.#submit(pusher, rows, { device, writerOf }, history),
    );
    if (judged !== undefined) return judged;
    const head = await this.#options.store.head(pusher.workspace);
    const known = historyFor(history.epoch ?? '', head);
    throw new HttpProblem('resync_required', { reason: 'epoch', ...known });
  }

  #submit(
    pusher: Pusher,
    rows: readonly Row[],
    of: Pick<Circumstances, 'device' | 'writerOf'>,
    { epoch, resyncing }: HistoryOf,
  ): Promise<JudgedPush | undefined> {
    const { belowFloor } = pusher;
    const clock = this.#clock;
    const circumstances = { ...of, rules: this.#rules, author: pusher, belowFloor, clock };
    return this.#committer.submit(pusher.workspace, {
      needs: needsOf(rows, pusher.user, this.#rules),
      rows: rows.length,
      decide: (set) => {
        const nowMs = this.#options.now();
        const sameEpoch = epoch === undefined || epoch === set.turn.epoch;
        if (!sameEpoch && resyncing !== set.turn.epoch && lacksSum(rows, set, this.#rules))
          return () => undefined;
        const decided = decidePush(rows, set, { ...circumstances, sameEpoch, nowMs });
        return (head, turn) => {
          const written = decided.some(({ entry }) => entry?.written === true);
          return {
            results: decided.map((one, index) => judge(one, rows[index], set, pusher)),
            head,
            epoch: turn.epoch,
            ...(written ? { commit: commitOf(turn, pusher) } : {}),
          };
        };
      },
    });
  }
}

const commitOf = (turn: CommitTurn, { user }: Author): Commit => ({
  rev: turn.seq,
  updatedAt: turn.updatedAt,
  updatedBy: user,
});

function judge(one: Decided, row: Row | undefined, set: WorkingSet, pusher: Pusher): Judged {
  const place = row?.kind === 'refused' ? row.place : row;
  // The commit may hold later rows of the same document: answers are made from its final state.
  const final = place && set.get(place.collection, place.id);
  if (final === undefined || row === undefined) return { ...one, asSent: false };
  const { collection, id } = final;
  const scopeKeys = collection.scopeKeys(final.doc);
  const current = project(pusher, { collection, id, text: final.text, scopeKeys });
  const sent = row.kind === 'refused' ? undefined : row.doc;
  const asSent =
    one.verdict === 'accepted' &&
    one.duplicate !== true &&
    final === one.entry &&
    sent !== undefined &&
    current === final.text &&
    // A row without a base takes its sender for the maker.
    (row.kind !== 'stamped' || row.base !== undefined || final.doc.createdBy === pusher.user) &&
    isCompleted(sent, final, pusher.user);
  return { ...one, current, asSent };
}

/** Whether a written document is the sent one but for what `commit` supplies. */
function isCompleted(sent: WireDocument, { doc, written }: Entry, author: UserId): boolean {
  if (!written || doc.updatedBy !== author) return false;
  const isNew = sent.rev === 0;
  for (const field of Object.keys(doc)) {
    if (field === 'rev' || field === 'updatedAt' || field === 'updatedBy') continue;
    if (field === 'createdBy' && isNew && doc.createdBy === author) continue;
    if (doc[field] !== sent[field] && JSON.stringify(doc[field]) !== JSON.stringify(sent[field]))
      return false;
  }
  return Object.keys(sent).every((field) => field in doc);
}
