// Reads IndexedDB as it is, without RxDB and Dexie, which may be what can't open it.

const PATIENCE_MS = 10_000;

const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('No answer.')));
  });

/**
 * A browser may neither open a database nor say why not. One that opens too late is closed: held
 * here, it could not be removed.
 *
 * @param isHeld whether it waits for something that a person is told of.
 */
export const inTime = <T extends { close(): unknown }>(
  opening: Promise<T>,
  limitMs = PATIENCE_MS,
  isHeld = () => false,
): Promise<T> =>
  new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (): void => {
      timer = setTimeout(() => {
        if (isHeld()) return wait();
        reject(new Error(`The browser has not opened a database for ${limitMs / 1_000} s.`));
        opening.then((late) => late.close(), reject);
      }, limitMs);
    };
    wait();
    opening.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** All rows of some tables of a database, by table; nothing of tables that it does not have. */
export const readTables = async (
  name: string,
  tables: readonly string[],
): Promise<ReadonlyMap<string, readonly unknown[]>> => {
  const request = indexedDB.open(name);
  // There is none: nothing must be made by looking.
  request.addEventListener('upgradeneeded', () => request.transaction?.abort());
  const database = await inTime(answerOf(request));
  try {
    const there = tables.filter((table) => database.objectStoreNames.contains(table));
    if (there.length === 0) return new Map();
    const reading = database.transaction(there, 'readonly');
    const rows = await Promise.all(
      there.map(async (table) => {
        const all: unknown[] = await answerOf(reading.objectStore(table).getAll());
        return [table, all] as const;
      }),
    );
    return new Map(rows);
  } finally {
    database.close();
  }
};

/** Names of the databases that belong to one workspace's. */
export const namesOf = async (name: string): Promise<readonly string[]> =>
  (await indexedDB.databases())
    .map((database) => database.name ?? '')
    .filter((found) => found.includes(name));
