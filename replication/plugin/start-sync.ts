// The plugin's door: opens the collections, stamps local writes in every tab, and lets the leading
// tab sync.

import { INBOX, type Collection } from '../../schemas/index.ts';
import type { Ledger } from '../outbox/ledger.ts';
import { createMemoryLedger } from '../outbox/memory-ledger.ts';
import { atomic } from './atomic.ts';
import { DATA_VERSION, OutdatedError } from './data-version.ts';
import { defaultPlatform } from './default-platform.ts';
import { guarded, makeIdentity } from './identity.ts';
import { followInbox } from './inbox.ts';
import { Leadership } from './leadership.ts';
import { Leading } from './leading.ts';
import type { Platform } from './platform.ts';
import { openCollections } from './rx.ts';
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
 * @throws what RxDB throws when a collection can't be opened; an error that `isOutdated` knows where
 *   a newer version of the program has used the ledger.
 */
export async function startSync(options: SyncOptions): Promise<Sync> {
  const platform = { ...defaultPlatform(), ...options.platform };
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const ledger = options.ledger ?? createMemoryLedger();
  const parts = { platform, timing, ledger, name: `holdfast:${options.database.name}` };
  const { time, board, identity, locals } = await openHere(options, platform, ledger);
  const failed = (error: unknown): void => board.failed(error, platform.now());
  const stillLeads = (): Promise<boolean> => leadership.stillLeads();
  const session = { ...parts, ...time, options, identity, locals, board, stillLeads };
  const leading = new Leading({ ...session, failed });
  const outdated = (): void => {
    if (board.status.outdated) return;
    board.outdate();
    leadership.stop().catch(failed);
  };
  const tabs = new Tabs(platform.openChannel(parts.name), platform, board, {
    isLeading: () => leadership.isLeading,
    heard: () => leadership.heard(),
    newer: outdated,
    olderLeads: () => leadership.replace(),
    syncNow: () => leading.syncNow(),
    verify: () => leading.verify(),
    patienceMs: timing.requestTimeoutMs + timing.takeOverMs,
    identity,
    ...time,
  });
  const leadership: Leadership = new Leadership({
    ...parts,
    ask: () => tabs.ask(),
    lead: () => leading.begin(),
    lose: () => leading.end(),
    outdated,
    failed,
  });
  const inbox = followInbox(locals.get(INBOX), { ...options, ledger, board, failed });
  leadership.start();
  ledger.outdated.then(outdated, failed);

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
    syncNow: () => (leadership.isLeading ? leading.syncNow() : tabs.askToSync()),
    verify: () => leading.verify() ?? tabs.askToVerify(),
    dismiss: (ops) => ledger.dismissRefused(ops),
    atomic: (label, writes) =>
      atomic({ ...options, ...parts, ...time, ...identity, locals }, label, writes),
    stop,
  };
}

/** Local writes are stamped from here on, whether anything syncs or not. */
async function openHere(options: SyncOptions, platform: Platform, ledger: Ledger) {
  // Noted before anything is written, so that older tabs stop before they meet it.
  if ((await ledger.meetVersion(DATA_VERSION)) > DATA_VERSION) throw new OutdatedError();
  const time = serverTime(platform);
  const board = new Board();
  const made = await makeIdentity(platform, ledger, time.serverNowMs, options.user);
  const identity = guarded(made, () => {
    if (board.status.outdated) throw new OutdatedError();
  });
  const locals = await openCollections(options.database, distinct(options), identity.stamper);
  return { time, board, identity, locals };
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
