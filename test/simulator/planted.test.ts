// Whether the histories would notice: each of these bugs is planted in a server of its own, and the
// histories must catch it. The bugs live here alone; no code that is shipped can be switched to them.

import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type * as Stamps from '../../replication/stamp/stamp.ts';
import type * as Losses from '../../server/accept/losses.ts';
import type * as Rows from '../../server/accept/read-rows.ts';
import type * as Sets from '../../server/accept/working-set.ts';
import { seq } from '../../replication/core.ts';
import type { Head, Store } from '../../server/store/port/port.ts';
import { SEED } from '../support/seed.ts';
import { Thread } from './model/clients.ts';
import { emptySums, MAX_CLIENTS, playHistory, type World } from './model/history.ts';
import { startModelServer } from './model/model-server.ts';

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

/** The store with another head, wherever it is read. */
const withHead =
  (change: (head: Head) => Head) =>
  (store: Store): Store => ({
    ...store,
    head: async (workspace) => change(await store.head(workspace)),
    pages: async (workspace, requests) => {
      const { head, pages } = await store.pages(workspace, (at) => requests(change(at)));
      return { head: change(head), pages };
    },
  });

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
  {
    // Devices believe that everything survived, give nothing back and let it go.
    bug: 'a restore sweeps acknowledged documents',
    store: withHead((head) => ({
      ...head,
      survives: new Map([...head.survives.keys()].map((epoch) => [epoch, seq(2 ** 40)])),
    })),
  },
  { bug: 'a purge has no floor', store: withHead((head) => ({ ...head, floor: seq(0) })) },
];

it.each(PLANTED)(
  'histories catch it where $bug',
  { timeout: 1_800_000 },
  async ({ bug, plant, store }) => {
    vi.resetModules();
    plant?.();
    const { startLiveServer } = await import('../support/live-server.ts');
    const server = await startModelServer(startLiveServer, store);
    // What a bug keeps apart never meets: there is no use in waiting for it.
    const world: World = { server, threads, patienceMs: 15_000, ...emptySums() };
    let caught: unknown;
    let played = 0;
    while (caught === undefined && played < LIMIT) {
      caught = await playHistory(world, played, SEED + played * 1_000).then(
        () => undefined,
        (error: unknown) => error,
      );
      played += 1;
    }
    await server.live().stop();
    expect(caught, `${bug}, not caught in ${LIMIT} histories`).toBeInstanceOf(Error);
    const [first = ''] = String(caught).split('\n');
    console.log(`${bug}: caught after ${played} histories, seed ${SEED}: ${first.slice(0, 160)}`);
  },
);
