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
  where(index: ':id'): {
    above(key: string): { limit(count: number): { toArray(): Promise<readonly Row[]> } };
    between(
      from: string,
      to: string,
      withFrom: true,
      withTo: true,
    ): { toArray(): Promise<readonly Row[]> };
  };
  bulkGet(keys: readonly string[]): Promise<readonly (Row | undefined)[]>;
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
  const isTable = isRecord(table) && typeof table['where'] === 'function' && 'bulkGet' in table;
  return isTable ? (table as unknown as Table) : undefined;
}

async function differingInTables(
  { local }: AuditPlace,
  { documents, notes }: Tables,
): Promise<readonly string[]> {
  const key = local.schema.primaryPath;
  const ids: string[] = [];
  const read = (from: string) => documents.where(':id').above(from).limit(PAGE).toArray();
  let page = await read('');
  while (page.length > 0) {
    const found = page.map((row) => String(row[key]));
    const last = found.at(-1);
    // The next page is read meanwhile.
    const [noted, next] = await Promise.all([
      notesIn(notes, found),
      last === undefined || page.length < PAGE ? [] : read(last),
    ]);
    page.forEach((row, index) => {
      const id = found[index] ?? '';
      const note = noted.get(id);
      if (note === undefined || !isSameVersion(asDocument(row), note)) ids.push(id);
    });
    page = next;
  }
  return ids;
}

/** RxDB's name for the note of a document. */
const nameOf = (id: string): string => `${id}|0`;

/** Those between the first and the last at once; one whose id begins with another's may lie outside. */
async function notesIn(
  table: Table,
  ids: readonly string[],
): Promise<ReadonlyMap<string, WireDocument>> {
  const names = ids.map(nameOf);
  const [first, last] = [names[0], names.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const rows = await table.where(':id').between(first, last, true, true).toArray();
  const noted = new Map<string, WireDocument>();
  const take = (row: Row | undefined): void => {
    if (row?.['isCheckpoint'] === '0' && isRecord(row['docData']))
      noted.set(String(row['itemId']), row['docData']);
  };
  rows.forEach(take);
  const missing = ids.filter((id) => !noted.has(id)).map(nameOf);
  if (missing.length > 0) (await table.bulkGet(missing)).forEach(take);
  return noted;
}

/** Dexie has no index on booleans, so RxDB stores this one as a text. */
const asDocument = ({ clk, rev, _deleted }: Row): WireDocument =>
  ({ clk, rev, _deleted: _deleted === '1' || _deleted === true }) as WireDocument;
