// The measurement as a page has it.

import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { measure, type Cost, type Read } from './measure.ts';

/** As much of Dexie's storage as is read here. */
interface Internals {
  readonly dexieDb: { readonly idbdb: IDBDatabase };
  readonly dexieTable: { readonly name: string };
}

const PAGE = 1_000;

/** Pages of IndexedDB's own `getAll`, of all tables side by side. */
const read: Read = async (instances) => {
  await Promise.all(
    instances.map(async ({ internals }) => {
      const { dexieDb, dexieTable } = await (internals as Promise<Internals>);
      let range: IDBKeyRange | undefined;
      for (;;) {
        const rows = await page(dexieDb.idbdb, dexieTable.name, range);
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE) return;
        range = IDBKeyRange.lowerBound(last.id, true);
      }
    }),
  );
};

function page(
  database: IDBDatabase,
  name: string,
  range: IDBKeyRange | undefined,
): Promise<readonly { readonly id: string }[]> {
  const request = database.transaction(name).objectStore(name).getAll(range, PAGE);
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () =>
      reject(request.error ?? new Error('Nothing was read.')),
    );
  });
}

Object.assign(globalThis, {
  measureAudit: (documents: number): Promise<Cost> => measure(getRxStorageDexie(), documents, read),
});
