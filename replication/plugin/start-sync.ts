// The plugin's door: opens the collections, stamps local writes in every tab, and lets the leading
// tab sync.

import type { Collection } from '../../schemas/index.ts';
import { createMemoryLedger } from '../outbox/memory-ledger.ts';
import { isDeviceId, type DeviceId } from '../protocol/index.ts';
import { createStampClock, makeNode } from '../stamp/stamp.ts';
import { isRecord, messageOf } from './check.ts';
import { defaultPlatform } from './default-platform.ts';
import { Leadership } from './leadership.ts';
import type { Platform } from './platform.ts';
import { openCollections } from './rx.ts';
import { Session } from './session.ts';
import { Board } from './status.ts';
import type { Sync, SyncOptions, SyncStatus, Timing } from './types.ts';

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
/** Followers see a change of the status this late at most. */
const BROADCAST_MS = 50;

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
  let offsetMs = 0;
  const serverNowMs = (): number => platform.now() + offsetMs;
  const node = makeNode(device, platform.randomHex(6));
  const locals = await openCollections(options.database, distinct(options.collections), {
    node,
    clock: createStampClock(node, serverNowMs),
    nowIso: () => new Date(serverNowMs()).toISOString(),
    user: options.user ?? '',
  });

  const board = new Board();
  const name = `holdfast:${options.database.name}`;
  const channel = platform.openChannel(name);
  let session: Session | undefined;
  const learnOffset = (learntMs: number): void => {
    offsetMs = learntMs;
  };
  const leadership: Leadership = new Leadership({
    platform,
    ledger,
    name,
    heartbeatMs: timing.heartbeatMs,
    takeOverMs: timing.takeOverMs,
    ask: () => channel.post({ kind: 'ask' }),
    lead: () => {
      board.forget();
      board.update({ leader: true });
      const stillLeads = (): Promise<boolean> => leadership.stillLeads();
      session = new Session({ options, platform, timing, ledger, device, locals, board, learnOffset, serverNowMs, stillLeads });
      session.open();
    },
    lose: async () => {
      const lost = session;
      session = undefined;
      await lost?.close();
      board.forget();
    },
    failed: (error) => fail(board, platform, error),
  });

  const say = (): void =>
    channel.post({ kind: 'status', status: board.status, offsetMs });
  channel.listen((message) => {
    const heard = parseMessage(message);
    if (heard?.kind === 'ask' && leadership.isLeading) say();
    if (heard?.kind === 'now') session?.syncNow();
    if (heard?.kind === 'status' && !leadership.isLeading) {
      leadership.heard();
      learnOffset(heard.offsetMs);
      board.show(heard.status);
    }
  });
  const refused = ledger.refused$.subscribe({
    next: (writes) => board.update({ refused: writes.length }),
    error: (error: unknown) => fail(board, platform, error),
  });
  const broadcast = whileLeading(board, platform, () => leadership.isLeading && say());
  leadership.start();

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= end());
  const end = async (): Promise<void> => {
    broadcast();
    await leadership.stop();
    refused.unsubscribe();
    channel.close();
    board.end();
    if (options.ledger === undefined) await ledger.close();
  };
  options.database.onClose.push(stop);
  return {
    status$: board.status$,
    refused$: ledger.refused$,
    syncNow: () => (session === undefined ? channel.post({ kind: 'now' }) : session.syncNow()),
    dismiss: (op) => ledger.dismissRefused(op),
    stop,
  };
}

function newDevice(platform: Platform): DeviceId {
  const candidate = platform.randomHex(10);
  if (!isDeviceId(candidate)) throw new Error('The platform gives no ten random hex digits.');
  return candidate;
}

const distinct = (collections: readonly Collection[]): readonly Collection[] => [
  ...new Map(collections.map((collection) => [collection.name, collection])).values(),
];

function fail(board: Board, platform: Platform, error: unknown): void {
  board.trouble('local', { kind: 'waiting', message: messageOf(error), nextTryAtMs: platform.now() });
}

/** Calls `say` soon after the status has changed, once for many changes. */
function whileLeading(board: Board, platform: Platform, say: () => void): () => void {
  let cancel: (() => void) | undefined;
  const subscription = board.status$.subscribe(() => {
    cancel ??= platform.after(BROADCAST_MS, () => {
      cancel = undefined;
      say();
    });
  });
  return () => {
    subscription.unsubscribe();
    cancel?.();
  };
}

type Message =
  | { readonly kind: 'ask' }
  | { readonly kind: 'now' }
  | { readonly kind: 'status'; readonly status: SyncStatus; readonly offsetMs: number };

/** From another tab, perhaps one that runs an older version of the program. */
function parseMessage(message: unknown): Message | undefined {
  if (!isRecord(message)) return undefined;
  const { kind, status, offsetMs } = message;
  if (kind === 'ask' || kind === 'now') return { kind };
  if (kind !== 'status' || typeof offsetMs !== 'number') return undefined;
  const isStatus = isRecord(status) && typeof status['state'] === 'string' && Array.isArray(status['pendingKeys']);
  return isStatus ? { kind, offsetMs, status: status as unknown as SyncStatus } : undefined;
}
