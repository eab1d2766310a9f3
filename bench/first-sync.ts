// How long one new RxDB client with memory storage takes to hold every document of the server.

import { createRxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { startSync } from '../replication/index.ts';
import { collections } from '../schemas/index.ts';

export async function firstSync(url: string, token: string, documents: number): Promise<number> {
  const database = await createRxDatabase({
    name: 'bench-first-sync',
    storage: getRxStorageMemory(),
    multiInstance: false,
  });
  const startedMs = performance.now();
  const sync = await startSync({ database, collections: [collections.pins], url, token });
  await new Promise<void>((resolve) => {
    const subscription = sync.status$.subscribe(({ state }) => {
      if (state !== 'synced') return;
      queueMicrotask(() => {
        subscription.unsubscribe();
      });
      resolve();
    });
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  const found = await database.collections['pins']?.count().exec();
  await sync.stop();
  await database.close();
  if (found !== documents) throw new Error(`The client holds ${found} of ${documents} documents.`);
  return Number(seconds.toFixed(2));
}
