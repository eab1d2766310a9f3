import 'fake-indexeddb/auto';
import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { type Activity, type DeviceId, type OutboxRecord } from '../../replication/index.ts';
import { createDexieLedger } from '../../replication/outbox/dexie-ledger.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { LEDGERS, nothing, write } from './support/ledgers.ts';
import { FakeLocks } from './support/realm.ts';
import { isSynced, newName, notes, openClient } from './support/world.ts';

const finished = (op: string): OutboxRecord => ({
  op,
  collection: 'notes',
  id: op,
  kind: 'insert',
  label: 'New note',
  state: 'synced',
  attempts: 0,
  order: 0,
  dependsOn: [],
  createdAtMs: 0,
});
const activity = (place: number): Activity => ({
  id: String(place).padStart(6, '0'),
  atMs: place,
  kind: 'info',
  code: 'sent',
  message: `Sent ${place} changes.`,
});
const device = (digit: string): DeviceId => digit.repeat(10) as DeviceId;

for (const [kind, tabs] of Object.entries(LEDGERS)) {
  test(`${kind}: a claim is the same until it is answered, the next begins there (4)`, async () => {
    const [first, second] = tabs();
    expect(await first.claim('a1')).toEqual({ was: '', now: 'a1' });
    expect(await second.claim('b2')).toEqual({ was: '', now: 'a1' });
    await second.claimed();
    expect(await first.claim('c3')).toEqual({ was: 'a1', now: 'c3' });
    expect(await second.claim('d4')).toEqual({ was: 'a1', now: 'c3' });
  });

  test(`${kind}: another device begins its claims anew (5)`, async () => {
    const [first, second] = tabs();
    await first.deviceId(device('a'));
    await first.claim('a1');
    await first.claimed();
    await second.becomeDevice(device('b'));
    expect(await first.deviceId(device('c'))).toBe(device('b'));
    expect(await first.claim('b2')).toEqual({ was: '', now: 'b2' });
  });

  test(`${kind}: two tabs at once get one device id, for good (1)`, async () => {
    const [first, second] = tabs();
    const ids = await Promise.all([first.deviceId(device('1')), second.deviceId(device('2'))]);
    expect(new Set(ids).size).toBe(1);
    expect(await second.deviceId(device('3'))).toBe(ids[0]);
  });

  test(`${kind}: both tabs know the server's history that was set last (6)`, async () => {
    const [here, there] = tabs();
    expect(await here.epoch()).toBeUndefined();
    await here.setEpoch('one');
    await there.setEpoch('two');
    expect(await here.epoch()).toBe('two');
  });

  test(`${kind}: every raise of the leader gives a higher number (2)`, async () => {
    const [first, second] = tabs();
    expect(await first.leader()).toBe(0);
    const numbers = await Promise.all([
      first.raiseLeader(),
      second.raiseLeader(),
      first.raiseLeader(),
    ]);
    expect(new Set(numbers)).toEqual(new Set([1, 2, 3]));
    expect(await second.leader()).toBe(3);
  });

  test(`${kind}: a refused write is there when judged, once for each operation, until it is forgotten (3)`, async () => {
    const [first, second] = tabs();
    await first.judged({ ...nothing, refused: [write('a', 1), write('b', 2)] });
    await first.judged({ ...nothing, refused: [{ ...write('a', 1), message: 'Still no.' }] });
    const there = await firstValueFrom(second.refused$);
    expect(there.map(({ op, message }) => [op, message])).toEqual([
      ['b', 'No.'],
      ['a', 'No.'],
    ]);
    await second.forgetRefused(['b']);
    expect((await firstValueFrom(first.refused$)).map(({ op }) => op)).toEqual(['a']);
  });

  test(`${kind}: what this device refuses is kept and not to be sent, in one step (3)`, async () => {
    const [first, second] = tabs();
    await first.tried([{ op: 'a', attempts: 3 }]);
    const discarded = [{ op: 'a', attempts: 0, discarded: true as const, stamps: ['s'] }];
    await first.judged({ ...nothing, refused: [write('a', 1)], tried: ['a'], discarded });
    expect(await second.tries()).toEqual(discarded);
  });

  test(`${kind}: both tabs follow what either does, newest first (8)`, async () => {
    const [first, second] = tabs();
    const seen: string[] = [];
    const subscription = second.refused$.subscribe((writes) =>
      seen.push(writes.map(({ op }) => op).join()),
    );
    await until(() => seen.length > 0);
    await first.judged({ ...nothing, refused: [write('a', 1)] });
    await until(() => seen.at(-1) === 'a');
    await first.judged({ ...nothing, refused: [write('b', 2)] });
    await until(() => seen.at(-1) === 'b,a');
    await first.forgetRefused(['a']);
    await until(() => seen.at(-1) === 'b');
    subscription.unsubscribe();
  });

  test(`${kind}: of the finished records the last 100 stay, newest first (3)`, async () => {
    const [first, second] = tabs();
    const ops = (from: number, to: number): OutboxRecord[] =>
      Array.from({ length: to - from }, (_, index) => finished(String(from + index)));
    await first.judged({ ...nothing, finished: ops(0, 90) });
    await second.judged({ ...nothing, finished: ops(90, 130) });
    const kept = (await firstValueFrom(first.finished$)).map(({ op }) => op);
    expect(kept).toEqual(
      ops(30, 130)
        .map(({ op }) => op)
        .toReversed(),
    );
  });

  test(`${kind}: a try is kept until its operation is judged; the latest counts (3)`, async () => {
    const [first, second] = tabs();
    await first.tried([
      { op: 'a', attempts: 1 },
      { op: 'b', attempts: 1 },
    ]);
    await first.tried([{ op: 'a', attempts: 2, lastError: 'Busy.' }]);
    expect(await second.tries()).toEqual([
      { op: 'a', attempts: 2, lastError: 'Busy.' },
      { op: 'b', attempts: 1 },
    ]);
    await second.judged({ ...nothing, tried: ['a'] });
    expect((await first.tries()).map(({ op }) => op)).toEqual(['b']);
  });

  test(`${kind}: an activity takes the place of the one with its id, the newest 500 stay (10)`, async () => {
    const [first, second] = tabs();
    const some = (from: number, to: number): Activity[] =>
      Array.from({ length: to - from }, (_, index) => activity(from + index));
    await first.record({ activities: some(0, 400), samples: [] });
    await second.record({ activities: [...some(400, 510), activity(399)], samples: [] });
    await first.record({ activities: [{ ...activity(509), message: 'More.' }], samples: [] });
    const kept = await firstValueFrom(second.activity$);
    expect([kept.length, kept[0]?.message, kept.at(-1)?.atMs]).toEqual([500, 'More.', 10]);
  });

  test(`${kind}: of the samples the last 200 stay, oldest first (10)`, async () => {
    const [first, second] = tabs();
    const some = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => ({
        atMs: from + index,
        kind: 'push' as const,
        latencyMs: 1,
        rows: 1,
      }));
    await first.record({ activities: [], samples: some(0, 150) });
    await second.record({ activities: [], samples: some(150, 260) });
    const kept = (await firstValueFrom(first.samples$)).map(({ atMs }) => atMs);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([200, 60, 259]);
  });
}

/** As another tab does when somebody logs out in it. */
const remove = (name: string): Promise<unknown> =>
  new Promise((resolve) => {
    indexedDB.deleteDatabase(name).addEventListener('success', resolve);
  });
const isThere = async (name: string): Promise<boolean> =>
  (await indexedDB.databases()).some((database) => database.name === name);

test('dexie: what another tab removes is not made again', async () => {
  const name = newName();
  const ledger = createDexieLedger(name);
  await ledger.raiseLeader();
  await remove(name);
  await expect(ledger.leader()).rejects.toThrow();
  await expect(ledger.judged({ ...nothing, groups: ['a'] })).rejects.toThrow();
  expect(await isThere(name)).toBe(false);
});

test('dexie: a tab whose ledger another one removes ends quietly, and is not called outdated', async () => {
  const [server, name] = [new FakeServer([notes]), newName()];
  const ledger = createDexieLedger(name);
  const client = await openClient(server, { ledger, platform: { locks: new FakeLocks() } });
  await until(() => isSynced(client) && client.status().leader);
  await remove(name);
  await client.notes.insert({ id: 'late', title: 'x' });
  client.sync.syncNow();
  await until(() => client.status().pushing === 'waiting');
  await client.sync.stop();
  await ledger.close();
  expect(client.statuses.filter(({ outdated, deviceFull }) => outdated || deviceFull)).toEqual([]);
  expect(server.pushes).toEqual([]);
  expect(await isThere(name)).toBe(false);
});
