// What a tab offers of the outbox: everything that this device has written. What a person may do with
// it stands in outbox-deeds.ts.

import { combineLatest, map, shareReplay } from 'rxjs';
import type { Metrics } from '../activity/activity.ts';
import type { Outbox, OutboxRecord } from '../outbox/record.ts';
import { refusedRecord } from '../outbox/refused-record.ts';
import { contentsOf, discard, retry, type OutboxApiOptions } from './outbox-deeds.ts';
import type { Sync } from './types.ts';

/** So many of the last pushes make the average. */
const AVERAGED = 50;

type OutboxApi = Pick<
  Sync,
  'outbox$' | 'activity$' | 'metrics$' | 'contents' | 'retry' | 'discard'
>;

export function makeOutboxApi(options: OutboxApiOptions): OutboxApi {
  const { ledger, board, collections } = options;
  const outbox$ = combineLatest([board.waiting$, ledger.refused$, ledger.finished$]).pipe(
    map(([waiting, refused, finished]): Outbox => {
      const sent = onceEach(finished);
      const rejected = refused.map((write) => refusedRecord(collections, write));
      return {
        records: [...rejected, ...waiting.records, ...sent],
        counts: { ...waiting.counts, rejected: rejected.length, synced: sent.length },
      };
    }),
    shareReplay({ bufferSize: 1, refCount: true }),
  );
  const metrics$ = combineLatest([board.status$, board.waiting$, ledger.samples$]).pipe(
    map(([status, { counts }, samples]): Metrics => {
      const pushes = samples.filter(({ kind }) => kind === 'push').slice(-AVERAGED);
      const sumMs = pushes.reduce((sum, { latencyMs }) => sum + latencyMs, 0);
      const lastSuccessAtMs = samples.at(-1)?.atMs;
      return {
        queue: status.pending,
        pending: counts.pending,
        failed: status.failed,
        rejected: status.refused,
        conflicts: status.conflicts,
        ...(pushes.length === 0 ? {} : { averageLatencyMs: sumMs / pushes.length }),
        ...(lastSuccessAtMs === undefined ? {} : { lastSuccessAtMs }),
        samples,
      };
    }),
    shareReplay({ bufferSize: 1, refCount: true }),
  );
  return {
    outbox$,
    metrics$,
    activity$: ledger.activity$,
    contents: (op) => contentsOf(options, outbox$, op),
    retry: once((op, edits) => retry(options, op, edits)),
    discard: (ops) => discard(options, outbox$, ops),
  };
}

/** After a crash what was sent may have been sent once more. */
const onceEach = (records: readonly OutboxRecord[]): readonly OutboxRecord[] => [
  ...new Map(records.map((record) => [record.op, record])).values(),
];

/** A second call for the same operation, while the first one is at work, is the first one. */
function once(run: Sync['retry']): Sync['retry'] {
  const running = new Map<string, Promise<void>>();
  return (op, edits) => {
    const known = running.get(op);
    if (known !== undefined) return known;
    const retried = run(op, edits).finally(() => running.delete(op));
    running.set(op, retried);
    return retried;
  };
}
