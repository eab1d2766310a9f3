// What every store computes alike around a commit.

import { createHash } from 'node:crypto';
import type { CommitNotice } from './port.ts';

/** Keys without repetition, in one order, so that equal sets are equal texts. */
export const canonicalKeys = (keys: readonly string[]): readonly string[] =>
  keys.length < 2 ? keys : [...new Set(keys)].toSorted();

export const lostKeys = (before: readonly string[], after: readonly string[]): readonly string[] =>
  before.filter((key) => !after.includes(key));

/** The time of the next commit: the clock's, unless it stands still or was set back (promise 7). */
export const commitTimeMs = (lastMs: number, nowMs: number): number =>
  Math.max(Math.floor(nowMs), lastMs + 1);

const PURGED_DIGEST_BYTES = 8;
/** What a store remembers of a purged document's id, in hexadecimal digits. */
export const purgedDigest = (id: string): string =>
  createHash('sha256').update(id).digest().toString('hex', 0, PURGED_DIGEST_BYTES);

/** In the order of code points, as databases have it; JavaScript sorts by code units. */
export const byCodePoint = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right));

export interface CommitListeners {
  readonly add: (listener: (notice: CommitNotice) => void) => () => void;
  readonly tell: (notice: CommitNotice) => void;
}

/** Anything a listener throws: the commit stands and the others hear of it all the same. */
export type ListenerFailure = (error: unknown) => void;

const throwLater: ListenerFailure = (error) => {
  queueMicrotask(() => {
    throw error;
  });
};

/** Tells listeners one commit after another, also where one of them commits itself (promise 4). */
export function commitListeners(onFailure: ListenerFailure = throwLater): CommitListeners {
  const listeners = new Map<symbol, (notice: CommitNotice) => void>();
  const waiting: CommitNotice[] = [];
  let telling = false;

  const tellOne = (notice: CommitNotice): void => {
    for (const listener of listeners.values()) {
      try {
        listener(notice);
      } catch (error) {
        onFailure(error);
      }
    }
  };
  return {
    add: (listener) => {
      const name = Symbol('listener');
      listeners.set(name, listener);
      return () => void listeners.delete(name);
    },
    tell: (notice) => {
      waiting.push(notice);
      if (telling) return;
      telling = true;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) tellOne(next);
      telling = false;
    },
  };
}
