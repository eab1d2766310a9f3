// The tabs of one browser on one database.

import { addRxPlugin } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { createMemoryLedger, type Locks } from '../../../replication/index.ts';
import { until } from '../../support/until.ts';
import type { FakeServer } from './fake-server.ts';
import { FakeChannels, FakeLocks } from './realm.ts';
import { newName, type openClient } from './world.ts';

// Two tabs on one database need it.
disableWarnings();
addRxPlugin(RxDBDevModePlugin);

export type Given = NonNullable<Parameters<typeof openClient>[1]>;

/** @param given for every tab. */
export function tabsOf<Tab>(
  server: FakeServer,
  openTab: (server: FakeServer, given: Given) => Promise<Tab>,
  given: Given = {},
) {
  const [locks, channels] = [new FakeLocks(), new FakeChannels()];
  const { name = newName(), ledger = createMemoryLedger() } = given;
  // A frozen tab learns only when it wakes that its lock was stolen.
  const lateFor = (tab: string): Locks => ({
    request: async (...wanted) => {
      try {
        await locks.request(...wanted);
      } catch (error) {
        await until(() => !channels.frozen.has(tab));
        throw error;
      }
    },
  });
  const open = (tab: string, own: Given = {}): Promise<Tab> =>
    openTab(server, {
      name,
      ledger,
      multiInstance: true,
      platform: { locks: lateFor(tab), openChannel: channels.for(tab) },
      timing: { heartbeatMs: 20, takeOverMs: 60 },
      ...given,
      ...own,
    });
  return { open, locks, channels, ledger, name };
}
