// The server of the histories: it can be stopped, and started again at its address on a store that
// was taken back meanwhile.

import type { LiveServer, startLiveServer } from '../../support/live-server.ts';
import type { Store } from '../../../server/store/port/port.ts';
import { openPastStore, type PastStore } from '../../support/past-store.ts';
import { openTestStore } from '../../support/store.ts';
import { Watches } from './watch.ts';

export interface ModelServer {
  readonly live: () => LiveServer;
  readonly store: PastStore;
  readonly watches: Watches;
  readonly restart: (meanwhile: () => Promise<void>) => Promise<void>;
}

/** @param plant puts a bug between the server and its store. */
export async function startModelServer(
  start: typeof startLiveServer,
  plant: (store: Store) => Store = (whole) => whole,
): Promise<ModelServer> {
  const store = openPastStore(openTestStore);
  const watches = new Watches();
  const watched = plant(watches.over(store));
  const begin = async (port: number): Promise<LiveServer> => {
    const live = await start({ port, store: watched });
    watches.attach(live);
    return live;
  };
  let live = await begin(0);
  const port = Number(new URL(live.url).port);
  return {
    live: () => live,
    store,
    watches,
    restart: async (meanwhile) => {
      await live.stop();
      await meanwhile();
      live = await begin(port);
    },
  };
}
