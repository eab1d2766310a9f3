// A group that is discarded while tabs freeze, wake and take over is never sent in part.

import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import type { FakeServer } from './support/fake-server.ts';
import { door } from './support/feed.ts';
import { afterNext, beforeNext } from './support/ledgers.ts';
import { holdPushes, opOf, pairWaits } from './support/letting-go.ts';
import { holdNext } from './support/storage.ts';
import { tabsOf } from './support/tabs.ts';
import { carriesGroup, openWatched, PAIR, servers } from './support/watched.ts';
import { isSynced } from './support/world.ts';

/** Two tabs, of which the first leads; a frozen one hears late that its lock is gone. */
async function twoTabs(server: FakeServer) {
  const { open, channels, ledger } = tabsOf(server, openWatched);
  const first = await open('first');
  await until(() => first.status().leader && isSynced(first));
  const second = await open('second');
  await until(() => isSynced(second));
  const gate = await holdPushes(first, server);
  return { first, second, channels, ledger, gate };
}

test('a leader that is replaced while it discards a group leaves it to the next one', async () => {
  const server = servers();
  const { first, second, channels, ledger, gate } = await twoTabs(server);
  await first.sync.atomic('A sale', PAIR);
  await until(() => first.of('b')?.state === 'pending' && first.of('a')?.state === 'pending');
  const [held, go] = [door(), door()];
  beforeNext(ledger, 'noteRun', () => {
    held.open();
    return go.opened;
  });
  const discarded = first.sync.discard([opOf(first, 'a')]).catch(String);
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

test.each([
  ['recorded it', 'lives'],
  ['recorded it', 'has ended'],
  ['begun to write it', 'lives'],
  ['begun to write it', 'has ended'],
])(
  'a tab that froze when it had %s, and wakes after its group was discarded, leaves it when the leader %s',
  async (when, how) => {
    const server = servers();
    const { first, second, ledger, gate } = await twoTabs(server);
    const awake = door();
    afterNext(ledger, 'putGroup', () => {
      if (when === 'recorded it') return awake.opened;
      const { release } = holdNext(second.notes, 'findDocumentsById', () => true);
      void awake.opened.then(release);
      return Promise.resolve();
    });
    const made = second.sync.atomic('A pair', PAIR);
    await pairWaits(first);
    const discarded = first.sync.discard([opOf(first, 'a')]);
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
