// Opening the data where the browser does not answer, or waits for another tab.

import 'fake-indexeddb/auto';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openingBlocked$ } from '../../client/database/blocked.ts';
import { databaseOf } from '../../client/database/name.ts';
import { removeDatabases } from '../../client/database/remove.ts';
import type { Workspace } from '../../client/database/open.ts';
import type { Account } from '../../client/session/account.ts';
import { until } from '../support/until.ts';
import { accountOf } from './device.ts';

const LIMIT_MS = 30_000;
const TOO_LONG = 'The browser has not opened a database for 30 s.';
const accountIn = (id: string): Account => accountOf({ workspace: { id, name: 'Work' } });

let openWorkspace: (account: Account) => Promise<Workspace>;

beforeAll(async () => {
  vi.stubGlobal('location', { host: 'server', origin: 'http://server' });
  vi.stubGlobal('fetch', () => Promise.reject(new Error('There is no network.')));
  ({ openWorkspace } = await import('../../client/database/open.ts'));
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The browser says nothing of databases with such a name, until one of these is called. */
const keepSilent = (names: RegExp): readonly (() => void)[] => {
  const open = indexedDB.open.bind(indexedDB);
  const asked: (() => void)[] = [];
  vi.spyOn(indexedDB, 'open').mockImplementation((name, version) => {
    if (!names.test(name)) return open(name, version);
    const silent = new EventTarget() as IDBOpenDBRequest;
    asked.push(() => {
      const request = open(name, version);
      for (const kind of ['upgradeneeded', 'success'] as const)
        request.addEventListener(kind, (event) => {
          const { result, transaction } = request;
          Object.assign(silent, { result, transaction });
          Reflect.apply(silent[`on${kind}`] ?? String, silent, [event]);
        });
    });
    return silent;
  });
  return asked;
};

/** The browser says nothing of the ledger, which is opened first. */
const keepLedgerSilent = async (account: Account) => {
  const asked = keepSilent(/^holdfast/);
  const opening = openWorkspace(account);
  const openLate = await until(() => asked[0]);
  return { opening, openLate };
};

test('data that the browser never opens end in a failure, and can be removed when they open after all', async () => {
  const account = accountIn('ledger');
  const { opening, openLate } = await keepLedgerSilent(account);
  const failing = opening.catch(String);
  await vi.advanceTimersByTimeAsync(LIMIT_MS);
  expect(await failing).toContain(TOO_LONG);
  openLate();
  expect(await removeDatabases(databaseOf(account))).toBe(true);
});

test('one that waits for another tab, of which the person is told, has no limit', async () => {
  const { opening, openLate } = await keepLedgerSilent(accountIn('held'));
  openingBlocked$.next(true);
  await vi.advanceTimersByTimeAsync(LIMIT_MS);
  openLate();
  await (await opening).close();
  expect(openingBlocked$.value).toBe(false);
});
