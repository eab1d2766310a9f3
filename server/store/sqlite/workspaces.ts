// The integers that stand for workspaces, collections and sets of scope keys, kept in memory beside
// each workspace's head: no other process writes the file, so what was read once stays true.

import { seq as asSeq, type Seq, type WorkspaceId } from '../../../replication/core.ts';
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
  floor: number;
  /** When the last commit was made that has a mark. */
  markMs: number;
  /** Nothing is looked for among the purged where there are none. */
  hasPurged: boolean;
  readonly survives: Map<string, Seq>;
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

const noNames = (): Omit<Workspace, 'w' | 'seq' | 'timeMs' | 'floor'> => ({
  markMs: Number.NEGATIVE_INFINITY,
  hasPurged: false,
  survives: new Map(),
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

/** Reads a workspace as the file has it. */
function workspaceLoader(db: Database): (id: WorkspaceId) => Workspace | undefined {
  const select = prepare<[w: number, seq: number, timeMs: number, floor: number]>(
    db,
    'SELECT w, seq, time_ms, floor FROM workspaces WHERE id = ?',
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
  const selectMark = prepare<[number | null]>(db, 'SELECT max(time_ms) FROM marks WHERE w = ?');
  const selectPurged = prepare<[number]>(
    db,
    `SELECT EXISTS (SELECT 1 FROM collections JOIN purged USING (c) WHERE w = ?)`,
  );
  const selectEpochs = prepare<[epoch: string, survives: number]>(
    db,
    'SELECT epoch, survives FROM epochs WHERE w = ?',
  );

  return (id) => {
    const row = select.get(id);
    if (row === undefined) return undefined;
    const [w, seq, timeMs, floor] = row;
    const at: Workspace = { w, seq, timeMs, floor, ...noNames() };
    at.hasFates = selectFates.get(w)?.[0] === 1;
    at.hasPurged = selectPurged.get(w)?.[0] === 1;
    at.markMs = selectMark.get(w)?.[0] ?? at.markMs;
    for (const [epoch, survives] of selectEpochs.all(w)) at.survives.set(epoch, asSeq(survives));
    for (const [name, c] of selectCollections.all(w)) at.collections.set(name, c);
    for (const [scope, keys] of selectScopes.all(w))
      addScope(at, { scope, keys: JSON.parse(keys) as string[] });
    return at;
  };
}

export function openWorkspaces(db: Database): Workspaces {
  const known = new Map<WorkspaceId, Workspace>();
  const load = workspaceLoader(db);
  const insert = prepare(db, 'INSERT INTO workspaces (id, seq, time_ms) VALUES (?, 0, 0)');
  const insertCollection = prepare(db, 'INSERT INTO collections (w, name) VALUES (?, ?)');
  const insertScope = prepare(db, 'INSERT INTO scopes (w, keys) VALUES (?, ?)');

  const find = (id: WorkspaceId): Workspace | undefined => {
    const found = known.get(id) ?? load(id);
    if (found !== undefined) known.set(id, found);
    return found;
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
