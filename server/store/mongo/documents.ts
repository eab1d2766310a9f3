// Documents in the MongoDB store: read in bulk before a decision, written in bulk after it.

import type { AnyBulkWriteOperation, ClientSession, Collection } from 'mongodb';
import { randomUUID } from 'node:crypto';
import { seq as asSeq, type Seq, type WorkspaceId } from '../../../replication/core.ts';
import { canonicalKeys, lostKeys } from '../port/commit-rules.ts';
import {
  keyOf,
  type Change,
  type DocumentKey,
  type DocumentWrite,
  type ScannedDocument,
  type StoredDocument,
} from '../port/port.ts';
import type { Mongo } from './database.ts';
import { checkSizes, inParts } from './limits.ts';
import { BY_ID, inCollection, type DocumentRow, type LeftRow } from './rows.ts';

/** By `keyOf`; `undefined` for what was looked for and is not there. */
export type Looked = Map<string, StoredDocument | undefined>;

/** Rows by their ids: one command, unless there are more than one may name. */
export async function findByIds<Row extends { readonly _id: string; readonly w: string }>(
  at: Mongo,
  session: ClientSession,
  { rows, workspace }: { readonly rows: Collection<Row>; readonly workspace: WorkspaceId },
  ids: readonly string[],
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (const part of inParts(ids)) {
    const filter = { ...at.shardOf(workspace), _id: { $in: part } };
    const cursor = rows.find<Row>(filter as object, { session, batchSize: part.length + 1 });
    found.push(...(await cursor.toArray()));
  }
  return found;
}

const storedOf = (row: DocumentRow, id: string): StoredDocument => ({
  collection: row.c,
  id,
  seq: asSeq(row.seq),
  deleted: row.deleted,
  text: row.body,
  scopeKeys: row.keys,
});

const rowId = (workspace: WorkspaceId, { collection, id }: DocumentKey): string =>
  inCollection(workspace, collection) + id;

export async function lookFor(
  at: Mongo,
  session: ClientSession,
  workspace: WorkspaceId,
  keys: readonly DocumentKey[],
): Promise<Looked> {
  const looked: Looked = new Map();
  const byRow = new Map<string, DocumentKey>();
  for (const key of keys) {
    looked.set(keyOf(key.collection, key.id), undefined);
    byRow.set(rowId(workspace, key), key);
  }
  const place = { rows: at.documents, workspace };
  for (const row of await findByIds(at, session, place, [...byRow.keys()])) {
    const key = byRow.get(row._id);
    if (key !== undefined) looked.set(keyOf(key.collection, key.id), storedOf(row, key.id));
  }
  return looked;
}

/** The documents among what was looked for. */
export function documentsIn(looked: Looked): ReadonlyMap<string, StoredDocument> {
  const stored = new Map<string, StoredDocument>();
  for (const [key, document] of looked) if (document !== undefined) stored.set(key, document);
  return stored;
}

/** Where a commit's rows go. */
export interface Place {
  readonly workspace: WorkspaceId;
  readonly seq: Seq;
}

/** Writes a commit's documents, and `left` rows for the keys they lose. Returns what changed. */
export async function writeDocuments(
  at: Mongo,
  session: ClientSession,
  place: Place,
  looked: Looked,
  writes: readonly DocumentWrite[],
): Promise<readonly Change[]> {
  if (writes.length === 0) return [];
  const { workspace: w, seq } = place;
  // Normally all of them were needed for the decision and are known.
  const unknown = writes.filter(({ collection, id }) => !looked.has(keyOf(collection, id)));
  const extra = await lookFor(at, session, w, unknown);
  const rows: AnyBulkWriteOperation<DocumentRow>[] = [];
  const left: LeftRow[] = [];
  const changes = writes.map(({ collection: c, id, text, scopeKeys, ...write }, pos): Change => {
    const key = keyOf(c, id);
    const before = looked.get(key) ?? extra.get(key);
    const keys = canonicalKeys(scopeKeys);
    const indexed = JSON.stringify(write.indexed);
    const _id = rowId(w, { collection: c, id });
    const row = { w, c, seq, pos, deleted: write.deleted, keys, indexed, body: text };
    rows.push(
      before === undefined
        ? { insertOne: { document: { _id, ...row } } }
        : { replaceOne: { filter: { _id, w }, replacement: row } },
    );
    const lost = before === undefined ? [] : lostKeys(before.scopeKeys, keys);
    for (const lostKey of lost) left.push({ _id: randomUUID(), w, c, key: lostKey, seq, pos, id });
    return { collection: c, id, text, scopeKeys: keys, lostKeys: lost };
  });
  await at.documents.bulkWrite(rows, { session, ordered: false });
  if (left.length > 0) await at.left.insertMany(left, { session, ordered: false });
  return changes;
}

/** @throws {StoreLimitError} */
export const checkDocuments = (writes: readonly DocumentWrite[]): void => {
  checkSizes(
    writes.map(({ text, indexed, scopeKeys }) => [text, JSON.stringify(indexed), ...scopeKeys]),
  );
};

export async function scanDocuments(
  at: Mongo,
  session: ClientSession,
  place: { readonly workspace: WorkspaceId; readonly collection: string },
  after: string,
  limit: number,
): Promise<readonly ScannedDocument[]> {
  const { workspace, collection } = place;
  const start = inCollection(workspace, collection);
  // The first text behind all that begin with it: '0' comes after '/'.
  const end = `${start.slice(0, -1)}0`;
  const filter = { ...at.shardOf(workspace), _id: { $gt: start + after, $lt: end } };
  const options = { session, sort: { _id: 1 }, limit, batchSize: limit + 1, hint: BY_ID } as const;
  return (await at.documents.find(filter, options).toArray()).map((row) => ({
    ...storedOf(row, row._id.slice(start.length)),
    indexed: JSON.parse(row.indexed) as ScannedDocument['indexed'],
  }));
}
