// What became of each pushed row, and of the stamps that were not taken as they came.

import type { ClientSession } from 'mongodb';
import type { OperationId, Verdict, WorkspaceId } from '../../../replication/core.ts';
import type { CommitWrite, OperationRecord, StampFate } from '../port/port.ts';
import type { Mongo } from './database.ts';
import { findByIds, type Place } from './documents.ts';
import { within, type OperationRow } from './rows.ts';

export type KnownOperations = ReadonlyMap<OperationId, OperationRecord>;

export async function findOperations(
  at: Mongo,
  session: ClientSession,
  workspace: WorkspaceId,
  ops: readonly OperationId[],
): Promise<KnownOperations> {
  const found = new Map<OperationId, OperationRecord>();
  const start = within(workspace);
  const ids = new Map(ops.map((op) => [start + op, op]));
  const place = { rows: at.operations, workspace };
  for (const row of await findByIds(at, session, place, [...ids.keys()])) {
    const op = ids.get(row._id);
    if (op === undefined) continue;
    const { c: collection, id, code } = row;
    const verdict = row.verdict as Verdict;
    found.set(op, { op, collection, id, verdict, ...(code === undefined ? {} : { code }) });
  }
  return found;
}

export async function findFates(
  at: Mongo,
  session: ClientSession,
  workspace: WorkspaceId,
  stamps: readonly string[],
): Promise<ReadonlyMap<string, StampFate>> {
  const start = within(workspace);
  const ids = [...new Set(stamps)].map((stamp) => start + stamp);
  const rows = await findByIds(at, session, { rows: at.fates, workspace }, ids);
  return new Map(
    rows.map(({ _id, by }): [string, StampFate] => [
      _id.slice(start.length),
      by === undefined ? { kind: 'refused' } : { kind: 'replaced', by },
    ]),
  );
}

/** @param known Operations that were asked for and have a record: they keep it. */
export async function writeOperations(
  at: Mongo,
  session: ClientSession,
  { workspace: w, seq }: Place,
  { known, asked, write }: Asked & { readonly write: CommitWrite },
): Promise<void> {
  const start = within(w);
  // Normally all of them were asked for.
  const unknown = write.operations.flatMap(({ op }) => (asked.has(op) ? [] : [op]));
  const extra = await findOperations(at, session, w, unknown);
  const rows = new Map<OperationId, OperationRow>();
  for (const { op, verdict, code, collection: c, id } of write.operations) {
    if (known.has(op) || extra.has(op) || rows.has(op)) continue;
    const row = { _id: start + op, w, seq, verdict, c, id };
    rows.set(op, code === undefined ? row : { ...row, code });
  }
  if (rows.size > 0)
    await at.operations.insertMany([...rows.values()], { session, ordered: false });

  const fates = write.fates.map(([stamp, fate]) => ({
    replaceOne: {
      filter: { _id: start + stamp, w },
      replacement: { w, seq, ...(fate.kind === 'replaced' ? { by: fate.by } : {}) },
      upsert: true,
    },
  }));
  if (fates.length > 0) await at.fates.bulkWrite(fates, { session });
}

interface Asked {
  readonly known: KnownOperations;
  readonly asked: ReadonlySet<OperationId>;
}
