// What a tab gives to the session that it has while it leads.

import type { Journal } from '../activity/journal.ts';
import type { Ledger } from '../outbox/ledger.ts';
import type { DeviceFull } from './device-full.ts';
import type { Identity } from './identity.ts';
import type { Platform } from './platform.ts';
import type { LocalCollection } from './raw.ts';
import type { Board } from './status.ts';
import type { SyncOptions, Timing } from './types.ts';

export interface SessionOptions {
  readonly options: SyncOptions;
  readonly platform: Platform;
  readonly timing: Timing;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly locals: ReadonlyMap<string, LocalCollection>;
  readonly board: Board;
  readonly journal: Journal;
  readonly learnOffset: (offsetMs: number) => void;
  readonly serverNowMs: () => number;
  /** Asks the ledger. After `false` nothing may be written any more. */
  readonly stillLeads: () => Promise<boolean>;
  readonly full: Pick<DeviceFull, 'met' | 'room'>;
  /** Tells of what goes wrong on this device. */
  readonly failed: (error: unknown) => void;
}
