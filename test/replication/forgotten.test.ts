// What a server has forgotten, by a restore or a purge, while a device had nothing from it but answers
// or was away. Real RxDB clients, a real server.

import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import {
  again,
  backedUp,
  has,
  idsOf,
  inStep,
  liveOnServer,
  onServer,
  openDevice,
  parts,
  pendingOf,
} from './support/devices.ts';
import { AT_ONCE } from './support/audited.ts';
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
  const ada = await backedUp(server);
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
  const ada = await backedUp(server);
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

test('an edit of what a restored server had of a refused group, and has lost, is sent', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await backedUp(server, { timing: AT_ONCE });
  let pushes = 0;
  // The server has it, the answer is lost, and then it is too large for something on the way.
  ada.wire.beforeAnswer = (path) => {
    if (path !== '/api/sync/push') return;
    pushes += 1;
    if (pushes === 1) throw new TypeError('terminated');
  };
  ada.wire.instead = (path) =>
    path === '/api/sync/push' && pushes > 0 ? { status: 413, body: {} } : undefined;
  await ada.sync.atomic('A pair', [
    { collection: 'notes', insert: { id: 'x', title: 'x' } },
    { collection: 'notes', insert: { id: 'y', title: 'y' } },
  ]);
  await until(() => ada.refused().length === 2);
  ada.wire.instead = () => undefined;
  ada.sync.syncNow();
  await until(async () => (await idsOf(ada)).length === 2 && pendingOf(ada) === 0);
  ada.wire.isOnline = false;
  await server.restore();
  // Nothing goes up while the device learns that the server was restored.
  ada.wire.instead = (path) => (path === '/api/sync/push' ? { status: 503, body: {} } : undefined);
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(() => ada.status().resync !== undefined);
  await (await ada.notes.findOne('x').exec(true)).incrementalPatch({ body: 'typed' });
  await until(() => pendingOf(ada) > 0);
  ada.wire.instead = () => undefined;
  ada.sync.syncNow();
  await until(() => pendingOf(ada) === 0 && ada.status().resync === undefined);
  expect((await onServer(server)).get('x')).toMatchObject({ body: 'typed' });
});
