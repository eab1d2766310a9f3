// The integers that stand for workspaces, collections and sets of scope keys, kept in memory beside
// each workspace's head: no other process writes the file, so what was read once stays true.

import type { WorkspaceId } from '../../../replication/core.ts';
import { canonicalKeys } from '../port/commit-rules.ts';
import { prepare, type Database } from './database.ts';

export interface Scope {
  readonly scope: number;
  readonly keys: readonly string[];
}

export interface Workspace {
  readonly w: number;
  seq: number;
  timeMs: number;
  /** Nearly always false, and then nobody looks for fates. */
  hasFates: boolean;
  readonly collections: Map<string, number>;
  readonly scopes: Map<number, Scope>;
  readonly scopeByKeys: Map<string, Scope>;
  readonly scopesByKey: Map<string, number[]>;
}

/** The scopes that a reader's keys meet. */
export interface Visible {
  readonly everything: boolean;
  readonly scopes: ReadonlySet<number>;
}

const noNames = (): Omit<Workspace, 'w' | 'seq' | 'timeMs'> => ({
  hasFates: false,
  collections: new Map(),
  scopes: new Map(),
  scopeByKeys: new Map(),
  scopesByKey: new Map(),
});

const addScope = (at: Workspace, scope: Scope): void => {
  at.scopes.set(scope.scope, scope);
  at.scopeByKeys.set(JSON.stringify(scope.keys), scope);
  for (const key of scope.keys) {
    const sharing = at.scopesByKey.get(key);
    if (sharing === undefined) at.scopesByKey.set(key, [scope.scope]);
    else sharing.push(scope.scope);
  }
};

export function visibleScopes(at: Workspace, readerKeys: readonly string[]): Visible {
  const scopes = new Set(readerKeys.flatMap((key) => at.scopesByKey.get(key) ?? []));
  return { everything: scopes.size === at.scopes.size, scopes };
}

export interface Workspaces {
  readonly find: (id: WorkspaceId) => Workspace | undefined;
  readonly findOrCreate: (id: WorkspaceId) => Workspace;
  readonly collection: (at: Workspace, name: string) => number;
  readonly scope: (at: Workspace, keys: readonly string[]) => Scope;
  /** After a rollback: what memory knows of it may be of a commit that never was. */
  readonly forget: (id: WorkspaceId) => void;
}

export function openWorkspaces(db: Database): Workspaces {
  const known = new Map<WorkspaceId, Workspace>();
  const select = prepare<[w: number, seq: number, timeMs: number]>(
    db,
    'SELECT w, seq, time_ms FROM workspaces WHERE id = ?',
  );
  const selectCollections = prepare<[name: string, c: number]>(
    db,
    'SELECT name, c FROM collections WHERE w = ?',
  );
  const selectScopes = prepare<[scope: number, keys: string]>(
    db,
    'SELECT scope, keys FROM scopes WHERE w = ?',
  );
  const selectFates = prepare<[number]>(db, 'SELECT EXISTS (SELECT 1 FROM fates WHERE w = ?)');
  const insert = prepare(db, 'INSERT INTO workspaces (id, seq, time_ms) VALUES (?, 0, 0)');
  const insertCollection = prepare(db, 'INSERT INTO collections (w, name) VALUES (?, ?)');
  const insertScope = prepare(db, 'INSERT INTO scopes (w, keys) VALUES (?, ?)');

  const find = (id: WorkspaceId): Workspace | undefined => {
    const cached = known.get(id);
    if (cached !== undefined) return cached;
    const row = select.get(id);
    if (row === undefined) return undefined;
    const [w, seq, timeMs] = row;
    const at: Workspace = { w, seq, timeMs, ...noNames() };
    at.hasFates = selectFates.get(w)?.[0] === 1;
    for (const [name, c] of selectCollections.all(w)) at.collections.set(name, c);
    for (const [scope, keys] of selectScopes.all(w))
      addScope(at, { scope, keys: JSON.parse(keys) as string[] });
    known.set(id, at);
    return at;
  };

  const findOrCreate = (id: WorkspaceId): Workspace => {
    const found = find(id);
    if (found !== undefined) return found;
    insert.run(id);
    return findOrCreate(id);
  };

  const collection = (at: Workspace, name: string): number => {
    const found = at.collections.get(name);
    if (found !== undefined) return found;
    const c = Number(insertCollection.run(at.w, name).lastInsertRowid);
    at.collections.set(name, c);
    return c;
  };

  const scope = (at: Workspace, given: readonly string[]): Scope => {
    const keys = canonicalKeys(given);
    const text = JSON.stringify(keys);
    const found = at.scopeByKeys.get(text);
    if (found !== undefined) return found;
    const made: Scope = { scope: Number(insertScope.run(at.w, text).lastInsertRowid), keys };
    addScope(at, made);
    return made;
  };

  return { find, findOrCreate, collection, scope, forget: (id) => void known.delete(id) };
}
