// The promises of server/store/port/port.ts, by number. Every store runs this one suite.

import { describe } from 'vitest';
import { commitsContract } from './commits.ts';
import { dumpContract } from './dump.ts';
import { durabilityContract } from './durability.ts';
import { listenersContract } from './listeners.ts';
import { pagesContract } from './pages.ts';
import { pagingContract } from './paging.ts';
import type { Contract, OpenStore } from './opener.ts';
import { purgeContract } from './purge.ts';
import { recordsContract } from './records.ts';
import { textsContract } from './texts.ts';

export type { OpenStore } from './opener.ts';

/** `open` must give an empty store for a place that it has not seen. */
export function storeContract(
  name: string,
  open: OpenStore,
  { durable = false, snapshots = true, runs = 150 }: Partial<Omit<Contract, 'open'>> = {},
): void {
  const contract: Contract = { open, durable, snapshots, runs };
  describe(`store contract: ${name}`, () => {
    commitsContract(contract);
    listenersContract(contract);
    pagesContract(contract);
    pagingContract(contract);
    textsContract(contract);
    recordsContract(contract);
    purgeContract(contract);
    dumpContract(contract);
    if (durable) durabilityContract(contract);
  });
}
