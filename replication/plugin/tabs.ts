// What the tabs of one database tell each other: the leader its status, the others their questions.

import { isRecord } from './check.ts';
import type { Channel, Platform } from './platform.ts';
import type { Board } from './status.ts';
import type { SyncStatus } from './types.ts';

/** Followers see a change of the status this late at most. */
const BROADCAST_MS = 50;

export interface TabsHost {
  readonly isLeading: () => boolean;
  /** The leader has said something. */
  readonly heard: () => void;
  readonly syncNow: () => void;
  readonly offsetMs: () => number;
  readonly learnOffset: (offsetMs: number) => void;
}

type Message =
  | { readonly kind: 'ask' }
  | { readonly kind: 'now' }
  | { readonly kind: 'status'; readonly status: SyncStatus; readonly offsetMs: number };

export class Tabs {
  readonly #channel: Channel;
  readonly #board: Board;
  readonly #host: TabsHost;
  readonly #stopBroadcast: () => void;

  constructor(channel: Channel, platform: Platform, board: Board, host: TabsHost) {
    this.#channel = channel;
    this.#board = board;
    this.#host = host;
    channel.listen((message) => this.#take(parseMessage(message)));
    let cancel: (() => void) | undefined;
    const subscription = board.status$.subscribe(() => {
      // Once for many changes.
      cancel ??= platform.after(BROADCAST_MS, () => {
        cancel = undefined;
        if (host.isLeading()) this.#say();
      });
    });
    this.#stopBroadcast = () => {
      subscription.unsubscribe();
      cancel?.();
    };
  }

  /** The leader answers with its status; so it shows that it lives. */
  ask(): void {
    this.#post({ kind: 'ask' });
  }
  askToSync(): void {
    this.#post({ kind: 'now' });
  }

  close(): void {
    this.#stopBroadcast();
    this.#channel.close();
  }

  #say(): void {
    const offsetMs = this.#host.offsetMs();
    this.#post({ kind: 'status', status: this.#board.status, offsetMs });
  }

  #post(message: Message): void {
    this.#channel.post(message);
  }

  #take(message: Message | undefined): void {
    const isLeading = this.#host.isLeading();
    switch (message?.kind) {
      case 'ask':
        if (isLeading) this.#say();
        return;
      case 'now':
        if (isLeading) this.#host.syncNow();
        return;
      case 'status':
        if (isLeading) return;
        this.#host.heard();
        this.#host.learnOffset(message.offsetMs);
        this.#board.show(message.status);
        return;
      case undefined:
    }
  }
}

/** From another tab, perhaps one that runs an older version of the program. */
function parseMessage(message: unknown): Message | undefined {
  if (!isRecord(message)) return undefined;
  const { kind, status, offsetMs } = message;
  if (kind === 'ask' || kind === 'now') return { kind };
  if (kind !== 'status' || typeof offsetMs !== 'number' || !isRecord(status)) return undefined;
  const isStatus = typeof status['state'] === 'string' && Array.isArray(status['pendingKeys']);
  return isStatus ? { kind, offsetMs, status: status as unknown as SyncStatus } : undefined;
}
