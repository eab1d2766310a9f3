// What RxDB does not say by itself of its writes: those that succeed, whoever makes them, and
// checkpoints that can't be written.

import type { RxChangeEventBulk, RxStorageInstanceReplicationState } from 'rxdb';
import type { Observable } from 'rxjs';
import type { Draft } from './stamping.ts';

/** An RxDB collection, as far as it is needed here. */
interface Stored {
  readonly eventBulks$: Observable<RxChangeEventBulk<Draft>>;
}
/** The handlers of its replication (rx.ts). */
interface Told {
  readonly push: (...given: never[]) => unknown;
  readonly pull: (...given: never[]) => unknown;
  readonly failed: (error: unknown) => void;
}

/** Calls back after every write to a collection, until the returned call. */
export function watchStored(local: Stored, seen: () => void): () => void {
  const subscription = local.eventBulks$.subscribe(seen);
  return () => subscription.unsubscribe();
}

const watched = new WeakSet<object>();

/**
 * RxDB does not wait for its checkpoints. After one that could not be written it would neither send
 * nor receive any more, and say nothing; the next one stands in for it.
 */
function watchCheckpoints(
  state: RxStorageInstanceReplicationState<Draft> | undefined,
  failed: Told['failed'],
): void {
  if (state === undefined || watched.has(state)) return;
  watched.add(state);
  let queue: Promise<unknown> = state.checkpointQueue;
  Object.defineProperty(state, 'checkpointQueue', {
    get: () => queue,
    set: (next: Promise<unknown>) => {
      queue = next.catch(failed);
    },
  });
}

/** The handlers, with checkpoints told from the first call on: before it none is written. */
export function withCheckpointsTold<Handlers extends Told>(
  handlers: Handlers,
  stateOf: () => RxStorageInstanceReplicationState<Draft> | undefined,
): Handlers {
  const first =
    <Given extends readonly unknown[], Answer>(run: (...given: Given) => Answer) =>
    (...given: Given): Answer => {
      watchCheckpoints(stateOf(), handlers.failed);
      return run(...given);
    };
  return { ...handlers, push: first(handlers.push), pull: first(handlers.pull) };
}
