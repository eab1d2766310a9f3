// A client as RxDB's HTTP replication page tells people to write it: fetch, EventSource, and no code
// of Holdfast. The page's handler names are kept, so that it can be held against the page.

import { EventSource } from 'eventsource';
import { replicateRxCollection, type RxReplicationState } from 'rxdb/plugins/replication';
import type { RxCollection, WithDeleted } from 'rxdb';
import { Subject } from 'rxjs';

interface Checkpoint {
  readonly id: string;
  readonly updatedAt: number;
}
type Documents = WithDeleted<Record<string, unknown>>[];

export interface StockClient {
  readonly state: RxReplicationState<Record<string, unknown>, Checkpoint>;
  readonly stop: () => Promise<void>;
}

export function replicateOverHttp(
  collection: RxCollection,
  base: string,
  key: string,
  { live = true, retryTime = 200 }: { live?: boolean; retryTime?: number } = {},
): StockClient {
  const headers = {
    Accept: 'application/json',
    'Content-Type': 'application/json',
    Authorization: `Bearer ${key}`,
  };
  const pullStream$ = new Subject<'RESYNC' | { documents: Documents; checkpoint: Checkpoint }>();
  const eventSource = live
    ? new EventSource(`${base}/pullStream`, {
        fetch: (input, init) =>
          fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${key}` } }),
      })
    : undefined;
  if (eventSource !== undefined) {
    eventSource.onmessage = (event) => {
      const eventData = JSON.parse(String(event.data)) as {
        documents: Documents;
        checkpoint: Checkpoint;
      };
      pullStream$.next({ documents: eventData.documents, checkpoint: eventData.checkpoint });
    };
    eventSource.onerror = () => {
      pullStream$.next('RESYNC');
    };
  }
  const state = replicateRxCollection<Record<string, unknown>, Checkpoint>({
    collection,
    replicationIdentifier: `http-${base}`,
    live,
    retryTime,
    push: {
      async handler(changeRows) {
        const rawResponse = await fetch(`${base}/push`, {
          method: 'POST',
          headers,
          body: JSON.stringify(changeRows),
        });
        return (await rawResponse.json()) as Documents;
      },
    },
    pull: {
      async handler(checkpointOrNull, batchSize) {
        const updatedAt = checkpointOrNull ? checkpointOrNull.updatedAt : 0;
        const id = checkpointOrNull ? checkpointOrNull.id : '';
        const response = await fetch(
          `${base}/pull?updatedAt=${updatedAt}&id=${id}&limit=${batchSize}`,
          { headers },
        );
        const data = (await response.json()) as { documents: Documents; checkpoint: Checkpoint };
        return { documents: data.documents, checkpoint: data.checkpoint };
      },
      stream$: pullStream$.asObservable(),
    },
  });
  return {
    state,
    stop: async () => {
      eventSource?.close();
      await state.cancel();
    },
  };
}
