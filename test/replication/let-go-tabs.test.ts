// A group that is discarded while tabs freeze, wake and take over is never sent in part.

import { addRxPlugin } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { expect, test } from 'vitest';
import { createMemoryLedger } from '../../replication/index.ts';
import type { Locks } from '../../replication/plugin/platform.ts';
import { until } from '../support/until.ts';
import type { FakeServer, Fate } from './support/fake-server.ts';
import { door } from './support/feed.ts';
import { FakeChannels, FakeLocks } from './support/realm.ts';
import { carriesGroup, isPush, openWatched, PAIR, servers } from './support/watched.ts';
import { isSynced, newName } from './support/world.ts';

// Two tabs on one database need it.
disableWarnings();
addRxPlugin(RxDBDevModePlugin);

/** Two tabs, of which the first leads; a frozen one hears late that its lock is gone. */
async function twoTabs(server: FakeServer) {
  const [locks, channels, ledger] = [new FakeLocks(), new FakeChannels(), createMemoryLedger()];
  const name = newName();
  const lateFor = (tab: string): Locks => ({
    request: async (...given) => {
      try {
        await locks.request(...given);
      } catch (error) {
        await until(() => !channels.frozen.has(tab));
        throw error;
      }
    },
  });
  const open = (tab: string) =>
    openWatched(server, {
      name,
      multiInstance: true,
      ledger,
      platform: { locks: lateFor(tab), openChannel: channels.for(tab) },
      timing: { heartbeatMs: 20, takeOverMs: 60 },
    });
  const first = await open('first');
  await until(() => first.status().leader && isSynced(first));
  const second = await open('second');
  await until(() => isSynced(second));
  // A request is under way, and nothing else is sent until the door opens; then all is lost.
  const gate = door();
  server.fate = async (request): Promise<Fate> => {
    if (isPush(request)) await gate.opened;
    return isPush(request) ? 'lose request' : 'go';
  };
  await first.notes.insert({ id: 'flying', title: 'x' });
  await until(() => server.pushes.length === 1);
  return { first, second, channels, ledger, gate };
}

test('a leader that is replaced while it discards a group leaves it to the next one', async () => {
  const server = servers();
  const { first, second, channels, ledger, gate } = await twoTabs(server);
  await first.sync.atomic('A sale', PAIR);
  await until(() => first.of('b')?.state === 'pending' && first.of('a')?.state === 'pending');
  const noteRun = ledger.noteRun.bind(ledger);
  const [held, go] = [door(), door()];
  ledger.noteRun = async (run) => {
    ledger.noteRun = noteRun;
    held.open();
    await go.opened;
    await noteRun(run);
  };
  const discarded = first.sync.discard([first.of('a')?.op ?? '']).catch(String);
  gate.open();
  await held.opened;
  channels.frozen.add('first');
  await until(() => second.status().leader && server.requests.some(carriesGroup));
  go.open();
  expect(await discarded).toContain('Another tab has taken over');
  channels.frozen.delete('first');
  // Once a group has its verdict, RxDB's own row of a member is a harmless repetition.
  const judged = new Map<unknown, boolean>();
  server.judge = ({ doc, group }) => {
    if (!judged.has(doc['id'])) judged.set(doc['id'], group !== undefined);
    return undefined;
  };
  server.fate = () => 'go';
  second.sync.syncNow();
  await until(() => server.stored('places', 'b') !== undefined && second.status().pending === 0);
  expect([judged.get('a'), judged.get('b')]).toEqual([true, true]);
});

test.each(['lives', 'has ended'])(
  'a tab that wakes after its group was discarded does not write it again when the leader %s',
  async (how) => {
    const server = servers();
    const { first, second, ledger, gate } = await twoTabs(server);
    const putGroup = ledger.putGroup.bind(ledger);
    const awake = door();
    ledger.putGroup = async (...given) => {
      ledger.putGroup = putGroup;
      const isFirst = await putGroup(...given);
      await awake.opened;
      return isFirst;
    };
    const made = second.sync.atomic('A pair', PAIR);
    await until(() => first.of('b') !== undefined && first.of('a') !== undefined);
    const discarded = first.sync.discard([first.of('a')?.op ?? '']);
    gate.open();
    await discarded;
    await until(async () => (await first.read('b', 'places'))?._deleted === true);
    await until(async () => (await ledger.tries()).length === 0);
    if (how === 'has ended') await first.sync.stop();
    server.fate = () => 'go';
    const then = how === 'has ended' ? second : first;
    await until(() => then.status().leader);
    then.sync.syncNow();
    await until(() => isSynced(then));
    awake.open();
    await made;
    await second.collection('places').insert({ id: 'after', title: 'x' });
    await until(() => server.stored('places', 'after') !== undefined && isSynced(then));
    expect([...server.documents.keys()].toSorted()).toEqual(['notes/flying', 'places/after']);
  },
);
