// What the document routes stand on.

import type { Collection } from '../../schemas/index.ts';
import type { Verdict } from '../../replication/core.ts';
import type { Accept } from '../accept/accept.ts';
import type { Reader } from '../auth/reader.ts';
import type { Hub } from '../feed/hub.ts';
import type { Core } from '../ops/core.ts';
import type { Store } from '../store/port/port.ts';

export interface SyncServices {
  readonly store: Store;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly accept: Accept;
  readonly hub: Hub;
  readonly now: () => number;
  readonly stillAllowed: (reader: Reader) => Promise<boolean>;
  readonly observePush: (verdicts: readonly Verdict[]) => void;
  readonly observePull: (documents: number) => void;
}

export const servicesOf = (core: Core): SyncServices => ({
  store: core.store,
  collections: core.collections,
  accept: core.accept,
  hub: core.hub,
  now: core.now,
  stillAllowed: (reader) => core.accounts.recheck(reader),
  observePush: (verdicts) => {
    core.metrics.pushes.inc();
    for (const verdict of verdicts) core.metrics.pushedRows.inc({ verdict });
  },
  observePull: (documents) => {
    core.metrics.pulledDocuments.inc(documents);
  },
});
