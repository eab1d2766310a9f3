// What the outbox shows of one write: what it is, how far it has come, and why no farther.

import type { Verdict } from '../protocol/index.ts';

/**
 * | state    | meaning                                                                     |
 * | -------- | --------------------------------------------------------------------------- |
 * | pending  | waits to be sent                                                            |
 * | syncing  | a request with it is under way                                              |
 * | failed   | the server has answered three times without judging it; it is still tried   |
 * | rejected | the server has refused it; the refused version is kept until a person says  |
 * | synced   | judged; nothing is left to do                                               |
 */
export type OutboxState = 'pending' | 'syncing' | 'failed' | 'rejected' | 'synced';

export interface OutboxRecord {
  /** The operation's id; it names the record. */
  readonly op: string;
  readonly collection: string;
  readonly id: string;
  readonly kind: 'insert' | 'update' | 'delete';
  /** In people's words: `New pin “North gate”`. */
  readonly label: string;
  readonly state: OutboxState;
  /** How often the server has answered without judging it, and what it or the network said last. */
  readonly attempts: number;
  readonly lastError?: string;
  readonly lastAttemptAtMs?: number;
  /** Rises from write to write. */
  readonly order: number;
  /** Unsent documents that it refers to, as `collection/id`. */
  readonly dependsOn: readonly string[];
  /** The writes that it stands or falls with. */
  readonly group?: { readonly id: string; readonly label: string };
  /** When it was written; of several writes to one document, the first that is unsent. */
  readonly createdAtMs: number;
  /** Of what is judged. */
  readonly verdict?: Verdict;
  readonly settledAtMs?: number;
}

/** The same in every tab. */
export interface Outbox {
  /**
   * Refused ones, newest first; then what waits, in the order in which it was written, at most 100;
   * then the last 100 that were judged, newest first.
   */
  readonly records: readonly OutboxRecord[];
  /** All of them, also where `records` is cut short. */
  readonly counts: Readonly<Record<OutboxState, number>>;
}

/** A document as the outbox has it: to be copied, or saved before it is discarded. */
export interface OutboxContent {
  readonly collection: string;
  readonly id: string;
  readonly document: Readonly<Record<string, unknown>>;
}
