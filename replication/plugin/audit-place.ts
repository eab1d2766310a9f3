// Where an audit looks and writes: a collection, what RxDB's replication has noted of it, and a gate
// that keeps RxDB from beginning a round meanwhile.

import type { RxCollection, RxStorageInstanceReplicationState } from 'rxdb';
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
