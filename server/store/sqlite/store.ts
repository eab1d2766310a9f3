// The store in one SQLite file, the default. Every call does its work in one turn on the only
// connection, so calls are atomic and in the order in which they were made; a commit is one
// transaction, and the layer above puts several pushes into one.

import { join } from 'node:path';
import { epoch as asEpoch, seq as asSeq, type Epoch } from '../../../replication/core.ts';
import { commitListeners, type ListenerFailure } from '../port/commit-rules.ts';
import type { Head, Store } from '../port/port.ts';
import { committer } from './commit.ts';
import { copyDatabase } from './backup.ts';
import { closeDatabase, failing, inTransaction, openDatabase, prepare } from './database.ts';
import { dumpDatabase } from './dump.ts';
import { loader } from './load.ts';
import { documentReader, documentScanner, storedOf } from './documents.ts';
import { pageReader } from './pages.ts';
import { purger } from './purge.ts';
import { openRecords } from './records.ts';
import { openWorkspaces, type Workspace } from './workspaces.ts';

export type SqliteStoreOptions = ({ readonly file: string } | { readonly directory: string }) & {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Gets what listeners throw; without it, that is thrown in a later microtask. */
  readonly onListenerFailure?: ListenerFailure;
};

export const storeFileIn = (directory: string): string => join(directory, 'holdfast.sqlite');

/**
 * Opens the store and makes its file where there is none.
 *
 * @throws {StoreInUseError} where another process has it.
 * @throws {StoreTooNewError} where a newer version wrote it.
 */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const file = 'file' in options ? options.file : storeFileIn(options.directory);
  // Held by the closures below: a statement alone does not keep its database from being collected.
  const db = openDatabase(file);
  const selectEpoch = prepare<[string]>(db, 'SELECT epoch FROM store');
  const readEpoch = (): Epoch => asEpoch(selectEpoch.get()?.[0] ?? '');
  let epoch = readEpoch();
  const workspaces = openWorkspaces(db);
  const look = documentReader(db);
  const { now = Date.now } = options;
  const commitOnce = committer(db, workspaces, look, { epoch: () => epoch, now });
  const readPage = pageReader(db);
  const scan = documentScanner(db);
  const purge = purger(db);
  const load = loader(db, workspaces);
  const listeners = commitListeners(options.onListenerFailure);

  const headOf = (at: Workspace | undefined): Head => ({
    seq: asSeq(at?.seq ?? 0),
    updatedAt: new Date(at?.timeMs ?? 0).toISOString(),
    epoch,
    floor: asSeq(at?.floor ?? 0),
    survives: at?.survives ?? new Map(),
  });

  return {
    exclusive: true,
    head: async (workspace) => headOf(workspaces.find(workspace)),
    commit: async (workspace, needs, decide) => {
      const { result, head, changes } = failing(() => commitOnce(workspace, needs, decide));
      if (changes.length > 0) listeners.tell({ workspace, seq: head, changes });
      return { result, head };
    },
    pages: async (workspace, requests) => {
      return failing(() => {
        const at = workspaces.find(workspace);
        const head = headOf(at);
        return { head, pages: requests(head).map((request) => readPage(at, request)) };
      });
    },
    get: async (workspace, keys) => [...storedOf(look(workspaces.find(workspace), keys)).values()],
    scan: async (workspace, collection, after, limit) =>
      failing(() => scan(workspaces.find(workspace), collection, after, limit)),
    purge: async (workspace, beforeMs) => {
      const at = workspaces.find(workspace);
      if (at === undefined) return { floor: asSeq(0), documents: 0, more: false };
      const forget = (): void => workspaces.forget(workspace);
      return failing(() => inTransaction(db, () => purge(at, beforeMs), forget));
    },
    backup: (copy) => copyDatabase(db, copy),
    dump: () => dumpDatabase(db, `${file}.dump`),
    load: async (parts) => {
      await load(parts);
      epoch = readEpoch();
    },
    onCommit: (listener) => listeners.add(listener),
    ...openRecords(db),
    close: async () => closeDatabase(db),
  };
}
