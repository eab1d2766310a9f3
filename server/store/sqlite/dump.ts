// A dump of the SQLite store: the one connection takes commits meanwhile, so a copy is read.

import { DatabaseSync } from '@photostructure/sqlite';
import {
  epoch as asEpoch,
  seq as asSeq,
  workspaceId,
  type OperationId,
  type Seq,
  type Verdict,
  type WorkspaceId,
} from '../../../replication/core.ts';
import type { Part } from '../port/dump.ts';
import type { DocumentWrite } from '../port/port.ts';
import { copyDatabase, removeDatabase } from './backup.ts';
import { failureOf, prepare, type Database } from './database.ts';
import { KEPT } from './load.ts';

/** @param copy Where the copy may lie for a moment. */
export async function* dumpDatabase(db: Database, copy: string): AsyncGenerator<Part> {
  await copyDatabase(db, copy);
  const snapshot = new DatabaseSync(copy, { readOnly: true });
  try {
    // It is there until it is closed, and nothing stays behind, whatever ends this process.
    removeDatabase(copy);
    yield* partsIn(snapshot);
  } catch (error) {
    throw failureOf(error);
  } finally {
    snapshot.close();
  }
}

function* partsIn(db: Database): Generator<Part> {
  const [epoch = ''] = prepare<[string]>(db, 'SELECT epoch FROM store').get() ?? [];
  yield { part: 'store', epoch: asEpoch(epoch) };
  const records = prepare<[kind: string, id: string, value: string]>(
    db,
    'SELECT kind, id, value FROM records ORDER BY kind, id',
  );
  for (const [kind, id, value] of records.iterate())
    yield { part: 'record', kind, id, value: JSON.parse(value) as unknown };

  const workspaces = prepare<[w: number, id: string, seq: number, timeMs: number, floor: number]>(
    db,
    `SELECT w, id, seq, time_ms, floor FROM workspaces WHERE ${KEPT} ORDER BY id`,
  );
  const epochs = prepare<[epoch: string, survives: number]>(
    db,
    'SELECT epoch, survives FROM epochs WHERE w = ?',
  );
  for (const [w, id, seq, timeMs, floor] of workspaces.all()) {
    const workspace = workspaceId(id);
    const updatedAt = new Date(timeMs).toISOString();
    const survives = Object.fromEntries(
      epochs.all(w).map(([earlier, upTo]): [string, Seq] => [earlier, asSeq(upTo)]),
    );
    yield {
      part: 'workspace',
      workspace,
      seq: asSeq(seq),
      updatedAt,
      floor: asSeq(floor),
      survives,
    };
    yield* partsOf(db, w, workspace);
  }
}

function* partsOf(db: Database, w: number, workspace: WorkspaceId): Generator<Part> {
  const collections = prepare<[c: number, name: string]>(
    db,
    'SELECT c, name FROM collections WHERE w = ? ORDER BY name',
  ).all(w);
  const marks = prepare<[timeMs: number, seq: number]>(
    db,
    'SELECT time_ms, seq FROM marks WHERE w = ? ORDER BY time_ms',
  );
  for (const [timeMs, seq] of marks.iterate(w))
    yield { part: 'mark', workspace, timeMs, seq: asSeq(seq) };
  for (const [c, collection] of collections) yield* documentsOf(db, c, { workspace, collection });
  for (const [c, collection] of collections) yield* leftOf(db, c, { workspace, collection });
  yield* operationsOf(db, w, workspace);
  yield* fatesOf(db, w, workspace);
  const purged = prepare<[digest: string]>(
    db,
    'SELECT lower(hex(digest)) FROM purged WHERE c = ? ORDER BY digest',
  );
  for (const [c, collection] of collections)
    for (const [digest] of purged.iterate(c))
      yield { part: 'purged', workspace, collection, digest };
}

interface Place {
  readonly workspace: WorkspaceId;
  readonly collection: string;
}
type Row = [
  id: string,
  seq: number,
  pos: number,
  deleted: number,
  keys: string,
  indexed: string,
  text: string,
];

function* documentsOf(db: Database, c: number, place: Place): Generator<Part> {
  const select = prepare<Row>(
    db,
    `SELECT id, seq, pos, deleted, keys, indexed, body FROM documents CROSS JOIN scopes USING (scope)
     WHERE c = ? ORDER BY seq, pos`,
  );
  for (const [id, seq, pos, deleted, keys, indexed, text] of select.iterate(c))
    yield {
      part: 'document',
      ...place,
      id,
      seq: asSeq(seq),
      pos,
      deleted: deleted === 1,
      text,
      scopeKeys: JSON.parse(keys) as readonly string[],
      indexed: JSON.parse(indexed) as DocumentWrite['indexed'],
    };
}

function* leftOf(db: Database, c: number, place: Place): Generator<Part> {
  const select = prepare<[seq: number, pos: number, key: string, id: string]>(
    db,
    'SELECT seq, pos, key, id FROM left_keys WHERE c = ? ORDER BY seq, pos, key',
  );
  for (const [seq, pos, key, id] of select.iterate(c))
    yield { part: 'left', ...place, seq: asSeq(seq), pos, key, id };
}

type OperationRow = [
  op: OperationId,
  verdict: Verdict,
  code: string | null,
  collection: string,
  id: string,
  seq: number,
];

function* operationsOf(db: Database, w: number, workspace: WorkspaceId): Generator<Part> {
  const select = prepare<OperationRow>(
    db,
    'SELECT op, verdict, code, collection, id, seq FROM operations WHERE w = ? ORDER BY op',
  );
  for (const [op, verdict, code, collection, id, seq] of select.iterate(w)) {
    const said = code === null ? {} : { code };
    yield { part: 'operation', workspace, op, verdict, ...said, collection, id, seq: asSeq(seq) };
  }
}

function* fatesOf(db: Database, w: number, workspace: WorkspaceId): Generator<Part> {
  const select = prepare<[stamp: string, by: string | null, seq: number]>(
    db,
    'SELECT stamp, replaced_by, seq FROM fates WHERE w = ? ORDER BY stamp',
  );
  for (const [stamp, by, seq] of select.iterate(w)) {
    const fate = by === null ? ({ kind: 'refused' } as const) : ({ kind: 'replaced', by } as const);
    yield { part: 'fate', workspace, stamp, fate, seq: asSeq(seq) };
  }
}
