// What only one of several processes on a store may do at a time. Its owner says again and again that
// it is at it; whoever dies without giving it back is waited for no longer than LEASE_MS.

import { randomUUID } from 'node:crypto';
import { change, LEASE, read } from '../auth/records.ts';
import { LEASE_MS } from '../config.ts';
import type { Store } from '../store/port/port.ts';

export interface Lease {
  /** To be called between the steps of the work. False: it ran out, and somebody else may be at it. */
  readonly renew: () => Promise<boolean>;
  readonly giveBack: () => Promise<void>;
}

const THIS_PROCESS = randomUUID();
let leases = 0;

/** `undefined` where somebody else has it. */
export async function takeLease(
  store: Store,
  work: string,
  now: () => number,
): Promise<Lease | undefined> {
  const owner = `${THIS_PROCESS} ${(leases += 1)}`;
  const taken = () => ({ owner, untilMs: now() + LEASE_MS });
  const was = await read(store, LEASE, work);
  const mayLive = store.exclusive !== true || was?.owner.startsWith(THIS_PROCESS) === true;
  if (was !== undefined && mayLive && now() < was.untilMs) return undefined;
  let mine = taken();
  if (!(await store.writeRecords([change(LEASE, work, was, mine)]))) return undefined;
  return {
    renew: async () => {
      if (mine.untilMs - now() > LEASE_MS / 2) return true;
      const next = taken();
      if (!(await store.writeRecords([change(LEASE, work, mine, next)]))) return false;
      mine = next;
      return true;
    },
    // Refused where somebody else has it by now.
    giveBack: async () => {
      await store.writeRecords([change(LEASE, work, mine, undefined)]);
    },
  };
}
