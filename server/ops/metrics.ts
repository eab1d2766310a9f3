// What /metrics shows. Each server has its own registry, so that two in one process don't mix.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Verdict } from '../../replication/core.ts';

export type Metrics = ReturnType<typeof createMetrics>;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  // The default precision wakes an idle process a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const pushes = new Counter({
    name: 'holdfast_push_requests_total',
    help: 'Push requests that were judged.',
    registers,
  });
  const pushedRows = new Counter({
    name: 'holdfast_pushed_rows_total',
    help: 'Rows of pushes, by their verdict.',
    labelNames: ['verdict'],
    registers,
  });
  return {
    registry,
    /** One push that was judged, by its rows. */
    pushed: (rows: readonly { readonly verdict: Verdict }[]): void => {
      pushes.inc();
      for (const { verdict } of rows) pushedRows.inc({ verdict });
    },
    requestSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request to the end of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    }),
    pulledDocuments: new Counter({
      name: 'holdfast_pulled_documents_total',
      help: 'Documents sent in answers to pulls.',
      registers,
    }),
    openStreams: new Gauge({
      name: 'holdfast_open_streams',
      help: 'Event streams that are open.',
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'holdfast_commit_duration_seconds',
      help: 'Time that a commit took, decision and writing.',
      buckets: SECONDS,
      registers,
    }),
  };
}
