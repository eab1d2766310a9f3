// Whole copies of the store: made while it is in use, checked, and put in its place.

import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from '@photostructure/sqlite';
import { StoreFailedError } from '../port/port.ts';
import {
  closeDatabase,
  inTransaction,
  newEpoch,
  openDatabase,
  prepare,
  type Database,
} from './database.ts';
import { BadBackupError } from './errors.ts';

/** Between stretches of so many pages, the store takes commits; they get into the copy too. */
const PAGES_AT_ONCE = 200;

/** What lies beside a file while it is open, or after its process was killed. */
const BESIDE = ['-wal', '-shm', '-journal'];

/** Copies an open database, as of the moment at which the copy is complete, into one plain file. */
export async function copyDatabase(db: Database, copy: string): Promise<void> {
  const part = `${copy}.partial`;
  try {
    removeDatabase(part);
    await backup(db, part, { rate: PAGES_AT_ONCE });
    const made = new DatabaseSync(part);
    made.exec('PRAGMA journal_mode = DELETE');
    made.close();
    renameSync(part, copy);
    syncFolder(dirname(copy));
  } catch (error) {
    throw new StoreFailedError('The copy could not be written.', { cause: error });
  } finally {
    removeDatabase(part);
  }
}

/** What is wrong with a store's file as such; nothing where it is whole. */
export function damageOf(file: string): readonly string[] {
  let db: Database | undefined;
  try {
    db = new DatabaseSync(file);
    const found = prepare<[string]>(db, 'PRAGMA integrity_check').all();
    const store = prepare<[number]>(db, 'SELECT count(*) FROM store').get();
    return store?.[0] === 1
      ? found.map(([sentence]) => sentence).filter((sentence) => sentence !== 'ok')
      : ['it has no epoch'];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    db?.close();
  }
}

export interface Restored {
  /** Where the data that were there before are now. */
  readonly aside: string | undefined;
}

/**
 * Puts a backup in the place of a store. The backup's history goes on under a new epoch, which
 * knows how much of the old one it has. Until the last step, which is one rename, the store is what
 * it was.
 *
 * @param name Names the moment, for what is set aside.
 * @throws {BadBackupError} where the file is none that can be restored.
 * @throws {StoreInUseError} where a process has the store.
 */
export function restoreBackup(file: string, store: string, name: string): Restored {
  const next = `${store}.restoring`;
  const existed = existsSync(store);
  const release = existed ? holdStore(store) : undefined;
  try {
    removeDatabase(next);
    copyFileSync(file, next);
    // Of a file that was copied by hand while it was in use.
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${next}-wal`);
    beginEpoch(next, file);
    const aside = existed ? setAside(store, `${store}.before-${name}`) : undefined;
    renameSync(next, store);
    syncFolder(dirname(store));
    return { aside };
  } finally {
    removeDatabase(next);
    release?.();
  }
}

function beginEpoch(copy: string, file: string): void {
  const damage = damageOf(copy);
  const [first] = damage;
  if (first !== undefined) throw new BadBackupError(file, first);
  const db = openDatabase(copy);
  try {
    inTransaction(db, () => {
      db.exec(`
        INSERT OR REPLACE INTO epochs (epoch, w, survives)
          SELECT store.epoch, w, seq FROM store, workspaces`);
      prepare(db, 'UPDATE store SET epoch = ?').run(newEpoch());
    });
  } finally {
    closeDatabase(db);
  }
}

/**
 * Keeps other processes off a store until it is released. Its file is complete then, with nothing
 * beside it. A file that is too damaged to be opened is held by nobody.
 */
function holdStore(store: string): (() => void) | undefined {
  let db: Database;
  try {
    db = openDatabase(store);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'store_in_use') throw error;
    return undefined;
  }
  // In this mode nothing stays beside the file, also while it is held.
  db.exec(`PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT epoch FROM store;
    BEGIN EXCLUSIVE`);
  return () => {
    db.exec('ROLLBACK');
    closeDatabase(db);
  };
}

/** A second name for the file, so that there is a store at its place at every moment. */
function setAside(store: string, aside: string): string {
  try {
    linkSync(store, aside);
  } catch {
    // Not every file system has second names.
    copyFileSync(store, aside, constants.COPYFILE_EXCL);
  }
  // Of a damaged store, whose journal could not be read: it would be taken for the backup's.
  for (const suffix of BESIDE)
    if (existsSync(store + suffix)) renameSync(store + suffix, aside + suffix);
  return aside;
}

export function removeDatabase(file: string): void {
  for (const suffix of ['', ...BESIDE]) rmSync(file + suffix, { force: true });
}

/** The names in a folder last when the folder itself is on the disk. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
