// From an account to a local database that syncs. A database is opened once per page, whoever asks.

import { createRxDatabase, type RxCollection } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { startSync, type Sync } from '../../replication/index.ts';
import { createDexieLedger } from '../../replication/outbox/dexie-ledger.ts';
import type { Envelope, Pin } from '../../schemas/index.ts';
import type { Account } from '../session/account.ts';
import { collectionsOf, type ModuleName } from './modules.ts';
import { databaseOf } from './name.ts';

/** A document as a screen writes it: the hooks of `startSync` add the envelope. */
export type Written<Doc> = Omit<Doc, keyof Envelope> & Partial<Envelope>;
export type LocalPin = Written<Pin>;

/** Every collection that some module opens, with its document's type. */
export interface Collections {
  readonly pins: RxCollection<LocalPin>;
}

export interface Workspace {
  readonly name: string;
  readonly account: Account;
  readonly collections: Collections;
  readonly sync: Sync;
  /** Ends sync and closes everything; nothing is removed. */
  close(): Promise<void>;
}

const used: readonly ModuleName[] = ['map'];
const opened = new Map<string, Promise<Workspace>>();

export const openWorkspace = (account: Account): Promise<Workspace> => {
  const name = databaseOf(account);
  const known = opened.get(name);
  if (known) return known;
  const opening = open(name, account);
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
  const database = await createRxDatabase({
    name,
    storage: getRxStorageDexie(),
    multiInstance: true,
    eventReduce: true,
    closeDuplicates: false,
  });
  try {
    const ledger = createDexieLedger(name);
    const sync = await startSync({
      database,
      collections: collectionsOf(used),
      url: location.origin,
      workspace: account.workspace.id,
      user: account.user.id,
      ledger,
    });
    const { pins } = database.collections;
    if (!pins) throw new Error('The collection "pins" was not opened.');
    const close = async (): Promise<void> => {
      await sync.stop();
      await database.close();
      await ledger.close();
    };
    return { name, account, collections: { pins }, sync, close };
  } catch (cause) {
    await database.close();
    throw cause;
  }
};
