// The device's own notes beside its documents: who it is, who leads, what became of its writes, and
// what it did. One small port; Dexie keeps it in browsers, memory in tests and programs.
//
// Promises:
//  1. `deviceId` gives the same id for the life of the local database, also to two tabs at once.
//  2. `raiseLeader` gives every caller a number above all earlier ones; `leader` gives the highest.
//  3. `judged` is durable when it resolves, and one step: groups and tries are forgotten, refused
//     versions, finished records and what is not to be sent kept, or none of it. An op that has a
//     refused version already keeps that one; of the finished records the last 100 stay.
//  4. `claim` gives the same again until `claimed`; then one that begins where that one ended. It is
//     durable when it resolves.
//  5. `becomeDevice` replaces the id, with claims from the beginning, in one step.
//  6. `epoch` gives what `setEpoch` was last given, `lastRun` what `noteRun` was; they are durable when
//     they resolve.
//  7. `putGroup` is durable when it resolves, and one step: the group is kept and the refused versions
//     that it is written instead of are forgotten; where one of these is not there, nothing is done,
//     and it says false. `freezeGroups` is durable, too: it replaces these groups, or says false and
//     does nothing where one of them is not there. `takeBackGroup` undoes `putGroup`, in one step: a
//     group that is there and was not frozen is forgotten, and refused versions are kept; otherwise it
//     says false. `groups` gives all that were not judged, of every tab, oldest first, and `hasGroup`
//     says whether one is among them; `newestGroup$` shows the id of the last and follows every tab.
//  8. `refused$` and `finished$` show their entries, newest first, and follow changes made by every
//     tab; so do `activity$`, newest first, and `samples$`, oldest first.
//  9. `meetVersion` notes the version of this program's data unless a higher one is noted, in one step,
//     and gives the highest; `version` gives that. `outdated` resolves when a newer program has taken
//     the ledger's database over, and then every call rejects.
// 10. `record` replaces an activity whose id is there, and keeps the newest ACTIVITY_LIMIT and
//     SAMPLE_LIMIT.

import type { Observable } from 'rxjs';
import type { Activity, Sample } from '../activity/activity.ts';
import type { DeviceId, WireDocument } from '../protocol/index.ts';
import type { AuditNotes } from './audit-notes.ts';
import type { Group } from './group.ts';
import type { OutboxRecord } from './record.ts';

export const FINISHED_LIMIT = 100;

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
  readonly finished: readonly OutboxRecord[];
  /** Operations whose tries are forgotten. */
  readonly tried: readonly string[];
  /** Operations that are not sent any more: a person has let go of them, or this device refuses them. */
  readonly discarded?: readonly Try[];
}

/** What was tried with an operation that the server has not judged. */
export interface Try {
  readonly op: string;
  /** How often the server has answered without judging it. */
  readonly attempts: number;
  readonly lastError?: string;
  readonly lastAttemptAtMs?: number;
  /** It was let go, by a person or by this device: it is not sent any more, and its document goes back. */
  readonly discarded?: true;
  /** Of a `discarded` one: where its document goes back. */
  readonly collection?: string;
  /** Nor is anything sent that builds on these writes: they were part of a group. */
  readonly stamps?: readonly string[];
}

/** How a session of this device is announced: what the last one was called, and this one. */
export interface Claim {
  readonly was: string;
  readonly now: string;
}

export interface Ledger extends AuditNotes {
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
  /** @param instead operations with a refused version. */
  putGroup(group: Group, instead?: readonly string[]): Promise<boolean>;
  freezeGroups(groups: readonly Group[]): Promise<boolean>;
  takeBackGroup(group: string, refused: readonly RefusedWrite[]): Promise<boolean>;
  groups(): Promise<readonly Group[]>;
  hasGroup(group: string): Promise<boolean>;
  readonly newestGroup$: Observable<string | undefined>;
  judged(judged: Judged): Promise<void>;
  /** @param own this program's DATA_VERSION. */
  meetVersion(own: number): Promise<number>;
  version(): Promise<number>;
  readonly outdated: Promise<void>;
  forgetRefused(ops: readonly string[]): Promise<void>;
  readonly refused$: Observable<readonly RefusedWrite[]>;
  readonly finished$: Observable<readonly OutboxRecord[]>;
  /** Replaces what is noted of these operations. */
  tried(tries: readonly Try[]): Promise<void>;
  tries(): Promise<readonly Try[]>;
  record(noted: {
    readonly activities: readonly Activity[];
    readonly samples: readonly Sample[];
  }): Promise<void>;
  readonly activity$: Observable<readonly Activity[]>;
  readonly samples$: Observable<readonly Sample[]>;
  close(): Promise<void>;
}
