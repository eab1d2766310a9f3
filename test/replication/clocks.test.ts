// Devices whose clocks are wrong, against the real server.

import { expect, test } from 'vitest';
import { timeOf } from '../../replication/index.ts';
import { deviceOf } from '../../replication/stamp/stamp.ts';
import { until } from '../support/until.ts';
import { startRestorable, type Restorable, type Wire } from './support/restorable.ts';
import { isSynced, notes, openClient, type Client } from './support/world.ts';

const HOUR_MS = 3_600_000;

async function openDevice(
  server: Restorable,
  name: string,
  wrongByMs: () => number,
  given: object = {},
): Promise<Client & { readonly wire: Wire }> {
  const wire = server.wire();
  const token = await server.live().keyFor(name);
  const client = await openClient(wire, {
    url: server.url(),
    token,
    ...given,
    platform: { now: () => Date.now() + wrongByMs() },
  });
  return { ...client, wire };
}
const stampOf = async (client: Client, entry: string): Promise<string> =>
  (await client.read('a'))?.clk?.[entry] ?? '';
const edit = async (client: Client, title: string): Promise<void> => {
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ title });
};

test('what a clock hours ahead has stamped offline is sent once and gets the server’s time', async () => {
  const server = await startRestorable([notes]);
  const ada = await openDevice(server, 'ada', () => 3 * HOUR_MS);
  ada.wire.isOnline = false;
  await ada.notes.insert({ id: 'a', title: 'one' });
  const early = await stampOf(ada, '*');
  expect(timeOf(early)).toBeGreaterThan(Date.now() + 2 * HOUR_MS);
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(() => isSynced(ada) && ada.wire.pushed.length > 0);
  const taken = await stampOf(ada, '*');
  expect(Math.abs(timeOf(taken) - Date.now())).toBeLessThan(60_000);
  // Still the device's own stamp, with another time.
  expect(deviceOf(taken)).toBe(deviceOf(early));
  expect(ada.wire.pushed).toHaveLength(1);

  // From now on the device stamps with the server's time.
  await edit(ada, 'two');
  await until(() => isSynced(ada) && ada.wire.pushed.length === 2);
  expect(Math.abs(timeOf(await stampOf(ada, 'title')) - Date.now())).toBeLessThan(60_000);
  const bob = await openDevice(server, 'bob', () => 0);
  await until(async () => (await bob.read('a'))?.['title'] === 'two');
  await edit(bob, 'three');
  await until(async () => (await ada.read('a'))?.['title'] === 'three');
  expect([...ada.refused(), ...bob.refused()]).toEqual([]);
});

test('an edit after the clock was set back wins over what the device wrote before', async () => {
  const server = await startRestorable([notes]);
  let wrongByMs = 0;
  const ada = await openDevice(server, 'ada', () => wrongByMs);
  await until(() => isSynced(ada));
  await ada.notes.insert({ id: 'a', title: 'one' });
  await edit(ada, 'two');
  const before = await stampOf(ada, 'title');
  wrongByMs = -5 * HOUR_MS;
  await edit(ada, 'three');
  expect((await stampOf(ada, 'title')) > before).toBe(true);
  await until(() => isSynced(ada));
  const { ledger, database } = ada;
  await ada.sync.stop();
  // A new session knows no earlier stamp but those in the document.
  const again = await openDevice(server, 'ada', () => wrongByMs, { ledger, database });
  again.wire.isOnline = false;
  const last = await stampOf(again, 'title');
  await edit(again, 'four');
  expect((await stampOf(again, 'title')) > last).toBe(true);
  again.wire.isOnline = true;
  again.sync.syncNow();
  await until(() => isSynced(again) && again.wire.pushed.length > 0);
  expect((await again.read('a'))?.['title']).toBe('four');
});
