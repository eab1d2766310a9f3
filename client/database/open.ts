// From an account to a local database that syncs. A database is opened once per page, whoever asks.

import {
  createRxDatabase,
  type RxCollection,
  type RxDatabase,
  type RxDocument,
} from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { startSync, type Ledger, type Sync } from '../../replication/index.ts';
import { createDexieLedger } from '../../replication/outbox/dexie-ledger.ts';
import {
  collections,
  type Collection,
  type Conflict,
  type Envelope,
  type Feeding,
  type Form,
  type Pin,
} from '../../schemas/index.ts';
import { inTime } from '../rescue/raw-database.ts';
import type { Account } from '../session/account.ts';
import { openingBlocked$ } from './blocked.ts';
import { collectionsOf } from './modules.ts';
import { databaseOf } from './name.ts';
import { followOwnWrites } from './own-writes.ts';

/** A document as a screen writes it: the hooks of `startSync` add the envelope. */
export type Written<Doc> = Omit<Doc, keyof Envelope> & Partial<Envelope>;
export type LocalPin = Written<Pin>;
export type LocalForm = Written<Form>;
export type LocalFeeding = Written<Feeding>;
export type LocalConflict = Written<Conflict>;

/** Collections by name; asking for one of a module that the workspace does not use throws. */
export interface Collections {
  readonly pins: RxCollection<LocalPin>;
  readonly forms: RxCollection<LocalForm>;
  readonly feedings: RxCollection<LocalFeeding>;
  readonly conflicts: RxCollection<LocalConflict>;
}

export interface Workspace {
  readonly name: string;
  /** As it was opened; `useAccount` has what the server has said since. */
  readonly account: Account;
  readonly collections: Collections;
  readonly sync: Sync;
  /** A record of any collection that is open here; nothing for a deleted one. */
  document(
    collection: string,
    id: string,
  ): Promise<RxDocument<Record<string, unknown>> | undefined>;
  /** Ends sync and closes everything; nothing is removed. */
  close(): Promise<void>;
}

const LIMIT_MS = 30_000;

const opened = new Map<string, Promise<Workspace>>();

export const openWorkspace = async (account: Account): Promise<Workspace> => {
  const name = databaseOf(account);
  const known = opened.get(name);
  if (!known) return remember(name, open(name, account));
  const workspace = await known;
  if (workspace.account.modules.join() === account.modules.join()) {
    workspace.sync.takeRole(account.role);
    return workspace;
  }
  // The workspace uses other modules than this device remembered.
  if (opened.get(name) !== known) return openWorkspace(account);
  return remember(
    name,
    workspace.close().then(() => open(name, account)),
  );
};

const remember = (name: string, opening: Promise<Workspace>): Promise<Workspace> => {
  opened.set(name, opening);
  // A failed one is tried anew by the next who asks.
  opening.catch(() => opened.delete(name));
  return opening;
};

/** Closes it if it is open on this page. */
export const closeWorkspace = async (account: Account): Promise<void> => {
  const name = databaseOf(account);
  const known = opened.get(name);
  opened.delete(name);
  // One that failed to open has nothing to close.
  const workspace = await known?.catch(() => undefined);
  await workspace?.close();
};

const open = async (name: string, account: Account): Promise<Workspace> => {
  const ledger = createDexieLedger(name, { blocked: (is) => openingBlocked$.next(is) });
  try {
    // Only opening has a limit: bringing many documents to a new version may take long. None while it
    // waits for another tab, of which the person is told.
    const isOpen = ledger.version().then(() => ledger);
    await inTime(isOpen, LIMIT_MS, () => openingBlocked$.value);
    return await openWith(ledger, name, account);
  } catch (cause) {
    await ledger.close();
    throw cause;
  }
};

const openWith = async (ledger: Ledger, name: string, account: Account): Promise<Workspace> => {
  const database = await createRxDatabase({
    name,
    storage: getRxStorageDexie(),
    multiInstance: true,
    eventReduce: true,
    closeDuplicates: false,
  });
  try {
    const sync = await startSync({
      database,
      collections: await usedBy(account, ledger),
      url: location.origin,
      workspace: account.workspace.id,
      user: account.user.id,
      role: account.role,
      ledger,
    });
    await reachAll(database);
    followOwnWrites(database);
    const close = async (): Promise<void> => {
      await sync.stop();
      await database.close();
      await ledger.close();
    };
    const document: Workspace['document'] = async (collection, id) => {
      // Then it has no collections, which says nothing about the record.
      if (database.closed) throw new Error('The data are closed.');
      const found: RxCollection<Record<string, unknown>> | undefined =
        database.collections[collection];
      return (await found?.findOne(id).exec()) ?? undefined;
    };
    return { name, account, collections: collectionsIn(database), sync, document, close };
  } catch (cause) {
    await database.close();
    throw cause;
  }
};

/** Those of the account's modules, and those in which writes that go together still wait. */
const usedBy = async (account: Account, ledger: Ledger): Promise<readonly Collection[]> => {
  const waiting = (await ledger.groups()).flatMap(({ members }) => members);
  const names = new Set(waiting.map(({ collection }) => collection));
  const open = Object.values(collections).filter(({ name }) => names.has(name));
  return [...new Set([...collectionsOf(account.modules), ...open])];
};

/** RxDB opens a collection's storage when it is first read; a broken one is to be known now. */
const reachAll = async ({ collections }: RxDatabase): Promise<void> => {
  await Promise.all(
    Object.values(collections).map(({ storageInstance }) =>
      storageInstance.findDocumentsById(['none'], true),
    ),
  );
};

const collectionsIn = (database: RxDatabase): Collections => {
  const named = <Doc>(name: string): RxCollection<Doc> => {
    const found: RxCollection<Doc> | undefined = database.collections[name];
    if (!found) throw new Error(`The collection "${name}" was not opened.`);
    return found;
  };
  return {
    get pins() {
      return named<LocalPin>('pins');
    },
    get forms() {
      return named<LocalForm>('forms');
    },
    get feedings() {
      return named<LocalFeeding>('feedings');
    },
    get conflicts() {
      return named<LocalConflict>('conflicts');
    },
  };
};
