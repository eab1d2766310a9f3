// The plugin's door: opens the collections, stamps local writes in every tab, and lets the leading
// tab sync.

import { filter, firstValueFrom, type Observable } from 'rxjs';
import { Journal } from '../activity/journal.ts';
import { INBOX, type Collection } from '../../schemas/index.ts';
import type { Ledger } from '../outbox/ledger.ts';
import { createMemoryLedger } from '../outbox/memory-ledger.ts';
import { upToDate } from '../outbox/up-to-date.ts';
import { atomic } from './atomic.ts';
import { DATA_VERSION, OutdatedError } from './data-version.ts';
import { defaultPlatform } from './default-platform.ts';
import { guarded, makeIdentity } from './identity.ts';
import { followInbox } from './inbox.ts';
import { localTrouble } from './local-trouble.ts';
import type { Platform } from './platform.ts';
import { makeOutboxApi } from './outbox-api.ts';
import { openCollections } from './rx.ts';
import { Seat } from './seat.ts';
import { Board } from './status.ts';
import { announce } from './tabs.ts';
import type { Sync, SyncOptions, Timing } from './types.ts';

export const DEFAULT_TIMING: Timing = {
  collectMs: 10,
  requestTimeoutMs: 30_000,
  streamSilenceMs: 45_000,
  firstRetryMs: 1_000,
  longestRetryMs: 60_000,
  waitingMs: 30_000,
  idlePullMs: 30 * 60_000,
  auditRestMs: 2_000,
  journalMs: 250,
  heartbeatMs: 2_000,
  takeOverMs: 5_000,
};

/**
 * Keeps the collections of a database in step with the server until `stop`. Resolves once the
 * collections are open and stamped; nothing waits for the network.
 *
 * @throws what RxDB throws when a collection can't be opened; an error that `isOutdated` knows where
 *   a newer version of the program has used the ledger; one that names a collection that has to be
 *   opened, too, because an unsent group has a member in it.
 */
export async function startSync(options: SyncOptions): Promise<Sync> {
  const platform = { ...defaultPlatform(), ...options.platform };
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const ledger = upToDate(options.ledger ?? createMemoryLedger(), options.collections);
  const parts = { platform, timing, ledger, name: `holdfast:${options.database.name}` };
  const { time, board, identity, locals } = await openHere(options, parts);
  const trouble = localTrouble({ ...parts, board });
  const { failed } = trouble;
  const journal = new Journal({ platform, ledger, failed, timing });
  const seat = new Seat({ ...parts, ...time, options, identity, locals, board, journal, failed });
  const { tabs, leading } = seat;
  const inbox = followInbox(locals.get(INBOX), { ...options, ...parts, board, failed });
  seat.start();

  const stop = once(async () => {
    await seat.stop();
    inbox.stop();
    await journal.flush();
    trouble.end();
    board.end();
    if (options.ledger === undefined) await ledger.close();
  });
  options.database.onClose.push(stop);
  const syncNow = (): void => (seat.isLeading ? leading.syncNow() : tabs.askToSync());
  const place = { ...options, ...parts, ...time, ...identity, locals };
  const outbox = makeOutboxApi({
    ...options,
    ledger,
    board,
    journal,
    locals,
    syncNow,
    again: (label, writes, instead) => atomic(place, label, writes, instead),
    discardWaiting: (ops) => leading.discard(ops) ?? tabs.askToDiscard(ops),
  });
  return {
    ...outbox,
    status$: board.status$,
    refused$: ledger.refused$,
    conflicts$: inbox.open$,
    device: identity.device,
    takeRole: inbox.takeRole,
    syncNow,
    verify: () => leading.verify() ?? tabs.askToVerify(),
    sent: async () => {
      await until(board.status$, ({ leader }) => leader);
      // Nothing is known to be sent where it could not be counted.
      const isCounted = await leading.counted();
      await until(board.status$, ({ pending }) => isCounted && pending === 0);
    },
    atomic: (label, writes) => atomic(place, label, writes),
    stop,
  };
}

interface Parts {
  readonly platform: Platform;
  readonly ledger: Ledger;
  readonly name: string;
}

/** Local writes are stamped from here on, whether anything syncs or not. */
async function openHere(options: SyncOptions, { platform, ledger, name }: Parts) {
  // Noted and told before anything is written, so that older tabs stop before they meet it.
  if ((await ledger.meetVersion(DATA_VERSION)) > DATA_VERSION) throw new OutdatedError();
  announce(platform.openChannel(name));
  await checkGroups(ledger, options);
  const time = serverTime(platform);
  const board = new Board();
  const made = await makeIdentity(platform, ledger, time.serverNowMs, options.user);
  const identity = guarded(made, () => {
    if (board.status.outdated) throw new OutdatedError();
  });
  const locals = await openCollections(options.database, distinct(options), identity.stamper);
  return { time, board, identity, locals };
}

/** @throws {Error} where a group waits that can't be sent with these collections. */
async function checkGroups(
  ledger: Ledger,
  { collections }: Pick<SyncOptions, 'collections'>,
): Promise<void> {
  const known = new Set(collections.map(({ name }) => name));
  const members = (await ledger.groups()).flatMap((group) => group.members);
  const missing = members.find(({ collection }) => !known.has(collection))?.collection;
  if (missing !== undefined)
    throw new Error(
      `Changes that were not sent belong together with changes of "${missing}": open that collection, too.`,
    );
}

/** The server's clock, as far as this device knows it; learnt from answers, kept in memory. */
function serverTime(platform: Platform) {
  let offsetMs = 0;
  return {
    offsetMs: (): number => offsetMs,
    learnOffset: (learntMs: number): void => {
      offsetMs = learntMs;
    },
    serverNowMs: (): number => platform.now() + offsetMs,
  };
}

/** Resolves with the first value that fits, or when there will be none any more. */
const until = <T>(values$: Observable<T>, fits: (value: T) => boolean): Promise<T | undefined> =>
  firstValueFrom(values$.pipe(filter(fits)), { defaultValue: undefined });

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}

const distinct = ({ collections }: SyncOptions): readonly Collection[] => [
  ...new Map(collections.map((collection) => [collection.name, collection])).values(),
];
