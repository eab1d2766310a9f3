// The device's own notes beside its documents: who it is, who leads, what was refused. One small
// port; Dexie keeps it in browsers, memory in tests and programs.
//
// Promises:
//  1. `deviceId` gives the same id for the life of the local database, also to two tabs at once.
//  2. `raiseLeader` gives every caller a number above all earlier ones; `leader` gives the highest.
//  3. `judged` is durable when it resolves, and one step: groups are forgotten and refused versions
//     kept, or neither. An op that has an entry already keeps that one.
//  4. `claim` gives the same again until `claimed`; then one that begins where that one ended. It is
//     durable when it resolves.
//  5. `becomeDevice` replaces the id, with claims from the beginning, in one step.
//  6. `epoch` gives what `setEpoch` was last given; that is durable when it resolves.
//  7. `putGroup` is durable when it resolves, so is `freezeGroups`, which replaces groups that are
//     there and adds none. `groups` gives all that were not judged, of every tab, oldest first.
//  8. `refused$` shows the entries, newest first, and follows changes made by every tab.

import type { Observable } from 'rxjs';
import type { DeviceId, WireDocument } from '../protocol/index.ts';
import type { Group } from './group.ts';

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
  /** The fields, or keys of them, that it changed; none where it made a new document. */
  readonly changed?: readonly string[];
  /** The version of its collection (`up-to-date.ts`). */
  readonly schema?: number;
  /** What it belonged to, which was refused as a whole. */
  readonly group?: { readonly id: string; readonly label: string };
}

/** What became of requests' rows. */
export interface Judged {
  readonly groups: readonly string[];
  readonly refused: readonly RefusedWrite[];
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
  putGroup(group: Group): Promise<void>;
  freezeGroups(groups: readonly Group[]): Promise<void>;
  groups(): Promise<readonly Group[]>;
  judged(judged: Judged): Promise<void>;
  dismissRefused(ops: readonly string[]): Promise<void>;
  readonly refused$: Observable<readonly RefusedWrite[]>;
  close(): Promise<void>;
}
