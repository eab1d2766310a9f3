// A dump into an empty SQLite store, in one transaction: all of it is there, or nothing.

import type { WorkspaceId } from '../../../replication/core.ts';
import { StoreNotEmptyError, type Part } from '../port/dump.ts';
import { failureOf, prepare, type Cell, type Database } from './database.ts';
import type { Workspaces } from './workspaces.ts';

/** Of a workspace something is kept; one that was only looked at may have a row too. */
export const KEPT = `(seq > 0
  OR EXISTS (SELECT 1 FROM operations WHERE operations.w = workspaces.w)
  OR EXISTS (SELECT 1 FROM fates WHERE fates.w = workspaces.w)
  OR EXISTS (SELECT 1 FROM epochs WHERE epochs.w = workspaces.w))`;

export function loader(
  db: Database,
  workspaces: Workspaces,
): (parts: AsyncIterable<Part>) => Promise<void> {
  const keepsAnything = prepare<[number]>(
    db,
    `SELECT EXISTS (SELECT 1 FROM records) OR EXISTS (SELECT 1 FROM workspaces WHERE ${KEPT})`,
  );
  const write = partWriter(db, workspaces);

  return async (parts) => {
    const loaded = new Set<WorkspaceId>();
    db.exec('BEGIN IMMEDIATE');
    try {
      if (keepsAnything.get()?.[0] !== 0)
        throw new StoreNotEmptyError('The store has data already.');
      for await (const part of parts) {
        if ('workspace' in part) loaded.add(part.workspace);
        write(part);
      }
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw failureOf(error);
    } finally {
      for (const workspace of loaded) workspaces.forget(workspace);
    }
  };
}

type WritePart = (part: Part) => void;

function partWriter(db: Database, workspaces: Workspaces): WritePart {
  const into = (table: string, count: number): ((...cells: readonly Cell[]) => void) => {
    const insert = prepare(
      db,
      `INSERT INTO ${table} VALUES (${Array(count).fill('?').join(', ')})`,
    );
    return (...cells) => void insert.run(...cells);
  };
  const setEpoch = prepare(db, 'UPDATE store SET epoch = ?');
  const setHead = prepare(db, 'UPDATE workspaces SET seq = ?, time_ms = ?, floor = ? WHERE w = ?');
  const insertPurged = prepare(db, 'INSERT INTO purged (c, digest) VALUES (?, unhex(?))');
  const addRecord = into('records (kind, id, value)', 3);
  const addEpoch = into('epochs (epoch, w, survives)', 3);
  const addMark = into('marks (w, time_ms, seq)', 3);
  const addDocument = into('documents (c, id, seq, pos, deleted, scope, indexed, body)', 8);
  const addLeft = into('left_keys (c, seq, pos, key, id)', 5);
  const addOperation = into('operations (w, op, verdict, code, collection, id, seq)', 7);
  const addFate = into('fates (w, stamp, replaced_by, seq)', 4);

  return (part) => {
    if (part.part === 'store') return void setEpoch.run(part.epoch);
    if (part.part === 'record') return addRecord(part.kind, part.id, JSON.stringify(part.value));
    const at = workspaces.findOrCreate(part.workspace);
    const { w } = at;
    switch (part.part) {
      case 'workspace':
        setHead.run(part.seq, Date.parse(part.updatedAt), part.floor, w);
        for (const [epoch, upTo] of Object.entries(part.survives)) addEpoch(epoch, w, upTo);
        return;
      case 'mark':
        return addMark(w, part.timeMs, part.seq);
      case 'document': {
        const { id, seq, pos, text } = part;
        const c = workspaces.collection(at, part.collection);
        const { scope } = workspaces.scope(at, part.scopeKeys);
        const indexed = JSON.stringify(part.indexed);
        return addDocument(c, id, seq, pos, part.deleted ? 1 : 0, scope, indexed, text);
      }
      case 'left': {
        const c = workspaces.collection(at, part.collection);
        return addLeft(c, part.seq, part.pos, part.key, part.id);
      }
      case 'operation': {
        const { op, verdict, code = null, collection, id, seq } = part;
        return addOperation(w, op, verdict, code, collection, id, seq);
      }
      case 'fate': {
        const { stamp, fate, seq } = part;
        return addFate(w, stamp, fate.kind === 'replaced' ? fate.by : null, seq);
      }
      case 'purged':
        insertPurged.run(workspaces.collection(at, part.collection), part.digest);
    }
  };
}
