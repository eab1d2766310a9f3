// Accounts, keys and settings: JSON values by kind and id.

import type { ClientSession } from 'mongodb';
import type { RecordWrite, Store } from '../port/port.ts';
import type { Mongo } from './database.ts';
import { checkSizes } from './limits.ts';
import { BY_ID, within, type RecordRow } from './rows.ts';
import { inTransaction } from './transactions.ts';

/** A write with its value as text; without it, the record goes. */
interface TextWrite extends RecordWrite {
  readonly rowId: string;
  readonly text: string | undefined;
}

const LAST_CHARACTER = '\u{10ffff}';

export function openRecords(at: Mongo): Pick<Store, 'record' | 'records' | 'writeRecords'> {
  return {
    record: (kind, id) =>
      inTransaction(at, async (session) => {
        const row = await at.records.findOne({ _id: within(kind) + id }, { session });
        return row === null ? undefined : (JSON.parse(row.value) as unknown);
      }),
    records: (kind, prefix) =>
      inTransaction(at, async (session) => {
        const start = within(kind) + prefix;
        const rows = at.records.find(
          { _id: { $gte: start, $lt: start + LAST_CHARACTER } },
          { session, sort: { _id: 1 }, hint: BY_ID },
        );
        return (await rows.toArray()).map(({ id, value }) => ({
          id,
          value: JSON.parse(value) as unknown,
        }));
      }),
    writeRecords: async (writes) => {
      const texts = writes.map((write): TextWrite => ({
        ...write,
        rowId: within(write.kind) + write.id,
        // `undefined` has no text, whatever its type says.
        text: JSON.stringify(write.value) as string | undefined,
      }));
      checkSizes(texts.map(({ rowId, text = '' }) => [rowId, rowId, text]));
      return texts.length === 0 || inTransaction(at, (session) => write(at, session, texts));
    },
  };
}

/** All of them or, where a record is not what a write says that it was, nothing. */
async function write(
  at: Mongo,
  session: ClientSession,
  writes: readonly TextWrite[],
): Promise<boolean> {
  await at.processes.register(session);
  const compared = writes.filter(({ onlyIf }) => onlyIf !== undefined).map(({ rowId }) => rowId);
  const there = new Map<string, string | undefined>();
  if (compared.length > 0) {
    const found = at.records.find({ _id: { $in: compared } }, { session });
    for (const { _id, value } of await found.toArray()) there.set(_id, value);
  }
  // Several writes of one record count in their order; the last one stands.
  const rows = new Map<string, RecordRow | undefined>();
  for (const { rowId, kind, id, text, onlyIf } of writes) {
    if (onlyIf !== undefined && there.get(rowId) !== JSON.stringify(onlyIf.was)) return false;
    there.set(rowId, text);
    rows.set(rowId, text === undefined ? undefined : { _id: rowId, kind, id, value: text });
  }
  const changes = [...rows].map(([_id, row]) => {
    const filter = { _id };
    if (row === undefined) return { deleteOne: { filter } };
    const { _id: _same, ...replacement } = row;
    return { replaceOne: { filter, replacement, upsert: true } };
  });
  await at.records.bulkWrite(changes, { session, ordered: false });
  return true;
}
