// Purging: the floor moves up over tombstones and what else is only kept as long as they are. What
// lies between two floors is found by indexes on seq, so a purge costs what it removes.

import type { ClientSession, Collection } from 'mongodb';
import { seq as asSeq, type WorkspaceId } from '../../../replication/core.ts';
import type { Purged } from '../port/port.ts';
import type { Mongo } from './database.ts';
import { lockHead } from './heads.ts';
import { BY_SEQ, BY_TIME, purgedId, TOMBSTONES, within, type HeadRow } from './rows.ts';

/** Rows of each kind in one transaction: as many as MongoDB advises to change in one. */
const MAX_ROWS = 1_000;

/** One bounded step. */
export async function purgeOnce(
  at: Mongo,
  session: ClientSession,
  workspace: WorkspaceId,
  beforeMs: number,
): Promise<Purged> {
  const head = await lockHead(at, session, workspace);
  const goal = Math.max(await committedBy(at, session, head, beforeMs), head.floor);
  const floor = goal === head.floor ? goal : await reachable(at, session, head, goal);
  const documents = floor === head.floor ? 0 : await remove(at, session, workspace, floor);
  if (floor > head.floor) {
    const hasPurged = head.hasPurged || documents > 0;
    const change = { $set: { floor, hasPurged } };
    await at.heads.updateOne({ _id: workspace }, change, { session });
  }
  return { floor: asSeq(floor), documents, more: floor < goal };
}

/** The last commit that was made by a moment, or one a little before it. */
async function committedBy(
  at: Mongo,
  session: ClientSession,
  head: HeadRow,
  beforeMs: number,
): Promise<number> {
  if (head.timeMs <= beforeMs) return head.seq;
  const filter = { w: head._id, timeMs: { $lte: beforeMs } };
  const options = { session, sort: { timeMs: -1 }, hint: BY_TIME } as const;
  return (await at.marks.findOne(filter, options))?.seq ?? 0;
}

interface Numbered {
  readonly w: string;
  readonly seq: number;
}

/** How far a floor moves if it takes a bounded number of rows, but at least one commit. */
async function reachable(
  at: Mongo,
  session: ClientSession,
  head: HeadRow,
  goal: number,
): Promise<number> {
  let floor = goal;
  const above = { w: head._id, seq: { $gt: head.floor } };
  const stopAt = async <Row extends Numbered>(
    rows: Collection<Row>,
    hint: string,
    more: object = {},
  ): Promise<void> => {
    const options = { session, sort: { seq: 1 }, skip: MAX_ROWS, hint, projection: { seq: 1 } };
    const beyond = await rows.findOne<Numbered>({ ...above, ...more } as object, options as object);
    if (beyond !== null) floor = Math.min(floor, Math.max(beyond.seq - 1, head.floor + 1));
  };
  await stopAt(at.operations, BY_SEQ);
  await stopAt(at.fates, BY_SEQ);
  await stopAt(at.left, BY_SEQ);
  await stopAt(at.documents, TOMBSTONES, { deleted: true });
  return floor;
}

/** Takes away what lies at or below the floor; returns the number of documents. */
async function remove(
  at: Mongo,
  session: ClientSession,
  w: WorkspaceId,
  floor: number,
): Promise<number> {
  const below = { w, seq: { $lte: floor } };
  const dead = { ...below, deleted: true };
  const options = { session, hint: TOMBSTONES, projection: { c: 1 }, batchSize: MAX_ROWS };
  const gone = await at.documents.find(dead, options).toArray();
  if (gone.length > 0) {
    const remembered = gone.map(({ _id, c }) => {
      const id = _id.slice(`${within(w)}${c}/`.length);
      const replacement = { w };
      return {
        replaceOne: { filter: { _id: purgedId(w, c, id), w }, replacement, upsert: true },
      };
    });
    await at.purged.bulkWrite(remembered, { session, ordered: false });
    await at.documents.deleteMany(dead, { session, hint: TOMBSTONES });
  }
  const found = { session, hint: BY_SEQ };
  await at.left.deleteMany(below, found);
  await at.operations.deleteMany(below, found);
  await at.fates.deleteMany(below, found);
  // The mark at the floor stays: it says when the floor was committed.
  await at.marks.deleteMany({ w, seq: { $lt: floor } }, found);
  return gone.length;
}
