// Heads: what each workspace's commits agree on. Whoever changes a head first holds the workspace
// until its transaction ends; whoever comes second is told to begin again.

import type { ClientSession } from 'mongodb';
import {
  epoch as asEpoch,
  seq as asSeq,
  type Seq,
  type WorkspaceId,
} from '../../../replication/core.ts';
import { StoreFailedError, type Head } from '../port/port.ts';
import type { Mongo } from './database.ts';
import { isDuplicate } from './errors.ts';
import type { HeadRow } from './rows.ts';

export const emptyHead = (at: Mongo, workspace: WorkspaceId): HeadRow => ({
  _id: workspace,
  turn: 0,
  seq: 0,
  timeMs: 0,
  epoch: at.epoch,
  survives: [],
  floor: 0,
  markMs: Number.NEGATIVE_INFINITY,
  last: [],
  leftSeq: 0,
  hasFates: false,
  hasPurged: false,
});

/** As of the session's snapshot. */
export const readHead = async (
  at: Mongo,
  session: ClientSession,
  workspace: WorkspaceId,
): Promise<HeadRow> =>
  (await at.heads.findOne({ _id: workspace }, { session })) ?? emptyHead(at, workspace);

/** Asked of a majority after this call began: not even a primary that has lost its place is behind. */
export const freshHead = async (at: Mongo, workspace: WorkspaceId): Promise<HeadRow> => {
  const options = { readConcern: { level: 'linearizable' }, maxTimeMS: at.budgetMs } as const;
  return (await at.heads.findOne({ _id: workspace }, options)) ?? emptyHead(at, workspace);
};

/** Makes the head where there is none. Outside the transaction, which would collide with its like. */
export async function ensureHead(at: Mongo, workspace: WorkspaceId): Promise<void> {
  try {
    const { _id, ...head } = emptyHead(at, workspace);
    await at.heads.updateOne({ _id }, { $setOnInsert: head }, { upsert: true });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

/** The first command of every transaction that writes into a workspace. */
export async function lockHead(
  at: Mongo,
  session: ClientSession,
  workspace: WorkspaceId,
): Promise<HeadRow> {
  await at.processes.register(session);
  const change = { $inc: { turn: 1 } };
  const head = await at.heads.findOneAndUpdate({ _id: workspace }, change, {
    session,
    returnDocument: 'after',
  });
  if (head === null)
    throw new StoreFailedError('The workspace has been removed from the database.');
  return head;
}

export const headOf = ({ seq, timeMs, epoch, floor, survives }: HeadRow): Head => ({
  seq: asSeq(seq),
  updatedAt: new Date(timeMs).toISOString(),
  epoch: asEpoch(epoch),
  floor: asSeq(floor),
  survives: new Map(survives.map((each): [string, Seq] => [each.epoch, asSeq(each.seq)])),
});
