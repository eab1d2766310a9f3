// All documents of a collection against RxDB's notes of them, in pages, as fast as the storage can. Of
// Dexie's storage the tables themselves are read, because RxDB walks them document by document.

import {
  getAssumedMasterState,
  normalizeMangoQuery,
  prepareQuery,
  type RxDocumentData,
  type RxStorageInstanceReplicationState,
} from 'rxdb';
import { isSameVersion } from '../conflict/handler.ts';
import type { WireDocument } from '../protocol/index.ts';
import type { AuditPlace } from './audit-place.ts';
import { isRecord } from './check.ts';
import type { Draft } from './stamping.ts';

type State = RxStorageInstanceReplicationState<Draft>;

const PAGE = 1_000;
/** Small pages, some at once, so that the storage never waits for what is done with them. */
const TABLE_PAGE = 250;
const AT_ONCE = 4;

/** The ids of all documents that seem to differ from their notes, or have none. */
export async function differing(place: AuditPlace, state: State): Promise<readonly string[]> {
  const tables = await tablesOf(place, state);
  return tables === undefined ? differingByQuery(place, state) : differingInTables(place, tables);
}

async function differingByQuery(place: AuditPlace, state: State): Promise<readonly string[]> {
  const key = place.local.schema.primaryPath;
  const ids: string[] = [];
  const compare = async (documents: readonly RxDocumentData<Draft>[]): Promise<void> => {
    const found = documents.map((data) => String(data[key]));
    const notes = await getAssumedMasterState(state, found);
    documents.forEach((data, index) => {
      const id = found[index] ?? '';
      const note = notes[id]?.docData;
      if (note === undefined || !isSameVersion(data, note)) ids.push(id);
    });
  };
  let lwt = 0;
  for (;;) {
    const later = await pageOf(place, { '_meta.lwt': { $gt: lwt } });
    await compare(later);
    const last = later.at(-1);
    if (last === undefined || later.length < PAGE) return ids;
    lwt = last._meta.lwt;
    // What was written at once has one time, and a page may end within it.
    for (let from: string | undefined = String(last[key]); from !== undefined;) {
      const rest = await pageOf(place, { '_meta.lwt': { $eq: lwt }, [key]: { $gt: from } });
      await compare(rest);
      from = rest.length < PAGE ? undefined : String(rest.at(-1)?.[key]);
    }
  }
}

/** By the only index that every collection has; RxDB's own look at what is new tests each document. */
async function pageOf({ local }: AuditPlace, selector: object) {
  const { storageInstance, schema } = local;
  const sort = [{ '_meta.lwt': 'asc' }, { [schema.primaryPath]: 'asc' }];
  const query = normalizeMangoQuery(storageInstance.schema, {
    selector,
    sort,
    limit: PAGE,
  } as never);
  return (await storageInstance.query(prepareQuery(storageInstance.schema, query))).documents;
}

/** As much of a Dexie table as is read here. */
interface Table {
  toCollection(): { primaryKeys(): Promise<readonly string[]> };
  where(index: ':id'): {
    between(
      from: string,
      to: string,
      withFrom: true,
      withTo: true,
    ): { toArray(): Promise<readonly Row[]> };
  };
}
type Row = Readonly<Record<string, unknown>>;
interface Tables {
  readonly documents: Table;
  readonly notes: Table;
}

async function tablesOf({ local }: AuditPlace, state: State): Promise<Tables | undefined> {
  const [documents, notes] = await Promise.all([
    tableIn(local.storageInstance.internals),
    tableIn(state.input.metaInstance.internals),
  ]);
  return documents && notes && { documents, notes };
}

async function tableIn(internals: unknown): Promise<Table | undefined> {
  const known: unknown = await internals;
  const table = isRecord(known) ? known['dexieTable'] : undefined;
  const isTable =
    isRecord(table) && typeof table['where'] === 'function' && 'toCollection' in table;
  return isTable ? (table as unknown as Table) : undefined;
}

async function differingInTables(
  { local }: AuditPlace,
  { documents, notes }: Tables,
): Promise<readonly string[]> {
  const key = local.schema.primaryPath;
  const differ: string[] = [];
  const pages = inPages(await documents.toCollection().primaryKeys());
  const compare = async (): Promise<void> => {
    for (const ids of pages) {
      const [rows, noted] = await Promise.all([between(documents, ids), notesIn(notes, ids)]);
      for (const row of rows) {
        const id = String(row[key]);
        const note = noted.get(id);
        if (note === undefined || !isSameVersion(asDocument(row), note)) differ.push(id);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, compare));
  return differ;
}

function* inPages(ids: readonly string[]): Generator<readonly string[], void> {
  for (let at = 0; at < ids.length; at += TABLE_PAGE) yield ids.slice(at, at + TABLE_PAGE);
}

/** All rows from the first of these keys to the last. */
async function between(table: Table, keys: readonly string[]): Promise<readonly Row[]> {
  const [first, last] = [keys[0], keys.at(-1)];
  if (first === undefined || last === undefined) return [];
  return table.where(':id').between(first, last, true, true).toArray();
}

/** RxDB's name for the note of a document. */
const nameOf = (id: string): string => `${id}|0`;

/** One whose id begins with another's may lie outside: it seems to differ, and is looked at again. */
async function notesIn(
  table: Table,
  ids: readonly string[],
): Promise<ReadonlyMap<string, WireDocument>> {
  const noted = new Map<string, WireDocument>();
  for (const row of await between(table, ids.map(nameOf))) {
    if (row['isCheckpoint'] === '0' && isRecord(row['docData']))
      noted.set(String(row['itemId']), row['docData']);
  }
  return noted;
}

/** Dexie has no index on booleans, so RxDB stores this one as a text. */
const asDocument = ({ clk, rev, _deleted }: Row): WireDocument =>
  ({ clk, rev, _deleted: _deleted === '1' || _deleted === true }) as WireDocument;
