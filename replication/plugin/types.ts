// What a program gives to `startSync` and gets from it.

import type { RxDatabase } from 'rxdb';
import type { Observable } from 'rxjs';
import type { Collection, Conflict, Role } from '../../schemas/index.ts';
import type { Activity, Metrics } from '../activity/activity.ts';
import type { Ledger, RefusedWrite } from '../outbox/ledger.ts';
import type { Outbox, OutboxContent } from '../outbox/record.ts';
import type { PushState } from '../push/machine.ts';
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
  /**
   * The signed-in user's id, for `createdBy` of documents that were not sent yet. The server refuses
   * requests that carry another person's session.
   */
  readonly user?: string;
  /** The user's role, which says what of the inbox is theirs to decide. Without one: all of it. */
  readonly role?: Role;
  /** What the device notes beside its documents (ledger.ts). Default: a ledger in memory. */
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
  /** While something waits, it is tried again at least this often, unless the server said when. */
  readonly waitingMs: number;
  /** Idle pull, in case the stream lied. */
  readonly idlePullMs: number;
  /** How long a collection is at rest before its local data are audited. */
  readonly auditRestMs: number;
  /** How long entries of the activity log are collected into one write. */
  readonly journalMs: number;
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
  | 'notMember'
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
  /** Of `pending`: those that the server has answered three times without judging them. */
  readonly failed: number;
  /** What the push pipeline is doing. */
  readonly pushing: PushState;
  /** Open entries of the inbox that wait for this person. */
  readonly conflicts: number;
  readonly lastSyncedAtMs?: number;
  readonly nextTryAtMs?: number;
  /** What the server or the network said last, when something is wrong. For details, not titles. */
  readonly lastError?: string;
  /** The app is older than the server: it has to be loaded again. Unsent work is kept. */
  readonly serverNewer?: true;
  /** While everything is received again: why, in a sentence for people. Unsent work is kept. */
  readonly resync?: { readonly reason: ResyncReason; readonly message: string };
  /** A write of the replication found no space on this device, and none has succeeded since. */
  readonly deviceFull?: true;
  /** A newer version of the program has the data; this tab neither writes nor syncs until reloaded. */
  readonly outdated?: true;
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
  /** Writes that the server refused and nobody has decided on, newest first; live in every tab. */
  readonly refused$: Observable<readonly RefusedWrite[]>;
  /** Open entries of the inbox as they are here, decided ones not yet sent among them. */
  readonly conflicts$: Observable<readonly Conflict[]>;
  /** This device's id, as stamps and entries of the inbox have it. */
  readonly device: () => DeviceId;
  /** The user has another role by now. */
  readonly takeRole: (role: Role) => void;
  /** Tries at once, whatever the backoff says; also after a new log-in. */
  syncNow(): void;
  /** What this device has written, with its states; live in every tab. */
  readonly outbox$: Observable<Outbox>;
  /** What this device has done, newest first, at most 500; live in every tab, kept across reloads. */
  readonly activity$: Observable<readonly Activity[]>;
  readonly metrics$: Observable<Metrics>;
  /** The documents of a waiting or refused operation, with those of its group. */
  contents(op: string): Promise<readonly OutboxContent[]>;
  /**
   * Tries again. A refused write, with its whole group, is made anew on the documents as they are
   * now, with new stamps; then the refused version is forgotten. One that waits is sent at once.
   *
   * @param edits Other values of fields, or of keys of them (`answers/q1`), by `collection/id`.
   * @throws {Error} with a sentence for people; then nothing has changed.
   */
  retry(
    op: string,
    edits?: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<void>;
  /**
   * Lets operations go for good, with their groups: a refused version is forgotten, what waits is
   * not sent any more, and its documents go back to the server's state. Save `contents` first. A
   * single write that a lost request has carried may be on the server, and comes back from there.
   *
   * @throws {Error} with a sentence for people where a request is under way, or a group may have
   *   reached the server already.
   */
  discard(ops: readonly string[]): Promise<void>;
  /**
   * Resolves when nothing of this device waits to be sent, or the sync has ended. Waits for ever
   * where another tab leads.
   */
  sent(): Promise<void>;
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
