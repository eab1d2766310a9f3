// Pushes that are committed together: what becomes of them when the store cannot take them.

import { expect, it } from 'vitest';
import { workspaceId } from '../../replication/index.ts';
import { Committer, type Job } from '../../server/accept/committer.ts';
import { StoreFailedError, StoreUnavailableError } from '../../server/store/port/port.ts';
import { openTestStore } from '../support/store.ts';

const HERE = workspaceId('here');
const job: Job<string> = {
  needs: { documents: [], operations: [], stamps: [] },
  rows: 1,
  decide: () => () => 'taken',
};

/** Submits three pushes at once to a store whose first commits fail; says how many it was asked for. */
async function submitThree(
  ...failures: readonly Error[]
): Promise<{ readonly answers: readonly string[]; readonly commits: number }> {
  const store = openTestStore();
  const waiting = [...failures];
  let commits = 0;
  const failing: typeof store = {
    ...store,
    commit: async (...args) => {
      commits += 1;
      const failure = waiting.shift();
      if (failure !== undefined) throw failure;
      return store.commit(...args);
    },
  };
  const committer = new Committer(failing, () => undefined);
  const settled = await Promise.allSettled([1, 2, 3].map(() => committer.submit(HERE, job)));
  const answers = settled.map((one) =>
    one.status === 'fulfilled' ? one.value : (one.reason as Error).message,
  );
  return { answers, commits };
}

it('pushes that were waiting together are committed in one go', async () => {
  expect(await submitThree()).toEqual({ answers: ['taken', 'taken', 'taken'], commits: 1 });
});

it('where they cannot be committed together, each is tried alone', async () => {
  const answers = await submitThree(new StoreFailedError('full'), new StoreFailedError('still'));
  expect(answers).toEqual({ answers: ['still', 'taken', 'taken'], commits: 4 });
});

it('where the database is not there, all are turned away without waiting for it again', async () => {
  const answers = await submitThree(new StoreUnavailableError('away'));
  expect(answers).toEqual({ answers: ['away', 'away', 'away'], commits: 1 });
});
