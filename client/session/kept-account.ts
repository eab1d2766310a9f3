// Who is logged in, where the service worker can read it too: it has no localStorage. Ids, role and
// modules, nothing secret; gone with the log-out.

import { parseAccount, type Account } from './account.ts';

const NAME = 'holdfast-kept';
const STORE = 'account';
const KEY = 'present';

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error(NAME)));
  });

const withStore = async <T>(
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> => {
  const opening = indexedDB.open(NAME, 1);
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE));
  const database = await done(opening);
  try {
    return await done(run(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
};

/** One after the other, so that what is kept is never behind what was said last. */
let last: Promise<unknown> = Promise.resolve();
const inTurn = (run: () => Promise<unknown>): Promise<void> => {
  // Without it nothing is sent while the page is closed; the page itself does not need it.
  const turn = last.then(run).then(
    () => undefined,
    () => undefined,
  );
  last = turn;
  return turn;
};

/** Never rejects; a browser that does not keep it only sends later. */
export const keepAccount = ({ user, workspace, role, modules }: Account): Promise<void> =>
  inTurn(() => {
    const needed = { user: { id: user.id }, workspace: { id: workspace.id }, role, modules };
    return withStore('readwrite', (store) => store.put(needed, KEY));
  });

/** Never rejects. */
export const forgetAccount = (): Promise<void> =>
  inTurn(async () => {
    const removing = indexedDB.deleteDatabase(NAME);
    // Held open for a moment by another tab: it goes right after.
    const isHeld = new Promise((resolve) => removing.addEventListener('blocked', resolve));
    await Promise.race([done(removing), isHeld]);
  });

export const readKept = async (): Promise<Account | undefined> => {
  // Opening it would make it.
  const isThere = (await indexedDB.databases()).some(({ name }) => name === NAME);
  return isThere
    ? parseAccount(await withStore('readonly', (store): IDBRequest<unknown> => store.get(KEY)))
    : undefined;
};
