// Where an audit looks and writes: a collection, what RxDB's replication has noted of it, and a gate
// that keeps RxDB from beginning a round meanwhile.

import {
  getLastCheckpointDoc,
  type RxCollection,
  type RxStorageInstanceReplicationState,
} from 'rxdb';
import { isRecord } from './check.ts';
import type { Draft } from './stamping.ts';

export interface AuditPlace {
  readonly local: RxCollection<Draft>;
  /** Nothing before RxDB has started. */
  readonly internal: () => RxStorageInstanceReplicationState<Draft> | undefined;
  /** No round of RxDB begins while it runs. */
  readonly still: <T>(run: () => Promise<T>) => Promise<T>;
}

interface Rounds {
  reSync(): void;
  readonly internalReplicationState?: RxStorageInstanceReplicationState<Draft>;
}

/** A replication whose rounds can be held: those asked for meanwhile follow when that is done. */
export function auditable(local: RxCollection<Draft>, state: Rounds) {
  let running = 0;
  let isAsked = false;
  const askAgain = (): void => {
    isAsked = running > 0;
    if (!isAsked) state.reSync();
  };
  const place: AuditPlace = {
    local,
    internal: () => state.internalReplicationState,
    still: async (run) => {
      running += 1;
      try {
        return await run();
      } finally {
        running -= 1;
        if (running === 0 && isAsked) askAgain();
      }
    },
  };
  return { askAgain, place };
}

/** How far RxDB has pushed. */
export interface Checkpoint {
  readonly id: string;
  readonly lwt: number;
}

/** In RxDB's own queue, for reading it also changes what RxDB remembers of it. */
export async function checkpointOf(
  state: RxStorageInstanceReplicationState<Draft>,
): Promise<Checkpoint | undefined> {
  const read = state.checkpointQueue.then(() => getLastCheckpointDoc<Draft, unknown>(state, 'up'));
  state.checkpointQueue = read;
  const checkpoint = await read;
  return isRecord(checkpoint) &&
    typeof checkpoint['id'] === 'string' &&
    typeof checkpoint['lwt'] === 'number'
    ? { id: checkpoint['id'], lwt: checkpoint['lwt'] }
    : undefined;
}
