// The sender of the service worker, here without one: what it leaves where somebody logs out meanwhile.

import 'fake-indexeddb/auto';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { databaseOf } from '../../client/database/name.ts';
import type { Account } from '../../client/session/account.ts';
import { forgetAccount, keepAccount } from '../../client/session/kept-account.ts';
import type { SendUnsent } from '../../client/worker/sender.ts';
import { until } from '../support/until.ts';

let count = 0;
let ada: Account;
let sendUnsent: SendUnsent;

beforeAll(async () => {
  vi.stubGlobal('location', { host: 'server', origin: 'http://server' });
  vi.stubGlobal('fetch', () => Promise.reject(new Error('There is no network.')));
  await import('../../client/worker/sender.ts');
  ({ sendUnsent } = globalThis as unknown as { sendUnsent: SendUnsent });
});
beforeEach(async () => {
  count += 1;
  const user = { id: `ada${count}`, email: '', name: 'Ada' };
  const workspace = { id: 'w1', name: 'Work' };
  ada = { user, workspace, role: 'owner', modules: ['map'], members: {} };
  await keepAccount(ada);
});
afterEach(forgetAccount);

const parts = async (): Promise<number> =>
  (await indexedDB.databases()).filter(({ name }) => name?.includes(databaseOf(ada))).length;

/** What is told is heard while the databases are being opened. */
const toldWhileOpening = async (about: string, before: () => Promise<void>): Promise<void> => {
  const letGo = new AbortController();
  const sending = sendUnsent(letGo.signal);
  await until(async () => (await parts()) > 0);
  await before();
  letGo.abort(about);
  await sending;
};

test('a log-out that it hears of while it opens the databases leaves none of them', async () => {
  await toldWhileOpening(databaseOf(ada), forgetAccount);
  expect(await parts()).toBe(0);
});

test('the log-out of somebody else leaves what was not sent here', async () => {
  await toldWhileOpening('of somebody else', forgetAccount);
  expect(await parts()).toBeGreaterThan(0);
});

test('who has logged in again keeps what is theirs', async () => {
  await toldWhileOpening(databaseOf(ada), () => keepAccount(ada));
  expect(await parts()).toBeGreaterThan(0);
});
