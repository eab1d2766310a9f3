// The store on a MongoDB replica set, for several servers before one database. What a process keeps
// in memory are only hints; every decision and every page rests on a snapshot of the database.

import type { ClientSession } from 'mongodb';
import type { WorkspaceId } from '../../../replication/core.ts';
import { MONGO_POLL_MS } from '../../config.ts';
import { commitListeners, type ListenerFailure } from '../port/commit-rules.ts';
import { StoreFailedError, type Page, type Store } from '../port/port.ts';
import { commitOnce, type CommitOf, type Made } from './commit.ts';
import { openDatabase, type Mongo, type MongoOptions } from './database.ts';
import { documentsIn, lookFor, scanDocuments } from './documents.ts';
import { dumpDatabase } from './dump.ts';
import { failing } from './errors.ts';
import { ensureHead, freshHead, headOf, readHead } from './heads.ts';
import { loadDatabase } from './load.ts';
import { beginEpoch } from './epoch.ts';
import { readPage } from './pages.ts';
import { purgeOnce } from './purge.ts';
import { openRecords } from './records.ts';
import type { HeadRow } from './rows.ts';
import { inTransaction, turns } from './transactions.ts';
import { follow, wakeUps, type WakeUps } from './wake-up.ts';

export interface MongoStoreOptions extends MongoOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Gets what listeners throw; without it, that is thrown in a later microtask. */
  readonly onListenerFailure?: ListenerFailure;
  /** How soon a commit of another process is noticed without the change stream. */
  readonly pollMs?: number;
}

/** Opens the store; any number of processes may. See `openDatabase` for what it throws. */
export async function openMongoStore(options: MongoStoreOptions): Promise<Store> {
  const { now = Date.now } = options;
  const at = await openDatabase(options);
  const listeners = commitListeners(options.onListenerFailure);
  const wake = wakeUps(listeners);
  const stop = follow(at, wake, options.pollMs ?? MONGO_POLL_MS);
  const inTurn = turns(at);
  const withHeads = new Set<WorkspaceId>();
  const withHead = headEnsurer(at, withHeads);

  return {
    head: (workspace) => failing(async () => headOf(await freshHead(at, workspace))),
    commit: async (workspace, needs, decide) => {
      const work = { workspace, needs, decide, now };
      const { result, head } = await inTurn(workspace, async (untilMs) => {
        await withHead(workspace);
        return commitNow(at, wake, work, untilMs);
      });
      return { result, head };
    },
    pages: (workspace, requests) => {
      wake.notice(workspace);
      return readPages(at, workspace, requests);
    },
    get: (workspace, keys) =>
      inTransaction(at, async (session) => [
        ...documentsIn(await lookFor(at, session, workspace, keys)).values(),
      ]),
    scan: (workspace, collection, after, limit) =>
      inTransaction(at, (session) =>
        scanDocuments(at, session, { workspace, collection }, after, limit),
      ),
    purge: (workspace, beforeMs) =>
      inTurn(workspace, async (untilMs) => {
        await withHead(workspace);
        return inTransaction(at, (session) => purgeOnce(at, session, workspace, beforeMs), untilMs);
      }),
    dump: () => dumpDatabase(at),
    load: async (parts) => {
      // Heads go, also where it fails.
      withHeads.clear();
      await loadDatabase(at, parts);
    },
    isShared: () => failing(at.processes.othersLive),
    beginEpoch: () => beginEpoch(at),
    onCommit: (listener) => listeners.add(listener),
    ...openRecords(at),
    close: async () => {
      await stop();
      await at.processes.stop();
      await at.client.close();
    },
  };
}

async function commitNow<T>(
  at: Mongo,
  wake: WakeUps,
  work: CommitOf<T>,
  untilMs: number,
): Promise<Made<T>> {
  const { workspace } = work;
  const attempt = async (session: ClientSession): Promise<Made<T>> => {
    const result = await commitOnce(at, session, work);
    if (result.changes.length > 0) wake.making(workspace, result.head);
    return result;
  };
  let made: Made<T> | undefined;
  try {
    made = await inTransaction(at, attempt, untilMs);
    return made;
  } finally {
    wake.made(workspace, made);
  }
}

/** Makes a workspace's head at the first write of this process into it. */
function headEnsurer(
  at: Mongo,
  known: Set<WorkspaceId>,
): (workspace: WorkspaceId) => Promise<void> {
  return async (workspace) => {
    if (known.has(workspace)) return;
    await failing(() => ensureHead(at, workspace));
    known.add(workspace);
  };
}

async function readPages(
  at: Mongo,
  workspace: WorkspaceId,
  requests: Parameters<Store['pages']>[1],
): ReturnType<Store['pages']> {
  let seen: HeadRow | undefined;
  const read = (): ReturnType<Store['pages']> =>
    inTransaction(at, async (session) => {
      const row = await readHead(at, session, workspace);
      seen = row;
      const head = headOf(row);
      const pages: Page[] = [];
      for (const request of requests(head)) pages.push(await readPage(at, session, row, request));
      return { head, pages };
    });
  try {
    return await read();
  } catch (error) {
    // Who finds fault with a head ("it is behind what I have") must not have been shown an old one.
    if (seen === undefined || error instanceof StoreFailedError) throw error;
    const fresh = await failing(() => freshHead(at, workspace));
    if (fresh.seq === seen.seq) throw error;
    return read();
  }
}
