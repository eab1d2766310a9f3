// One commit: lock the workspace, read what the decision needs, decide, write; all in one
// transaction, with as many commands for one row as for a thousand.

import type { ClientSession } from 'mongodb';
import { seq as asSeq, type Seq, type WorkspaceId } from '../../../replication/core.ts';
import { commitTimeMs } from '../port/commit-rules.ts';
import {
  keyOf,
  MARK_INTERVAL_MS,
  type Change,
  type Committed,
  type CommitTurn,
  type CommitWrite,
  type Decision,
  type DocumentKey,
  type Known,
  type Needs,
} from '../port/port.ts';
import type { Mongo } from './database.ts';
import {
  checkDocuments,
  documentsIn,
  findByIds,
  lookFor,
  writeDocuments,
  type Looked,
} from './documents.ts';
import { headOf, lockHead } from './heads.ts';
import { findFates, findOperations, writeOperations } from './operations.ts';
import { markId, purgedId, type HeadRow } from './rows.ts';

export interface CommitOf<T> {
  readonly workspace: WorkspaceId;
  readonly needs: Needs;
  readonly decide: (known: Known, turn: CommitTurn) => Decision<T>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export type Made<T> = Committed<T> & { readonly changes: readonly Change[] };

export async function commitOnce<T>(
  at: Mongo,
  session: ClientSession,
  { workspace, needs, decide, now }: CommitOf<T>,
): Promise<Made<T>> {
  const head = await lockHead(at, session, workspace);
  const looked = await lookFor(at, session, workspace, needs.documents);
  const known: Known = {
    documents: documentsIn(looked),
    operations: await findOperations(at, session, workspace, needs.operations),
    fates: head.hasFates ? await findFates(at, session, workspace, needs.stamps) : new Map(),
    purged: head.hasPurged
      ? await findPurged(at, session, workspace, missing(needs, looked))
      : new Set(),
  };
  const timeMs = commitTimeMs(head.timeMs, now());
  const seq = asSeq(head.seq + 1);
  const updatedAt = new Date(timeMs).toISOString();
  const { write, result } = decide(known, { seq, updatedAt, epoch: headOf(head).epoch });

  checkDocuments(write.documents);
  const place = { workspace, seq };
  const asked = new Set(needs.operations);
  await writeOperations(at, session, place, { known: known.operations, asked, write });
  const changes = await writeDocuments(at, session, place, looked, write.documents);
  await moveHead(at, session, head, { seq, timeMs, write, changes });
  return { result, head: asSeq(changes.length > 0 ? seq : head.seq), changes };
}

const missing = ({ documents }: Needs, looked: Looked): readonly DocumentKey[] =>
  documents.filter(({ collection, id }) => looked.get(keyOf(collection, id)) === undefined);

async function findPurged(
  at: Mongo,
  session: ClientSession,
  workspace: WorkspaceId,
  keys: readonly DocumentKey[],
): Promise<ReadonlySet<string>> {
  const places = new Map(
    keys.map(({ collection, id }) => [purgedId(workspace, collection, id), keyOf(collection, id)]),
  );
  const rows = await findByIds(at, session, { rows: at.purged, workspace }, [...places.keys()]);
  return new Set(rows.map(({ _id }) => places.get(_id) ?? ''));
}

async function moveHead(
  at: Mongo,
  session: ClientSession,
  head: HeadRow,
  made: {
    readonly seq: Seq;
    readonly timeMs: number;
    readonly write: CommitWrite;
    readonly changes: readonly Change[];
  },
): Promise<void> {
  const { seq, timeMs, write, changes } = made;
  const set: { -readonly [K in keyof HeadRow]?: HeadRow[K] } = {};
  if (write.fates.length > 0 && !head.hasFates) set.hasFates = true;
  if (changes.length > 0) {
    const last = new Map(head.last.map((each) => [each.c, each.seq]));
    for (const { collection } of changes) last.set(collection, seq);
    Object.assign(set, { seq, timeMs, last: [...last].map(([c, at]) => ({ c, seq: at })) });
    if (changes.some(({ lostKeys }) => lostKeys.length > 0)) set.leftSeq = seq;
    if (timeMs - head.markMs >= MARK_INTERVAL_MS) {
      const w = head._id;
      await at.marks.insertOne({ _id: markId(w, timeMs), w, timeMs, seq }, { session });
      set.markMs = timeMs;
    }
  }
  if (Object.keys(set).length > 0)
    await at.heads.updateOne({ _id: head._id }, { $set: set }, { session });
}
