// Documents in the SQLite store: read in bulk before a decision, written row by row after it.

import { seq as asSeq, type Seq } from '../../../replication/core.ts';
import { lostKeys } from '../port/commit-rules.ts';
import {
  keyOf,
  type Change,
  type DocumentKey,
  type DocumentWrite,
  type ScannedDocument,
  type StoredDocument,
} from '../port/port.ts';
import { prepare, type Database } from './database.ts';
import type { Workspace, Workspaces } from './workspaces.ts';

/** A stored document and where it lies. */
export interface Found {
  readonly row: number;
  readonly scope: number;
  readonly document: StoredDocument;
}

/** By `keyOf`; `undefined` for what was looked for and is not there. */
export type Looked = Map<string, Found | undefined>;

export type Look = (at: Workspace | undefined, keys: readonly DocumentKey[]) => Looked;
/** Writes a commit's documents and returns what changed. */
export type WriteDocuments = (
  at: Workspace,
  seq: Seq,
  looked: Looked,
  writes: readonly DocumentWrite[],
) => readonly Change[];

type Row = [row: number, id: string, seq: number, deleted: number, scope: number, body: string];

export function documentReader(db: Database): Look {
  const select = prepare<Row>(
    db,
    `SELECT row, id, seq, deleted, scope, body FROM documents
     WHERE c = ? AND id IN (SELECT value FROM json_each(?))`,
  );

  return (at, keys) => {
    const looked: Looked = new Map();
    const idsByCollection = new Map<string, string[]>();
    for (const { collection, id } of keys) {
      looked.set(keyOf(collection, id), undefined);
      const ids = idsByCollection.get(collection);
      if (ids === undefined) idsByCollection.set(collection, [id]);
      else ids.push(id);
    }
    for (const [collection, ids] of idsByCollection) {
      const c = at?.collections.get(collection);
      if (at === undefined || c === undefined) continue;
      for (const [row, id, seq, deleted, scope, text] of select.all(c, JSON.stringify(ids))) {
        const scopeKeys = at.scopes.get(scope)?.keys ?? [];
        const document = {
          collection,
          id,
          seq: asSeq(seq),
          deleted: deleted === 1,
          text,
          scopeKeys,
        };
        looked.set(keyOf(collection, id), { row, scope, document });
      }
    }
    return looked;
  };
}

const NOTHING_LOST: readonly string[] = [];

export function documentWriter(db: Database, workspaces: Workspaces, look: Look): WriteDocuments {
  const insert = prepare(
    db,
    `INSERT INTO documents (c, id, seq, pos, deleted, scope, indexed, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = prepare(
    db,
    `UPDATE documents SET seq = ?, pos = ?, deleted = ?, scope = ?, indexed = ?, body = ?
     WHERE row = ?`,
  );
  const insertLeft = prepare(
    db,
    'INSERT INTO left_keys (c, seq, pos, key, id) VALUES (?, ?, ?, ?, ?)',
  );

  return (at, seq, looked, writes) => {
    // Normally all of them were needed for the decision and are known.
    const unknown = writes.filter(({ collection, id }) => !looked.has(keyOf(collection, id)));
    const extra = unknown.length === 0 ? looked : look(at, unknown);

    return writes.map(({ collection, id, deleted, text, scopeKeys, indexed }, pos) => {
      const place = keyOf(collection, id);
      const before = looked.get(place) ?? extra.get(place);
      const c = workspaces.collection(at, collection);
      const { scope, keys } = workspaces.scope(at, scopeKeys);
      const flag = deleted ? 1 : 0;
      const values = JSON.stringify(indexed);
      if (before === undefined) insert.run(c, id, seq, pos, flag, scope, values, text);
      else update.run(seq, pos, flag, scope, values, text, before.row);

      const stays = before === undefined || before.scope === scope;
      const lost = stays ? NOTHING_LOST : lostKeys(before.document.scopeKeys, keys);
      for (const key of lost) insertLeft.run(c, seq, pos, key, id);
      return { collection, id, text, scopeKeys: keys, lostKeys: lost };
    });
  };
}

export function documentScanner(
  db: Database,
): (
  at: Workspace | undefined,
  collection: string,
  after: string,
  limit: number,
) => readonly ScannedDocument[] {
  const select = prepare<[...Row, indexed: string]>(
    db,
    `SELECT row, id, seq, deleted, scope, body, indexed FROM documents
     WHERE c = ? AND id > ? ORDER BY id LIMIT ?`,
  );

  return (at, collection, after, limit) => {
    const c = at?.collections.get(collection);
    if (at === undefined || c === undefined) return [];
    return select.all(c, after, limit).map(([_row, id, seq, deleted, scope, text, indexed]) => ({
      collection,
      id,
      seq: asSeq(seq),
      deleted: deleted === 1,
      text,
      scopeKeys: at.scopes.get(scope)?.keys ?? [],
      indexed: JSON.parse(indexed) as ScannedDocument['indexed'],
    }));
  };
}

/** The documents among what was looked for. */
export function storedOf(looked: Looked): ReadonlyMap<string, StoredDocument> {
  const stored = new Map<string, StoredDocument>();
  for (const [key, found] of looked) if (found !== undefined) stored.set(key, found.document);
  return stored;
}
