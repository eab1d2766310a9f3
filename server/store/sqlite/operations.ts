// What became of each pushed row, and of the stamps that were not taken as they came.

import type { OperationId, Verdict } from '../../../replication/core.ts';
import type { CommitWrite, OperationRecord, StampFate } from '../port/port.ts';
import { prepare, type Database } from './database.ts';
import type { Workspace } from './workspaces.ts';

export interface Operations {
  readonly operations: (
    at: Workspace | undefined,
    ids: readonly OperationId[],
  ) => ReadonlyMap<OperationId, OperationRecord>;
  readonly fates: (
    at: Workspace | undefined,
    stamps: readonly string[],
  ) => ReadonlyMap<string, StampFate>;
  readonly write: (at: Workspace, seq: number, write: CommitWrite) => void;
}

type Row = [op: OperationId, verdict: Verdict, code: string | null, collection: string, id: string];
type FateRow = [stamp: string, replacedBy: string | null];

export function openOperations(db: Database): Operations {
  const select = prepare<Row>(
    db,
    `SELECT op, verdict, code, collection, id FROM operations
     WHERE w = ? AND op IN (SELECT value FROM json_each(?))`,
  );
  const insert = prepare(
    db,
    `INSERT INTO operations (w, op, verdict, code, collection, id, seq) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (w, op) DO NOTHING`,
  );
  const selectFates = prepare<FateRow>(
    db,
    `SELECT stamp, replaced_by FROM fates
     WHERE w = ? AND stamp IN (SELECT value FROM json_each(?))`,
  );
  const insertFate = prepare(
    db,
    `INSERT INTO fates (w, stamp, replaced_by, seq) VALUES (?, ?, ?, ?)
     ON CONFLICT (w, stamp) DO UPDATE SET replaced_by = excluded.replaced_by, seq = excluded.seq`,
  );

  return {
    operations: (at, ids) => {
      const found = new Map<OperationId, OperationRecord>();
      if (at === undefined || ids.length === 0) return found;
      for (const [op, verdict, code, collection, id] of select.all(at.w, JSON.stringify(ids)))
        found.set(op, { op, collection, id, verdict, ...(code === null ? {} : { code }) });
      return found;
    },
    fates: (at, stamps) => {
      const found = new Map<string, StampFate>();
      if (at === undefined || !at.hasFates || stamps.length === 0) return found;
      for (const [stamp, by] of selectFates.all(at.w, JSON.stringify(stamps)))
        found.set(stamp, by === null ? { kind: 'refused' } : { kind: 'replaced', by });
      return found;
    },
    write: (at, seq, { operations, fates }) => {
      for (const { op, verdict, code, collection, id } of operations)
        insert.run(at.w, op, verdict, code ?? null, collection, id, seq);
      for (const [stamp, fate] of fates)
        insertFate.run(at.w, stamp, fate.kind === 'replaced' ? fate.by : null, seq);
      if (fates.length > 0) at.hasFates = true;
    },
  };
}
