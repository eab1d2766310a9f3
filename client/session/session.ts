// Who uses this page now. A remembered account opens at once, also without the server; the server's
// answer corrects it. Tabs of one browser follow each other.

import { databaseOf } from '../database/name.ts';
import { navigate } from '../router.ts';
import {
  onRememberedElsewhere,
  owesLogOut,
  readRemembered,
  remember,
  sameAccount,
  type Account,
} from './account.ts';
import { forgetAccount, keepAccount } from './kept-account.ts';
import { leaveBehind, notLeft } from './left-behind.ts';
import { oweRemoval, owedRemovals, owesRemoval, removeOwed } from './owed-removal.ts';
import { askSession, endSession, logIn, type SessionAnswer } from './session-api.ts';
import { askNeeded } from './setup-api.ts';

/** What is said above the log-in; `firstStart` stands in its place. */
export type LogInNotice = 'unreachable' | 'notRemoved' | 'removed' | 'firstStart';

export type Session =
  | { readonly kind: 'asking' }
  | { readonly kind: 'out'; readonly notice?: LogInNotice }
  | { readonly kind: 'in'; readonly account: Account };

export const NO_SERVER =
  'Can’t reach the server. You need it to log in; after that you can work without it.';
export const REMOVED =
  'You are logged out, and what this page kept is removed from this device. Files that you saved stay.';
export const HELD =
  'Another tab keeps your data on this device. Close the other tabs, then reload this page. That removes the data.';

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

const noticeOf = async (
  answer: SessionAnswer,
  isRemoved: boolean,
): Promise<LogInNotice | undefined> => {
  if (!isRemoved) return 'notRemoved';
  if (answer.kind === 'unreachable') return 'unreachable';
  return (await askNeeded()) === true ? 'firstStart' : undefined;
};

/** Where somebody was is nothing for whoever comes next. */
const leaveAddress = (): void => navigate('/', 'replace');

const enter = async (account: Account): Promise<void> => {
  const before = session.kind === 'in' ? session.account : undefined;
  const isOther = before !== undefined && !sameAccount(before, account);
  if (isOther) {
    await closeWorkspace(before);
    leaveAddress();
  }
  remember(account);
  void keepAccount(account);
  notLeft(databaseOf(account));
  become({ kind: 'in', account });
  // Nothing of it is removed: what was not sent goes when its own person is back.
  if (isOther) await leaveBehind(before);
};

/** Completes log-outs. Resolves to whether nothing is left of what they should have removed. */
const removeAllOwed = async (): Promise<boolean> => {
  const owed = owedRemovals();
  const remembered = readRemembered();
  // Cut off before it had forgotten who was in.
  if (remembered && owed.includes(databaseOf(remembered))) remember(undefined);
  if (owed.length > 0 && !readRemembered()) await forgetAccount();
  return !(await Promise.all(owed.map(removeOwed))).includes(false);
};

/** Ends the session of somebody who has logged out, where that could not be done yet. */
const endOwed = async (): Promise<void> => {
  if (owesLogOut.read() && (await endSession()).kind !== 'unreachable') owesLogOut.write(false);
};

/** Called once, at the start of the page. */
export const startSession = async (): Promise<void> => {
  onRememberedElsewhere(followOtherTabs);
  // First: it may be what is remembered that is to be removed.
  const isOwed = owedRemovals().length > 0;
  const removing = removeAllOwed();
  const remembered = readRemembered();
  if (remembered) become({ kind: 'in', account: remembered });
  await endOwed();
  const answer: SessionAnswer = owesLogOut.read() ? { kind: 'unreachable' } : await askSession();
  // Somebody may have logged out, or in as somebody else, here or in another tab meanwhile.
  const isRemoved = await removing;
  const isStill = sameAccount(remembered, readRemembered()) && !owesLogOut.read();
  if (answer.kind === 'account' && !owesRemoval(databaseOf(answer.account))) {
    if (isStill) await enter(answer.account);
  } else if (session.kind === 'asking') {
    const notice = (await noticeOf(answer, isRemoved)) ?? (isOwed ? 'removed' : undefined);
    become({ kind: 'out', ...(notice && { notice }) });
  }
};

let checking: Promise<void> = Promise.resolve();
let isAsked = false;
/** Asks once more who is in, after what is being asked already. */
export const checkSession = (): void => {
  if (isAsked) return;
  isAsked = true;
  checking = checking.then(check).catch(() => undefined);
};

const check = async (): Promise<void> => {
  isAsked = false;
  const answer = await askSession();
  // Somebody may have logged out, or in as somebody else, here or in another tab meanwhile.
  if (answer.kind !== 'account' || !sameAccount(answer.account, readRemembered())) return;
  if (!owesRemoval(databaseOf(answer.account))) await enter(answer.account);
};

let following: Promise<void> = Promise.resolve();
/** One after the other, so that each sees where the one before has led. */
const followOtherTabs = (isLogOut: boolean): void => {
  following = following.catch(() => undefined).then(() => followOtherTab(isLogOut));
};

/** @param isLogOut and not somebody else who came in. */
const followOtherTab = async (isLogOut: boolean): Promise<void> => {
  const before = session.kind === 'in' ? session.account : undefined;
  if (before && (isLogOut || !sameAccount(before, readRemembered()))) {
    become({ kind: 'asking' });
    await closeWorkspace(before);
  }
  if (before && isLogOut && !sameAccount(before, readRemembered())) {
    // What was still being opened has made databases again.
    oweRemoval(databaseOf(before));
    await removeOwed(databaseOf(before));
  }
  const remembered = readRemembered();
  if (before && !sameAccount(before, remembered)) leaveAddress();
  // Also where it is the same person, who may have another role by now.
  become(remembered ? { kind: 'in', account: remembered } : { kind: 'out' });
};

/** Resolves to what went wrong, in a sentence, or to nothing. */
export const enterWith = async (email: string, password: string): Promise<string | undefined> => {
  // After it, nothing but the server knows the session that somebody has logged out of.
  await endOwed();
  const answer: SessionAnswer = owesLogOut.read()
    ? { kind: 'unreachable' }
    : await logIn(email, password);
  if (answer.kind === 'refused') return answer.reason;
  if (answer.kind !== 'account') return NO_SERVER;
  // Never opened while it is owed: what was given up would be back, and be sent.
  if (!(await removeOwed(databaseOf(answer.account)))) {
    owesLogOut.write(true);
    await endOwed();
    return HELD;
  }
  await enter(answer.account);
  return undefined;
};

/** Removes everything of this workspace from this device; works offline too. */
export const logOut = async (): Promise<void> => {
  if (session.kind !== 'in') return;
  const { account } = session;
  const name = databaseOf(account);
  owesLogOut.write(true);
  oweRemoval(name);
  // Then other tabs let go of the databases.
  remember(undefined);
  become({ kind: 'asking' });
  // First forgotten: a worker that begins now has nothing to open.
  await forgetAccount();
  await closeWorkspace(account);
  const isRemoved = await removeOwed(name);
  const answer = await endSession();
  if (answer.kind !== 'unreachable') owesLogOut.write(false);
  leaveAddress();
  const notice = await noticeOf(answer, isRemoved);
  // That the server can't be reached is said when somebody wants to log in.
  const isDone = notice === undefined || notice === 'unreachable';
  become({ kind: 'out', notice: isDone ? 'removed' : notice });
};
