// In the browser: the same bulk insert into a database of RxDB and Dexie, with and without the outbox
// that follows it, and how many transactions IndexedDB has begun meanwhile.

import { createRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { defaultPlatform } from '../../replication/index.ts';
import { Journal } from '../../replication/activity/journal.ts';
import { createDexieLedger } from '../../replication/outbox/dexie-ledger.ts';
import { LocalOutbox } from '../../replication/outbox/outbox.ts';
import { makeIdentity } from '../../replication/plugin/identity.ts';
import { openCollections, watchWrites } from '../../replication/plugin/rx.ts';
import { Board } from '../../replication/plugin/status.ts';
import { collections } from '../../schemas/index.ts';

export interface Run {
  readonly insertMs: number;
  readonly transactions: number;
}
declare global {
  interface Window {
    run: (withOutbox: boolean, documents: number) => Promise<Run>;
  }
}

const { pins } = collections;
let made = 0;

window.run = async (withOutbox, documents) => {
  made += 1;
  const name = `bench${made}${String(withOutbox)}`;
  const platform = defaultPlatform();
  const ledger = createDexieLedger(`${name}-ledger`);
  const identity = await makeIdentity(platform, ledger, () => Date.now());
  const database = await createRxDatabase({ name, storage: getRxStorageDexie() });
  const local = (await openCollections(database, [pins], identity.stamper)).get('pins');
  if (local === undefined) throw new Error('The collection is not open.');
  const board = new Board();
  const journal = new Journal({
    platform,
    ledger,
    timing: { journalMs: 250 },
    failed: (error) => console.error(error),
  });
  const outbox = new LocalOutbox(identity.device, (facts) => board.update(facts));
  const stop = withOutbox
    ? watchWrites(local, (writes) => {
        outbox.wrote(pins, writes);
        board.showWaiting(outbox.view());
      })
    : () => {};
  const rows = Array.from({ length: documents }, (_, index) => ({
    id: String(index).padStart(8, '0'),
    title: `Pin ${index}`,
    position: { lat: 54, lng: 7 },
    kind: 'site',
    status: 'open',
    notes: 'Locked, key at the office',
  }));
  let transactions = 0;
  const original = Reflect.get(IDBDatabase.prototype, 'transaction');
  IDBDatabase.prototype.transaction = function (...given): IDBTransaction {
    transactions += 1;
    return Reflect.apply(original, this, given);
  };
  const startedMs = performance.now();
  await local.bulkInsert(rows);
  if (withOutbox && outbox.size !== documents) throw new Error('The outbox has missed writes.');
  await journal.flush();
  const insertMs = performance.now() - startedMs;
  IDBDatabase.prototype.transaction = original;
  stop();
  await database.remove();
  await ledger.close();
  return { insertMs, transactions };
};
