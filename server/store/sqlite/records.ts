// Accounts, keys and settings: JSON values by kind and id.

import type { RecordWrite, Store } from '../port/port.ts';
import { inTransaction, prepare, type Database } from './database.ts';

/** Carries "it is not what it was" out of the transaction, which it undoes. */
class OtherThanItWas extends Error {}

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

  const writeOne = ({ kind, id, value, onlyIf }: RecordWrite): void => {
    if (onlyIf !== undefined && select.get(kind, id)?.[0] !== JSON.stringify(onlyIf.was))
      throw new OtherThanItWas();
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
        if (error instanceof OtherThanItWas) return false;
        throw error;
      }
    },
  };
}
