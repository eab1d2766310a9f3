// The plugin's door: opens the collections, stamps local writes in every tab, and lets the leading
// tab sync.

import type { Collection } from '../../schemas/index.ts';
import { createMemoryLedger } from '../outbox/memory-ledger.ts';
import { isDeviceId, type DeviceId } from '../protocol/index.ts';
import { createStampClock, makeNode } from '../stamp/stamp.ts';
import { defaultPlatform } from './default-platform.ts';
import { Leadership } from './leadership.ts';
import type { Platform } from './platform.ts';
import { openCollections, type LocalCollection } from './rx.ts';
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
  const ledger = options.ledger ?? createMemoryLedger();
  const device = await ledger.deviceId(newDevice(platform));
  const time = serverTime(platform);
  const locals = await openStamped(options, platform, device, time);
  const board = new Board();
  const name = `holdfast:${options.database.name}`;
  let session: Session | undefined;
  const tabs = new Tabs(platform.openChannel(name), platform, board, {
    isLeading: () => leadership.isLeading,
    heard: () => leadership.heard(),
    syncNow: () => session?.syncNow(),
    offsetMs: time.offsetMs,
    learnOffset: time.learnOffset,
  });
  const leadership: Leadership = new Leadership({
    platform,
    ledger,
    name,
    heartbeatMs: timing.heartbeatMs,
    takeOverMs: timing.takeOverMs,
    ask: () => tabs.ask(),
    lead: () => {
      board.forget();
      board.update({ leader: true });
      const given = { options, platform, timing, ledger, device, locals, board, ...time };
      session = new Session({ ...given, stillLeads: () => leadership.stillLeads() });
      session.open();
    },
    lose: async () => {
      const lost = session;
      session = undefined;
      await lost?.close();
      board.forget();
    },
    failed: (error) => board.failed(error, platform.now()),
  });
  const refused = ledger.refused$.subscribe({
    next: (writes) => board.update({ refused: writes.length }),
    error: (error: unknown) => board.failed(error, platform.now()),
  });
  leadership.start();

  const stop = once(async () => {
    tabs.close();
    await leadership.stop();
    refused.unsubscribe();
    board.end();
    if (options.ledger === undefined) await ledger.close();
  });
  options.database.onClose.push(stop);
  return {
    status$: board.status$,
    refused$: ledger.refused$,
    syncNow: () => (session === undefined ? tabs.askToSync() : session.syncNow()),
    dismiss: (op) => ledger.dismissRefused(op),
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

function openStamped(
  options: SyncOptions,
  platform: Platform,
  device: DeviceId,
  { serverNowMs }: ReturnType<typeof serverTime>,
): Promise<ReadonlyMap<string, LocalCollection>> {
  const node = makeNode(device, platform.randomHex(6));
  return openCollections(options.database, distinct(options.collections), {
    node,
    clock: createStampClock(node, serverNowMs),
    nowIso: () => new Date(serverNowMs()).toISOString(),
    user: options.user ?? '',
  });
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}

function newDevice(platform: Platform): DeviceId {
  const candidate = platform.randomHex(10);
  if (!isDeviceId(candidate)) throw new Error('The platform gives no ten random hex digits.');
  return candidate;
}

const distinct = (collections: readonly Collection[]): readonly Collection[] => [
  ...new Map(collections.map((collection) => [collection.name, collection])).values(),
];
