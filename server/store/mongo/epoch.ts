// A new epoch after a database was put back from a copy.

import { epoch as asEpoch } from '../../../replication/core.ts';
import type { Mongo } from './database.ts';
import { newEpoch } from './rows.ts';
import { inTransaction } from './transactions.ts';

/** Every workspace goes on under it, and knows how much of the one before it has. */
export async function beginEpoch(at: Mongo): Promise<void> {
  const epoch = newEpoch();
  const survived = [{ epoch: '$epoch', seq: '$seq' }];
  await inTransaction(at, async (session) => {
    await at.processes.register(session);
    await at.store.updateOne({ _id: 'store' }, { $set: { epoch } }, { session });
    const change = { $set: { survives: { $concatArrays: ['$survives', survived] }, epoch } };
    await at.heads.updateMany({}, [change], { session });
  });
  at.epoch = asEpoch(epoch);
}
