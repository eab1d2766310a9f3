// Whether the histories would notice: each of these bugs is planted in a server of its own, and the
// histories must catch it. The bugs live here alone; no code that is shipped can be switched to them.

import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type * as Stamps from '../../replication/stamp/stamp.ts';
import type * as Losses from '../../server/accept/losses.ts';
import type * as Rows from '../../server/accept/read-rows.ts';
import type * as Sets from '../../server/accept/working-set.ts';
import type { Store } from '../../server/store/port/port.ts';
import { SEED } from '../support/seed.ts';
import { Thread } from './model/clients.ts';
import { emptySums, MAX_CLIENTS, playHistory, type World } from './model/history.ts';
import { Watches } from './model/watch.ts';

const LIMIT = 600;
const threads: Thread[] = [];
beforeAll(() => {
  threads.push(...Array.from({ length: MAX_CLIENTS }, () => new Thread()));
});
afterEach(() => {
  vi.doUnmock('../../replication/stamp/stamp.ts');
  vi.doUnmock('../../server/accept/losses.ts');
  vi.doUnmock('../../server/accept/read-rows.ts');
});
afterAll(async () => {
  for (const thread of threads) await thread.end();
});

interface Planted {
  readonly bug: string;
  /** Puts the bug in the place of a module of the server that starts next. */
  readonly plant?: () => void;
  readonly store?: (store: Store) => Store;
}

/** Still to come with their features: a restore that sweeps acknowledged documents, and purge without a floor. */
const PLANTED: readonly Planted[] = [
  {
    bug: 'no dedupe',
    store: (store) => ({
      ...store,
      commit: (workspace, needs, decide) =>
        store.commit(workspace, needs, (known, turn) =>
          decide({ ...known, operations: new Map() }, turn),
        ),
    }),
  },
  {
    bug: 'a delete loses to an edit',
    plant: () => {
      vi.doMock('../../server/accept/losses.ts', async (original) => {
        const { newEntry } = await vi.importActual<typeof Sets>(
          '../../server/accept/working-set.ts',
        );
        const loseToDelete: typeof Losses.loseToDelete = (row, settled, _stored, set) => {
          const { seq: rev, updatedAt } = set.turn;
          set.put(newEntry(row.collection, row.id, { ...settled.doc, rev, updatedAt }));
          return { verdict: 'accepted' };
        };
        return { ...(await original<typeof Losses>()), loseToDelete };
      });
    },
  },
  {
    bug: 'a stamp from the future is kept',
    plant: () => {
      vi.doMock('../../replication/stamp/stamp.ts', async (original) => ({
        ...(await original<typeof Stamps>()),
        MAX_DRIFT_MS: Number.POSITIVE_INFINITY,
      }));
    },
  },
  {
    bug: 'a group is split',
    plant: () => {
      vi.doMock('../../server/accept/read-rows.ts', async (original) => {
        const { readRows, ...others } = await original<typeof Rows>();
        const split: typeof Rows.readRows = (...given) =>
          readRows(...given).map(({ group: _group, ...row }) => row);
        return { ...others, readRows: split };
      });
    },
  },
  {
    // In Danish, "aa" comes after "z".
    bug: 'stamps are compared by locale',
    plant: () => {
      vi.doMock('../../replication/stamp/stamp.ts', async (original) => ({
        ...(await original<typeof Stamps>()),
        isLater: (left: string, right: string) => left.localeCompare(right, 'da') > 0,
      }));
    },
  },
];

it.each(PLANTED)(
  'histories catch it where $bug',
  { timeout: 1_800_000 },
  async ({ bug, plant, store = (whole) => whole }) => {
    vi.resetModules();
    plant?.();
    const { startLiveServer } = await import('../support/live-server.ts');
    const { openMemoryStore } = await import('../../server/store/memory/store.ts');
    const watches = new Watches();
    const live = await startLiveServer({ store: store(watches.over(openMemoryStore())) });
    watches.attach(live);
    const world: World = { live, watches, threads, ...emptySums() };
    let caught: unknown;
    let played = 0;
    while (caught === undefined && played < LIMIT) {
      caught = await playHistory(world, played, SEED + played * 1_000).then(
        () => undefined,
        (error: unknown) => error,
      );
      played += 1;
    }
    await live.stop();
    expect(caught, `${bug}, not caught in ${LIMIT} histories`).toBeInstanceOf(Error);
    const [first = ''] = String(caught).split('\n');
    console.log(`${bug}: caught after ${played} histories, seed ${SEED}: ${first.slice(0, 160)}`);
  },
);
