// What a server has forgotten, by a restore or a purge, while a device had nothing from it but answers
// or was away. Real RxDB clients, a real server.

import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import {
  again,
  has,
  idsOf,
  inStep,
  liveOnServer,
  openDevice,
  parts,
  pendingOf,
} from './support/devices.ts';
import { startRestorable } from './support/restorable.ts';
import { isSynced, notes } from './support/world.ts';

test('a device that had nothing but answers from a server gives it back what it has lost', async () => {
  const server = await startRestorable([notes, parts]);
  await server.backup();
  const wire = server.wire();
  wire.instead = (path) => (path === '/api/sync/pull' ? { status: 503, body: {} } : undefined);
  const ada = await openDevice(server, 'ada', { wire });
  await ada.notes.insert({ id: 'lost', title: 'of ada' });
  await until(async () => (await liveOnServer(server)).includes('lost') && pendingOf(ada) === 0);
  await ada.stop();
  await server.restore();
  wire.instead = () => undefined;
  const then = await again(server, ada, 'ada');
  await until(async () => (await liveOnServer(server)).includes('lost') && isSynced(then));
  expect(await idsOf(then)).toEqual(['lost']);
});

test('a device that receives everything again, from a server that is restored meanwhile, gives back what it lost', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await openDevice(server, 'ada');
  await inStep(ada);
  await server.backup();
  await ada.notes.insert({ id: 'lost', title: 'of ada' });
  await until(async () => (await liveOnServer(server)).includes('lost') && isSynced(ada));
  const { wire } = ada;
  wire.instead = (path) => {
    if (path !== '/api/sync/pull') return undefined;
    wire.isOnline = false;
    return { status: 410, body: { code: 'resync_required', reason: 'floor' } };
  };
  ada.sync.syncNow();
  await until(() => ada.status().resync?.reason === 'floor');
  await server.restore();
  wire.instead = () => undefined;
  wire.isOnline = true;
  ada.sync.syncNow();
  await until(async () => (await liveOnServer(server)).includes('lost') && isSynced(ada));
  expect(await idsOf(ada)).toEqual(['lost']);
});

test('a delete of what was deleted and purged meanwhile comes to rest', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await openDevice(server, 'ada');
  const bob = await openDevice(server, 'bob');
  await ada.notes.insert({ id: 'a', title: 'a' });
  await until(() => has(bob, 'a', 'a'));
  await inStep(ada, bob);
  bob.wire.isOnline = false;
  await bob.notes.findOne('a').remove();
  await ada.notes.findOne('a').remove();
  await until(async () => (await liveOnServer(server)).length === 0);
  const { retention } = server.live().server.core;
  expect(await retention.purge(-120_000)).toMatchObject({ tombstones: 1 });
  bob.wire.isOnline = true;
  bob.sync.syncNow();
  await inStep(bob);
  expect(await idsOf(bob)).toEqual([]);
  expect(bob.refused()).toEqual([]);
});
test('what was let go here and came back from the server is given back to it, too', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await openDevice(server, 'ada');
  await inStep(ada);
  await server.backup();
  await inStep(ada);
  let isLost = false;
  ada.wire.beforeAnswer = (path) => {
    if (path !== '/api/sync/push' || isLost) return;
    isLost = true;
    ada.wire.isOnline = false;
    throw new TypeError('terminated');
  };
  await ada.notes.insert({ id: 'x', title: 'x' });
  await until(() => isLost);
  await ada.sync.discard([ada.wire.pushed[0]?.op ?? '']);
  await until(async () => (await idsOf(ada)).length === 0);
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(async () => (await idsOf(ada)).includes('x') && isSynced(ada));
  ada.wire.isOnline = false;
  await server.restore();
  expect(await liveOnServer(server)).toEqual([]);
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(async () => (await liveOnServer(server)).includes('x'), 'the note on the server');
  await inStep(ada);
  expect(await idsOf(ada)).toEqual(['x']);
});
