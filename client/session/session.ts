// Who uses this page now. A remembered account opens at once, also without the server; the server's
// answer corrects it. Tabs of one browser follow each other.

import { databaseOf } from '../database/name.ts';
import { removeDatabases } from '../database/remove.ts';
import { letGo } from '../update/to-worker.ts';
import {
  onRememberedElsewhere,
  owesLogOut,
  readRemembered,
  remember,
  sameAccount,
  type Account,
} from './account.ts';
import { forgetAccount, keepAccount } from './kept-account.ts';
import { backAgain, leaveBehind } from './left-behind.ts';
import { askSession, endSession, logIn, type SessionAnswer } from './session-api.ts';
import { askNeeded } from './setup-api.ts';

/** What is said above the log-in; `firstStart` stands in its place. */
export type LogInNotice = 'unreachable' | 'notRemoved' | 'firstStart';

export type Session =
  | { readonly kind: 'asking' }
  | { readonly kind: 'out'; readonly notice?: LogInNotice }
  | { readonly kind: 'in'; readonly account: Account };

export const NO_SERVER =
  'Can’t reach the server. You need it to log in; after that you can work without it.';

let session: Session = { kind: 'asking' };
const listeners = new Set<() => void>();

const become = (next: Session): void => {
  session = next;
  for (const listener of listeners) listener();
};

export const currentSession = (): Session => session;
export const subscribeSession = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Calls back once, as soon as somebody is in. */
export const whenIn = (run: () => void): void => {
  const unsubscribe = subscribeSession(() => {
    if (session.kind !== 'in') return;
    unsubscribe();
    run();
  });
};

// RxDB is the larger half of the page; who only logs in need not wait for it.
const closeWorkspace = async (account: Account): Promise<void> =>
  (await import('../database/open.ts')).closeWorkspace(account);

const out = async (answer: SessionAnswer): Promise<Session> => {
  if (answer.kind === 'unreachable') return { kind: 'out', notice: 'unreachable' };
  return (await askNeeded()) === true ? { kind: 'out', notice: 'firstStart' } : { kind: 'out' };
};

const enter = async (account: Account): Promise<void> => {
  const before = session.kind === 'in' ? session.account : undefined;
  const isOther = before !== undefined && !sameAccount(before, account);
  if (isOther) await closeWorkspace(before);
  remember(account);
  void keepAccount(account);
  backAgain(account);
  become({ kind: 'in', account });
  // Nothing of it is removed: what was not sent goes when its own person is back.
  if (isOther) await leaveBehind(before);
};

/** Called once, at the start of the page. */
export const startSession = async (): Promise<void> => {
  onRememberedElsewhere(() => void followOtherTab());
  const remembered = readRemembered();
  if (remembered) become({ kind: 'in', account: remembered });
  if (owesLogOut.read() && (await endSession()).kind !== 'unreachable') owesLogOut.write(false);
  const answer: SessionAnswer = owesLogOut.read() ? { kind: 'unreachable' } : await askSession();
  // Somebody may have logged out, or in as somebody else, here or in another tab meanwhile.
  const isStill = sameAccount(remembered, readRemembered()) && !owesLogOut.read();
  if (answer.kind === 'account') {
    if (isStill) await enter(answer.account);
  } else if (session.kind === 'asking') become(await out(answer));
};

const followOtherTab = async (): Promise<void> => {
  const remembered = readRemembered();
  if (session.kind === 'in' && sameAccount(session.account, remembered)) return;
  if (session.kind === 'in') await closeWorkspace(session.account);
  // A later event has said something else, and is followed by itself.
  if (!sameAccount(remembered, readRemembered())) return;
  become(remembered ? { kind: 'in', account: remembered } : { kind: 'out' });
};

/** Resolves to what went wrong, in a sentence, or to nothing. */
export const enterWith = async (email: string, password: string): Promise<string | undefined> => {
  const answer = await logIn(email, password);
  if (answer.kind === 'refused') return answer.reason;
  if (answer.kind !== 'account') return NO_SERVER;
  owesLogOut.write(false);
  await enter(answer.account);
  return undefined;
};

/** Removes everything of this workspace from this device; works offline too. */
export const logOut = async (): Promise<void> => {
  if (session.kind !== 'in') return;
  const { account } = session;
  // First, so that other tabs let go of the databases.
  remember(undefined);
  owesLogOut.write(true);
  become({ kind: 'asking' });
  letGo();
  await forgetAccount();
  await closeWorkspace(account);
  const removed = await removeDatabases(databaseOf(account));
  const answer = await endSession();
  if (answer.kind !== 'unreachable') owesLogOut.write(false);
  become(removed ? await out(answer) : { kind: 'out', notice: 'notRemoved' });
};
