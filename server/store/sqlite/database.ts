// The file under the SQLite store: opened once, locked for the life of the process, laid out.

import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
// `node:sqlite` has the same interface and can stand here from Node 22.13 on.
import { DatabaseSync } from '@photostructure/sqlite';
import { StoreFailedError } from '../port/port.ts';
import { StoreInUseError, StoreTooNewError } from './errors.ts';

export type Database = InstanceType<typeof DatabaseSync>;
export type Cell = string | number | null | Uint8Array;

// Small checkpoints: each holds the only thread, so several short stalls are better than a long one.
const CHECKPOINT_PAGES = 1_000;

const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = ON;
  PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
  PRAGMA temp_store = MEMORY;
`;

// A document's body lies in its row and is updated in place: of the layouts tried, the fastest.
// The feed index holds all that finding a page's end needs.
const FIRST_LAYOUT = `
  CREATE TABLE store (epoch TEXT NOT NULL) STRICT;
  CREATE TABLE workspaces (
    w INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE collections (
    c INTEGER PRIMARY KEY, w INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (w, name)
  ) STRICT;
  CREATE TABLE scopes (
    scope INTEGER PRIMARY KEY, w INTEGER NOT NULL, keys TEXT NOT NULL, UNIQUE (w, keys)
  ) STRICT;
  CREATE TABLE documents (
    row INTEGER PRIMARY KEY, c INTEGER NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL,
    pos INTEGER NOT NULL, deleted INTEGER NOT NULL, scope INTEGER NOT NULL,
    indexed TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (c, id)
  ) STRICT;
  CREATE INDEX feed ON documents (c, seq, pos, scope);
  CREATE TABLE left_keys (
    c INTEGER NOT NULL, seq INTEGER NOT NULL, pos INTEGER NOT NULL, key TEXT NOT NULL,
    id TEXT NOT NULL, PRIMARY KEY (c, seq, pos, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE operations (
    w INTEGER NOT NULL, op TEXT NOT NULL, verdict TEXT NOT NULL, code TEXT,
    collection TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (w, op)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE fates (
    w INTEGER NOT NULL, stamp TEXT NOT NULL, replaced_by TEXT, PRIMARY KEY (w, stamp)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE records (
    kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
`;

// Marks say when commits were made; `survives` is how much of an earlier epoch is in this one.
const PURGE_AND_RESTORE = `
  ALTER TABLE workspaces ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE operations ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE fates ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX operations_by_seq ON operations (w, seq);
  CREATE INDEX fates_by_seq ON fates (w, seq);
  CREATE INDEX tombstones ON documents (c, seq) WHERE deleted = 1;
  CREATE TABLE purged (
    c INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (c, digest)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE marks (
    w INTEGER NOT NULL, time_ms INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (w, time_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE epochs (
    epoch TEXT NOT NULL, w INTEGER NOT NULL, survives INTEGER NOT NULL, PRIMARY KEY (epoch, w)
  ) STRICT, WITHOUT ROWID;
`;

/** Each brings a file from the version of its index to the next one. */
const LAYOUTS = [FIRST_LAYOUT, PURGE_AND_RESTORE];

/** A prepared statement; `Row` names the columns of what it reads. */
export interface Query<Row extends readonly Cell[]> {
  readonly all: (...cells: readonly Cell[]) => readonly Row[];
  readonly get: (...cells: readonly Cell[]) => Row | undefined;
  /** One row after the other; nobody may write meanwhile. */
  readonly iterate: (...cells: readonly Cell[]) => Iterable<Row>;
  readonly run: (...cells: readonly Cell[]) => { readonly lastInsertRowid: number | bigint };
}

/** Prepares a statement whose rows come as arrays, which costs less than objects. */
export function prepare<Row extends readonly Cell[] = []>(db: Database, sql: string): Query<Row> {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return {
    all: (...cells) => statement.all(...cells),
    get: (...cells) => statement.get(...cells),
    run: (...cells) => statement.run(...cells),
    // The library's iterator does not keep its statement: collected between two rows, the process dies.
    *iterate(...cells) {
      yield* statement.iterate(...cells);
    },
  };
}

/** Runs `work` in one transaction: all of it lasts, or nothing happened and `undone` is called. */
export function inTransaction<T>(db: Database, work: () => T, undone?: () => void): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // After some errors, a full disk among them, SQLite has rolled back already.
    if (db.isTransaction) db.exec('ROLLBACK');
    undone?.();
    throw error;
  }
}

/** SQLite's own failures as the port's; what callers throw in their decisions stays what it is. */
export function failing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw failureOf(error);
  }
}

export const failureOf = (error: unknown): unknown =>
  isSqliteError(error) ? new StoreFailedError('SQLite failed', { cause: error }) : error;

const SQLITE_CONSTRAINT = 19;
/** A broken constraint is a defect of ours; trying again would break it again. */
const isSqliteError = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  String(error.code).startsWith('ERR_SQLITE') &&
  !('errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_CONSTRAINT);

/**
 * Opens the file and keeps it to this process; the kernel gives the lock back when the process ends.
 *
 * @throws {StoreInUseError} where another process has it.
 * @throws {StoreTooNewError} where a newer version wrote it.
 */
export function openDatabase(file: string): Database {
  mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file);
  try {
    db.exec(SETTINGS);
    inTransaction(db, () => layOut(db, file));
    return db;
  } catch (error) {
    db.close();
    throw isBusy(error) ? new StoreInUseError(file) : error;
  }
}

/**
 * Closes the file and gives its lock back at once. By itself, closing waits for the collection of
 * every statement; leaving WAL also leaves one plain file behind, good to copy.
 */
export function closeDatabase(db: Database): void {
  if (!db.isOpen) return;
  try {
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT epoch FROM store');
  } finally {
    db.close();
  }
}

function layOut(db: Database, file: string): void {
  const version = prepare<[number]>(db, 'PRAGMA user_version').get()?.[0] ?? 0;
  if (version > LAYOUTS.length) throw new StoreTooNewError(file, version, LAYOUTS.length);
  if (version === LAYOUTS.length) return;
  for (const layout of LAYOUTS.slice(version)) db.exec(layout);
  db.exec(`PRAGMA user_version = ${LAYOUTS.length}`);
  if (version === 0) prepare(db, 'INSERT INTO store VALUES (?)').run(newEpoch());
}

export const newEpoch = (): string => randomBytes(8).toString('hex');

const SQLITE_BUSY = 5;
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
