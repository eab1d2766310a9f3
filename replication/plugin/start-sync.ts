// The plugin's door: opens the collections, stamps local writes in every tab, and lets the leading
// tab sync.

import { INBOX, type Collection } from '../../schemas/index.ts';
import { createMemoryLedger } from '../outbox/memory-ledger.ts';
import { upToDate } from '../outbox/up-to-date.ts';
import { atomic } from './atomic.ts';
import { defaultPlatform } from './default-platform.ts';
import { makeIdentity } from './identity.ts';
import { followInbox } from './inbox.ts';
import { Leadership } from './leadership.ts';
import type { Platform } from './platform.ts';
import { openCollections } from './rx.ts';
import { Session } from './session.ts';
import { Board } from './status.ts';
import { Tabs } from './tabs.ts';
import type { Sync, SyncOptions, Timing } from './types.ts';

export const DEFAULT_TIMING: Timing = {
  collectMs: 10,
  requestTimeoutMs: 30_000,
  streamSilenceMs: 45_000,
  firstRetryMs: 1_000,
  longestRetryMs: 60_000,
  idlePullMs: 30 * 60_000,
  heartbeatMs: 2_000,
  takeOverMs: 5_000,
};

/**
 * Keeps the collections of a database in step with the server until `stop`. Resolves once the
 * collections are open and stamped; nothing waits for the network.
 *
 * @throws what RxDB throws when a collection can't be opened.
 */
export async function startSync(options: SyncOptions): Promise<Sync> {
  const platform = { ...defaultPlatform(), ...options.platform };
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const ledger = upToDate(options.ledger ?? createMemoryLedger(), options.collections);
  const parts = { platform, timing, ledger, name: `holdfast:${options.database.name}` };
  const time = serverTime(platform);
  const identity = await makeIdentity(platform, ledger, time.serverNowMs, options.user);
  const locals = await openCollections(options.database, distinct(options), identity.stamper);
  const board = new Board();
  const failed = (error: unknown): void => board.failed(error, platform.now());
  let session: Session | undefined;
  const tabs = new Tabs(platform.openChannel(parts.name), platform, board, {
    isLeading: () => leadership.isLeading,
    heard: () => leadership.heard(),
    syncNow: () => session?.syncNow(),
    verify: () => session?.verify(),
    patienceMs: timing.requestTimeoutMs + timing.takeOverMs,
    identity,
    ...time,
  });
  const leadership: Leadership = new Leadership({
    ...parts,
    ask: () => tabs.ask(),
    lead: () => {
      board.lead();
      const stillLeads = (): Promise<boolean> => leadership.stillLeads();
      session = new Session({ ...parts, ...time, options, identity, locals, board, stillLeads });
      session.open();
    },
    lose: async () => {
      const closed = session?.close();
      session = undefined;
      await closed;
      board.forget();
    },
    failed,
  });
  const inbox = followInbox(locals.get(INBOX), { ...options, ledger, board, failed });
  leadership.start();

  const stop = once(async () => {
    tabs.close();
    await leadership.stop();
    inbox.stop();
    board.end();
    if (options.ledger === undefined) await ledger.close();
  });
  options.database.onClose.push(stop);
  return {
    status$: board.status$,
    refused$: ledger.refused$,
    conflicts$: inbox.open$,
    device: identity.device,
    syncNow: () => (session === undefined ? tabs.askToSync() : session.syncNow()),
    verify: () => (session === undefined ? tabs.askToVerify() : session.verify()),
    dismiss: (ops) => ledger.dismissRefused(ops),
    atomic: (label, writes) =>
      atomic({ ...options, ...parts, ...time, ...identity, locals }, label, writes),
    stop,
  };
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

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}

const distinct = ({ collections }: SyncOptions): readonly Collection[] => [
  ...new Map(collections.map((collection) => [collection.name, collection])).values(),
];
