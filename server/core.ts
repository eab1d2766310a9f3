// The composition root: what every route and command works with. Made once per process.

import type { Collection } from '../schemas/index.ts';
import { Accounts } from './auth/accounts.ts';
import type { Store } from './store/port/port.ts';
import { Accept } from './accept/accept.ts';
import { Hub } from './feed/hub.ts';
import { ingestThrough, type Ingest } from './ops/ingest.ts';
import { createLog, type Log } from './ops/log.ts';
import { createMetrics, type Metrics } from './ops/metrics.ts';
import { Retention } from './ops/retention.ts';

export interface CoreOptions {
  readonly collections: readonly Collection[];
  readonly store: Store;
  readonly logger?: Log;
  /** In ms since 1970. */
  readonly now?: () => number;
}

export interface Core {
  readonly store: Store;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly accounts: Accounts;
  readonly accept: Accept;
  readonly hub: Hub;
  readonly ingest: Ingest;
  readonly retention: Retention;
  readonly logger: Log;
  readonly metrics: Metrics;
  readonly now: () => number;
  /** Aborted when the server begins to stop: streams end then. */
  readonly closing: AbortSignal;
  /** What has to be finished before the store is closed. Called when the server begins to stop. */
  readonly onStop: (closer: () => Promise<void>) => void;
  /** Begins to stop: aborts `closing` and calls what was registered. */
  readonly stop: () => void;
  /** Stops, waits for what was registered, and closes the store. */
  readonly close: () => Promise<void>;
}

export function createCore(options: CoreOptions): Core {
  const { store, logger = createLog(), now = Date.now } = options;
  const collections = new Map(options.collections.map((one) => [one.name, one]));
  const metrics = createMetrics();
  const accounts = new Accounts(store, now);
  const accept = new Accept({
    store,
    collections,
    now,
    observeCommit: (durationMs) => {
      metrics.commitSeconds.observe(durationMs / 1_000);
    },
  });
  const hub = new Hub({
    store,
    onError: (error) => {
      logger.error({ err: error }, 'an event stream failed');
    },
    onCount: (open) => {
      metrics.openStreams.set(open);
    },
  });
  accounts.onChange(() => {
    hub.recheck();
  });
  const closers: (() => Promise<void>)[] = [];
  const closing = new AbortController();
  let stopped: Promise<void> | undefined;
  let closed: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    closing.abort();
    hub.close();
    for (const ended of await Promise.allSettled(closers.map((closer) => closer())))
      if (ended.status === 'rejected') logger.error({ err: ended.reason }, 'did not stop cleanly');
  };
  const stop = (): Promise<void> => (stopped ??= end());
  return {
    store,
    collections,
    accounts,
    accept,
    hub,
    ingest: ingestThrough(accept, collections),
    retention: new Retention({ store, collections, now, logger, closing: closing.signal }),
    logger,
    metrics,
    now,
    closing: closing.signal,
    onStop: (closer) => {
      closers.push(closer);
    },
    stop: () => {
      void stop();
    },
    close: () => (closed ??= stop().then(() => store.close())),
  };
}
