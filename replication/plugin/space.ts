// What RxDB does not say by itself of its writes: those that succeed, whoever makes them, and
// checkpoints that can't be written.

import type { RxChangeEventBulk, RxStorageInstanceReplicationState } from 'rxdb';
import type { Observable } from 'rxjs';
import type { Handlers, LocalCollection } from './rx.ts';
import { isDeviceFull } from './storage-errors.ts';
import type { Draft } from './stamping.ts';

/** Calls back after every write to a collection, until the returned call. */
export function watchStored(local: LocalCollection, seen: () => void): () => void {
  const bulks$: Observable<RxChangeEventBulk<Draft>> = local.eventBulks$;
  const subscription = bulks$.subscribe(seen);
  return () => subscription.unsubscribe();
}

const watched = new WeakSet<object>();

/**
 * RxDB does not wait for its checkpoints. After one that found no space it would neither send nor
 * receive any more, and say nothing.
 */
function watchCheckpoints(
  state: RxStorageInstanceReplicationState<Draft> | undefined,
  failed: Handlers['failed'],
): void {
  if (state === undefined || watched.has(state)) return;
  watched.add(state);
  let queue: Promise<unknown> = state.checkpointQueue;
  Object.defineProperty(state, 'checkpointQueue', {
    get: () => queue,
    set: (next: Promise<unknown>) => {
      queue = next.catch((error: unknown) => {
        if (!isDeviceFull(error)) throw error;
        failed(error);
      });
    },
  });
}

/** The handlers, with checkpoints told from the first call on: before it none is written. */
export const withCheckpointsTold = (
  handlers: Handlers,
  stateOf: () => RxStorageInstanceReplicationState<Draft> | undefined,
): Handlers => ({
  ...handlers,
  push: (rows) => {
    watchCheckpoints(stateOf(), handlers.failed);
    return handlers.push(rows);
  },
  pull: (stored) => {
    watchCheckpoints(stateOf(), handlers.failed);
    return handlers.pull(stored);
  },
});
