// A till for tests: the shop's collections in a real page, with RxDB, IndexedDB and the replication,
// and no screen. What a test may do with it is on `window.till`.

import { createRxDatabase, type RxCollection } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { firstValueFrom } from 'rxjs';
import {
  startSync,
  type Outbox,
  type Sync,
  type SyncStatus,
  type Timing,
  type Verified,
  type WireDocument,
} from '../../../replication/index.ts';
import { createDexieLedger } from '../../../replication/outbox/dexie-ledger.ts';
import { collections } from '../../../schemas/index.ts';
import type { Deed } from './deeds.ts';
import { arm, countSteps, disarm, say, steps, type Death } from './steps.ts';

export interface Till {
  /** Does one thing; resolves when the device has it. */
  readonly run: (deed: Deed) => Promise<void>;
  /** One thing after the other, each told before and after. */
  readonly work: (deeds: readonly Deed[]) => Promise<void>;
  readonly read: (collection: string) => Promise<readonly WireDocument[]>;
  readonly outbox: () => Promise<Outbox>;
  readonly retry: Sync['retry'];
  readonly status: () => Promise<SyncStatus>;
  /** Resolves when nothing waits any more. */
  readonly sent: () => Promise<void>;
  readonly groups: () => Promise<number>;
  readonly verify: () => Promise<readonly Verified[]>;
  readonly device: string;
  readonly arm: (death: Death) => void;
  readonly disarm: () => void;
  readonly steps: () => Readonly<Record<string, number>>;
}
declare global {
  interface Window {
    till?: Till;
  }
}

const TIMING = {
  collectMs: 2,
  firstRetryMs: 10,
  longestRetryMs: 80,
  auditRestMs: 100,
  journalMs: 20,
} satisfies Partial<Timing>;
const { products, sales, movements } = collections;

async function open(token: string): Promise<Till> {
  const database = await createRxDatabase({
    name: 'till',
    storage: getRxStorageDexie(),
    multiInstance: true,
  });
  const ledger = createDexieLedger('till-ledger');
  const sync = await startSync({
    database,
    collections: [products, sales, movements],
    url: location.origin,
    token,
    ledger,
    timing: TIMING,
  });
  const local = (name: string): RxCollection<WireDocument> => {
    const found: RxCollection<WireDocument> | undefined = database.collections[name];
    if (found === undefined) throw new Error(`${name} is not open.`);
    return found;
  };
  const run = async (deed: Deed): Promise<void> => {
    if (deed.kind === 'group') await sync.atomic(deed.label, deed.writes);
    else if (deed.kind === 'insert') {
      const { error } = await local(deed.collection).bulkInsert([...deed.docs]);
      if (error.length > 0) throw new Error(`${error.length} were not inserted.`);
    } else {
      const found = await local(deed.collection).findOne(deed.id).exec();
      await found?.incrementalPatch(deed.fields);
    }
  };
  return {
    run,
    work: async (deeds) => {
      for (const deed of deeds) {
        say({ what: 'begun', deed: deed.number });
        await run(deed);
        say({ what: 'done', deed: deed.number });
      }
    },
    read: async (name) =>
      (await local(name).find().exec()).map((document): WireDocument => document.toMutableJSON()),
    outbox: () => firstValueFrom(sync.outbox$),
    retry: (op, edits) => sync.retry(op, edits),
    status: () => firstValueFrom(sync.status$),
    sent: () => sync.sent(),
    groups: async () => (await ledger.groups()).length,
    verify: () => sync.verify(),
    device: sync.device(),
    arm,
    disarm,
    steps,
  };
}

const asked = new URLSearchParams(location.search);
countSteps();
const kind = asked.get('dies');
if (kind !== null) arm({ kind, nth: Number(asked.get('nth')) });
window.till = await open(asked.get('token') ?? '');
