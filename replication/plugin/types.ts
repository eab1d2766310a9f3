// What a program gives to `startSync` and gets from it.

import type { RxDatabase } from 'rxdb';
import type { Observable } from 'rxjs';
import type { Collection, Conflict, Role } from '../../schemas/index.ts';
import type { Ledger, RefusedWrite } from '../outbox/ledger.ts';
import type { DeviceId, ResyncReason } from '../protocol/index.ts';
import type { GroupWrite } from './atomic.ts';
import type { Platform } from './platform.ts';

export interface SyncOptions {
  readonly database: RxDatabase;
  /** Opened in the database by `startSync`, with schema, conflict handler and stamping hooks. */
  readonly collections: readonly Collection[];
  /** Where the server is, without a path: `https://holdfast.example`. */
  readonly url: string;
  /** An API key. Without one, requests carry the page's session cookie. */
  readonly token?: string;
  /** For a member of several workspaces: which one this database belongs to. */
  readonly workspace?: string;
  /** The signed-in user's id, for `createdBy` of documents that were not sent yet. */
  readonly user?: string;
  /** The user's role, which says what of the inbox is theirs to decide. Without one: all of it. */
  readonly role?: Role;
  /** Device id, refused writes, leader number. Default: a ledger in memory. */
  readonly ledger?: Ledger;
  /** Time, timers, randomness, fetch, locks, channels. Default: those of the JavaScript realm. */
  readonly platform?: Partial<Platform>;
  readonly timing?: Partial<Timing>;
}

/** All in milliseconds. */
export interface Timing {
  /** How long pushes and pulls of several collections are collected into one request. */
  readonly collectMs: number;
  readonly requestTimeoutMs: number;
  /** A stream that says nothing for so long is dead. */
  readonly streamSilenceMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** Idle pull, in case the stream lied. */
  readonly idlePullMs: number;
  /** How often a follower asks whether the leader lives, and how long it waits for the answer. */
  readonly heartbeatMs: number;
  readonly takeOverMs: number;
}

/** The states of the one sync indicator, in the words of the design (UX). */
export type SyncState =
  | 'starting'
  | 'synced'
  | 'sending'
  | 'receiving'
  | 'waiting'
  | 'offline'
  | 'unreachable'
  | 'attention'
  | 'loggedOut';

/** The same in every tab of a database. */
export interface SyncStatus {
  readonly state: SyncState;
  /** Documents with changes that the server has not judged, by `collection/id`; at most 1,000. */
  readonly pendingKeys: readonly string[];
  readonly pending: number;
  /** Of `sending` and `receiving`: how many so far, of how many where that is known. */
  readonly progress?: { readonly done: number; readonly of?: number };
  /** Refused writes that wait for a person; with an inbox only those that it does not explain. */
  readonly refused: number;
  /** Open entries of the inbox that wait for this person. */
  readonly conflicts: number;
  readonly lastSyncedAtMs?: number;
  readonly nextTryAtMs?: number;
  /** What the server or the network said last, when something is wrong. For details, not titles. */
  readonly lastError?: string;
  /** The app is older than the server: it has to be loaded again. Unsent work is kept. */
  readonly outdated?: true;
  /** While everything is received again: why, in a sentence for people. Unsent work is kept. */
  readonly resync?: { readonly reason: ResyncReason; readonly message: string };
  /** Whether this tab is the one that syncs. */
  readonly leader: boolean;
}

/** What the device and the server have of one collection. */
export interface Verified {
  readonly collection: string;
  readonly equal: boolean;
  /** Ids that only the server has, only this device has, and both in another version. */
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly different: readonly string[];
}

export interface Sync {
  /** Emits the present status at once and every change. */
  readonly status$: Observable<SyncStatus>;
  /** Writes that the server refused and nobody has dismissed, newest first; live in every tab. */
  readonly refused$: Observable<readonly RefusedWrite[]>;
  /** Open entries of the inbox as they are here, decided ones not yet sent among them. */
  readonly conflicts$: Observable<readonly Conflict[]>;
  /** This device's id, as stamps and entries of the inbox have it. */
  readonly device: () => DeviceId;
  /** Tries at once, whatever the backoff says; also after a new log-in. */
  syncNow(): void;
  /** Forgets refused writes, by their operations. */
  dismiss(ops: readonly string[]): Promise<void>;
  /**
   * Makes several writes as one, here and on the server: a sale and its movements. Resolves with the
   * group's id once they are written here.
   *
   * @param label What was done, in people's words; the outbox shows it.
   * @throws {Error} with a sentence where a write can't be made; then none is.
   */
  atomic(label: string, writes: readonly GroupWrite[]): Promise<string>;
  /**
   * Receives what is new, then compares with the server everything that the member may see; unsent
   * work is left out.
   *
   * @throws {Error} with a sentence for people where nothing could be compared.
   */
  verify(): Promise<readonly Verified[]>;
  /** Ends requests, stream and leadership. Local data stays; the database stays open. */
  stop(): Promise<void>;
}
