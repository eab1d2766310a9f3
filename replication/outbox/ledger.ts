// The device's own notes beside its documents: who it is, who leads, what was refused. One small
// port; Dexie keeps it in browsers, memory in tests and programs.
//
// Promises:
//  1. `deviceId` gives the same id for the life of the local database, also to two tabs at once.
//  2. `raiseLeader` gives every caller a number above all earlier ones; `leader` gives the highest.
//  3. `putRefused` is durable when it resolves. The same op again replaces its entry.
//  4. `claim` gives the same again until `claimed`; then one that begins where that one ended. It is
//     durable when it resolves.
//  5. `becomeDevice` replaces the id, with claims from the beginning, in one step.
//  6. `epoch` gives what `setEpoch` was last given; that is durable when it resolves.
//  7. `refused$` shows the entries, newest first, and follows changes made by every tab.

import type { Observable } from 'rxjs';
import type { DeviceId, WireDocument } from '../protocol/index.ts';

export interface RefusedWrite {
  readonly op: string;
  readonly collection: string;
  readonly id: string;
  /** The version that was refused, as the person wrote it. */
  readonly doc: WireDocument;
  readonly verdict: 'rejected' | 'superseded' | 'conflict';
  readonly code: string;
  /** The reason, in a sentence for people. */
  readonly message: string;
  readonly refusedAtMs: number;
}

/** How a session of this device is announced: what the last one was called, and this one. */
export interface Claim {
  readonly was: string;
  readonly now: string;
}

export interface Ledger {
  deviceId(candidate: DeviceId): Promise<DeviceId>;
  /** @param fresh a random name. */
  claim(fresh: string): Promise<Claim>;
  claimed(): Promise<void>;
  becomeDevice(device: DeviceId): Promise<void>;
  raiseLeader(): Promise<number>;
  leader(): Promise<number>;
  /** The server's history that this device last agreed with. */
  epoch(): Promise<string | undefined>;
  setEpoch(epoch: string): Promise<void>;
  putRefused(writes: readonly RefusedWrite[]): Promise<void>;
  dismissRefused(op: string): Promise<void>;
  readonly refused$: Observable<readonly RefusedWrite[]>;
  close(): Promise<void>;
}
