// What the outbox keeps of documents that wait, and what it tells others of them.

import type { Clock, Collection } from '../../schemas/index.ts';
import type { WireDocument } from '../protocol/index.ts';
import type { Try } from './ledger.ts';
import type { OutboxRecord } from './record.ts';

export const SHOWN_WAITING = 100;
/** After so many answers without a verdict, a person is told. */
export const FAILED_AFTER = 3;
/** So many keys are named in the status. */
export const MAX_KEYS = 1_000;

/** A document with changes that the server has not judged. */
export interface Waiting {
  readonly collection: Collection;
  readonly id: string;
  readonly clk: Clock | undefined;
  readonly kind: OutboxRecord['kind'];
  readonly name: string;
  readonly needs: readonly string[];
  readonly order: number;
  readonly createdAtMs: number;
  tried?: Omit<Try, 'op'>;
}

export interface Written {
  readonly id: string;
  readonly after: WireDocument;
  readonly before: WireDocument | undefined;
}
/** A row that is sent, as far as it matters here. */
export interface Sending {
  readonly collection: Collection;
  readonly id: string;
  readonly doc: WireDocument;
}
export type Rows = readonly { readonly id: string; readonly doc: WireDocument }[];

export interface OutboxFacts {
  readonly pending: number;
  readonly failed: number;
  readonly pendingKeys: readonly string[];
  /** Come to rest since there was last nothing waiting. */
  readonly sent: number;
  /** Of `pending`: judged by the server, and not yet at rest here. */
  readonly judged: number;
}
/** What waits, as other tabs get it. */
export interface WaitingView {
  readonly records: readonly OutboxRecord[];
  readonly counts: Readonly<Record<'pending' | 'syncing' | 'failed', number>>;
}
export const NOTHING_WAITS: WaitingView = {
  records: [],
  counts: { pending: 0, syncing: 0, failed: 0 },
};

export function* firstOf<T>(items: Iterable<T>, most: number): Iterable<T> {
  let count = 0;
  for (const item of items) {
    if (count === most) return;
    count += 1;
    yield item;
  }
}

export const isFailed = (waiting: Waiting | undefined): boolean =>
  (waiting?.tried?.attempts ?? 0) >= FAILED_AFTER;

export const kindOf = ({ _deleted, rev = 0 }: WireDocument): OutboxRecord['kind'] => {
  if (_deleted === true) return 'delete';
  return rev > 0 ? 'update' : 'insert';
};
