// Accounts, keys and settings: JSON values by kind and id.

import type { RecordWrite, Store } from '../port/port.ts';
import { inTransaction, prepare, type Database } from './database.ts';

/** Carries "it exists already" out of the transaction, which it undoes. */
class AlreadyThere extends Error {}

export function openRecords(db: Database): Pick<Store, 'record' | 'records' | 'writeRecords'> {
  const select = prepare<[value: string]>(
    db,
    'SELECT value FROM records WHERE kind = ? AND id = ?',
  );
  const selectAll = prepare<[id: string, value: string]>(
    db,
    `SELECT id, value FROM records
     WHERE kind = ?1 AND id >= ?2 AND id < ?2 || char(0x10ffff) ORDER BY id`,
  );
  const upsert = prepare(
    db,
    `INSERT INTO records (kind, id, value) VALUES (?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET value = excluded.value`,
  );
  const remove = prepare(db, 'DELETE FROM records WHERE kind = ? AND id = ?');

  const writeOne = ({ kind, id, value, ifAbsent }: RecordWrite): void => {
    if (ifAbsent === true && select.get(kind, id) !== undefined) throw new AlreadyThere();
    if (value === undefined) remove.run(kind, id);
    else upsert.run(kind, id, JSON.stringify(value));
  };

  return {
    record: async (kind, id) => {
      const row = select.get(kind, id);
      return row === undefined ? undefined : (JSON.parse(row[0]) as unknown);
    },
    records: async (kind, prefix) =>
      selectAll.all(kind, prefix).map(([id, value]) => ({
        id,
        value: JSON.parse(value) as unknown,
      })),
    writeRecords: async (writes) => {
      try {
        inTransaction(db, () => writes.forEach(writeOne));
        return true;
      } catch (error) {
        if (error instanceof AlreadyThere) return false;
        throw error;
      }
    },
  };
}
