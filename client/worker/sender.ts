// Sends what this device has not sent, without a page: becomes one of the tabs for as long as that
// takes. A script of its own, because the worker is started for every page and needs this rarely.

import { filter, firstValueFrom } from 'rxjs';
import type { Sync } from '../../replication/index.ts';
import { databaseOf } from '../database/name.ts';
import { closeWorkspace, openWorkspace } from '../database/open.ts';
import { removeDatabases } from '../database/remove.ts';
import { sameAccount, type Account } from '../session/account.ts';
import { readKept } from '../session/kept-account.ts';

/** Browsers allow about three minutes. */
const LIMIT_MS = 120_000;

/**
 * @param letGo aborted with the name of a database that is about to be removed.
 * @throws {Error} where something is left and the browser should remind us again.
 */
export type SendUnsent = (letGo: AbortSignal) => Promise<void>;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Another tab leads and has nothing left, or nothing can be sent before a person does something. */
const nothingToDo = (sync: Sync): Promise<unknown> =>
  firstValueFrom(
    sync.status$.pipe(
      filter(
        ({ state, leader, pending, lastSyncedAtMs }) =>
          state === 'loggedOut' ||
          state === 'notMember' ||
          (!leader && pending === 0 && lastSyncedAtMs !== undefined),
      ),
    ),
  );

/** They have logged out, and not in again. */
const isGone = async (account: Account, letGo: AbortSignal): Promise<boolean> =>
  letGo.reason === databaseOf(account) && !sameAccount(account, await readKept());

const sendUnsent: SendUnsent = async (letGo) => {
  const account = await readKept();
  if (account === undefined || letGo.aborted) return;
  const tooLong = AbortSignal.timeout(LIMIT_MS);
  try {
    const { sync } = await openWorkspace(account);
    await Promise.race([sync.sent(), nothingToDo(sync), aborted(letGo), aborted(tooLong)]);
  } finally {
    await closeWorkspace(account);
    // What was still being opened has made databases again.
    if (await isGone(account, letGo)) await removeDatabases(databaseOf(account));
  }
  if (tooLong.aborted) throw new Error('Some work is still unsent.');
};

Object.assign(globalThis, { sendUnsent });
