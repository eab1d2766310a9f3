// The stamps of local writes, set by RxDB's hooks just before a document is stored. Replication's
// own writes run no hooks, so what the server sends keeps the server's stamps.

import { isReserved, RESERVED_FIELDS, type Clock, type Collection } from '../../schemas/index.ts';
import { advanceVector } from '../merge/vector.ts';
import { finalDelete, isFinal } from './final-deletes.ts';
import { changedEntries, CREATED, DELETED } from '../stamp/clock.ts';
import { isStamp, type NodeId, type StampClock } from '../stamp/stamp.ts';

export interface Stamper {
  readonly clock: StampClock;
  readonly node: NodeId;
  /** The server's time as this device knows it, ISO 8601. */
  readonly nowIso: () => string;
  readonly user: string;
}

/** A document on its way into the local storage; RxDB's own fields start with an underscore. */
export type Draft = Record<string, unknown>;

const clockIn = (document: Readonly<Draft>, field: 'clk' | 'vv'): Clock => {
  const value = document[field];
  return typeof value === 'object' && value !== null ? (value as Clock) : {};
};

const advance = (collection: Collection, draft: Draft, vector: Clock, stamp: string): void => {
  if (collection.versionVector) draft['vv'] = advanceVector(vector, stamp);
};

export function stampInsert(collection: Collection, draft: Draft, stamper: Stamper): void {
  const stamp = stamper.clock.tick();
  const now = stamper.nowIso();
  draft['clk'] = { [CREATED]: stamp };
  draft['rev'] = 0;
  draft['createdAt'] = now;
  draft['updatedAt'] = now;
  draft['createdBy'] = stamper.user;
  draft['updatedBy'] = stamper.user;
  delete draft['vv'];
  advance(collection, draft, {}, stamp);
}

/**
 * Stamps the entries that differ from `before`. RxDB may run it twice for one write and joins
 * several writes into one, so an entry that this page has stamped already keeps its stamp, and
 * every other changed one gets one. Reserved and derived fields are not the program's to write.
 */
export function stampSave(
  collection: Collection,
  draft: Draft,
  before: Readonly<Draft>,
  stamper: Stamper,
): void {
  if (draft['_deleted'] !== true && isFinal(before))
    throw finalDelete(collection, String(before[collection.primaryKey]));
  const given = clockIn(draft, 'clk');
  const known = clockIn(before, 'clk');
  for (const field of [...RESERVED_FIELDS, ...collection.derived]) {
    if (field === '_deleted') continue;
    if (before[field] === undefined) delete draft[field];
    else draft[field] = before[field];
  }
  const changed = changedEntries(collection, before, draft).filter((entry) => !isInternal(entry));
  const entries =
    draft['_deleted'] === true && before['_deleted'] !== true ? [...changed, DELETED] : changed;
  if (entries.length === 0) return;

  const clk: Record<string, string> = { ...known };
  const unstamped: string[] = [];
  for (const entry of entries) {
    const stamp = given[entry];
    const isOwn = isStamp(stamp) && stamp !== known[entry] && stamp.endsWith(`-${stamper.node}`);
    if (isOwn) clk[entry] = stamp;
    else unstamped.push(entry);
  }
  const stamp = unstamped.length > 0 ? stamper.clock.tick(clk) : undefined;
  if (stamp !== undefined) for (const entry of unstamped) clk[entry] = stamp;
  draft['clk'] = clk;
  for (const entry of entries)
    advance(collection, draft, clockIn(draft, 'vv'), clk[entry] ?? known[CREATED] ?? '');
}

export function stampRemove(collection: Collection, draft: Draft, stamper: Stamper): void {
  const clk = clockIn(draft, 'clk');
  const stamp = stamper.clock.tick(clk);
  // A new object: RxDB hands the same draft on as the write's previous state.
  draft['clk'] = { ...clk, [DELETED]: stamp };
  advance(collection, draft, clockIn(draft, 'vv'), stamp);
}

const isInternal = (entry: string): boolean => entry.startsWith('_') || isReserved(entry);
