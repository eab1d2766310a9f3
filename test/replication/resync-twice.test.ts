// Everything has to be received again while it is being received again, or while work is unsent.

import { expect, test } from 'vitest';
import { movements } from '../../schemas/movements.ts';
import { products } from '../../schemas/products.ts';
import { sales } from '../../schemas/sales.ts';
import { until } from '../support/until.ts';
import {
  backedUp,
  edit,
  has,
  inStep,
  liveOnServer,
  onServer,
  openDevice,
  parts,
  pendingOf,
  restoreOnce,
  type Device,
} from './support/devices.ts';
import { door } from './support/feed.ts';
import { startRestorable } from './support/restorable.ts';
import { isSynced, notes } from './support/world.ts';

const notesIn = (body: unknown): unknown =>
  (body as { collections: Record<string, unknown> }).collections['notes'];

/** The pull for the second page of the next snapshot of notes is answered so. */
function atSecondPage({ wire }: Device, reason: string): { readonly wasAsked: () => boolean } {
  let at: 'start' | 'first page' | 'done' = 'start';
  wire.instead = (path, body) => {
    if (path !== '/api/sync/pull') return undefined;
    if (at === 'start' && notesIn(body) === null) at = 'first page';
    if (at !== 'first page' || typeof notesIn(body) !== 'string') return undefined;
    at = 'done';
    return { status: 410, body: { code: 'resync_required', reason } };
  };
  return { wasAsked: () => at === 'done' };
}

test('a change of role while a restored server is followed leaves an edit of what it has lost as it is', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await openDevice(server, 'ada');
  const bob = await openDevice(server, 'bob');
  const rows = Array.from({ length: 1_500 }, (_, index) => ({ id: `n${index}`, title: 'x' }));
  await bob.notes.bulkInsert(rows);
  await until(async () => (await ada.notes.count().exec()) === rows.length);
  await inStep(ada, bob);
  await server.backup();
  await inStep(ada, bob);
  await bob.notes.insert({ id: 'lost', title: 'of bob' });
  await until(() => has(ada, 'lost', 'of bob'));
  const { clk } = (await onServer(server)).get('lost') ?? {};
  await inStep(ada, bob);
  await bob.stop();
  ada.wire.isOnline = false;
  await server.restore();
  const order = atSecondPage(ada, 'scope');
  const [asked, gate] = [door(), door()];
  ada.wire.beforeAnswer = async (path, body) => {
    if (path !== '/api/sync/pull' || notesIn(body) !== null || !order.wasAsked()) return;
    asked.open();
    await gate.opened;
  };
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await asked.opened;
  await edit(ada, 'lost', 'of ada');
  await until(() => pendingOf(ada) === 0);
  gate.open();
  await until(() => isSynced(ada));
  expect(ada.refused()).toEqual([]);
  expect((await onServer(server)).get('lost')).toMatchObject({ title: 'of ada' });
  expect(await has(ada, 'lost', 'of ada')).toBe(true);
  // What is lost is no base, and Ada had seen it: her edit is the later one, whatever the clocks say.
  expect(ada.wire.pushed.map(({ base, seen }) => ({ base, seen }))).toEqual([{ seen: clk }]);
});

test('what is given back to a server that is restored once more meanwhile is given back again', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await backedUp(server);
  await ada.notes.insert({ id: 'lost', title: 'of ada' });
  await inStep(ada);
  ada.wire.isOnline = false;
  await server.restore();
  const isRestored = restoreOnce(server, ada.wire);
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(isRestored);
  await until(async () => (await onServer(server)).has('lost'), 'the note on the server');
  await inStep(ada);
  expect(await has(ada, 'lost', 'of ada')).toBe(true);
});

test('nor is an unsent movement refused by it, whose product was given to the one before', async () => {
  const shop = [movements, products, sales];
  const server = await startRestorable(shop);
  const ada = await backedUp(server, { collections: shop });
  const bread = { id: 'bread', name: 'Bread', sku: 'B1', priceMinor: 300, stock: 0 };
  await ada.collection('products').insert({ ...bread, reorderLevel: 0 });
  await inStep(ada);
  ada.wire.isOnline = false;
  const delivery = { id: 'delivery', product: 'bread', amount: 5, reason: 'delivery' };
  await ada.collection('movements').insert(delivery);
  await server.restore();
  const isRestored = restoreOnce(server, ada.wire, ([row]) => row?.collection === 'products');
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(isRestored);
  await until(async () => (await liveOnServer(server, 'movements')).length === 1, 'the movement');
  await inStep(ada);
  expect(ada.refused()).toEqual([]);
  expect(await ada.read('bread', 'products')).toMatchObject({ stock: 5 });
});

test('an edit given to the one before is not written over by the first of several pages', async () => {
  const server = await startRestorable([notes]);
  const ada = await openDevice(server, 'ada', { collections: [notes] });
  const bob = await openDevice(server, 'bob', { collections: [notes] });
  const rows = Array.from({ length: 1_500 }, (_, index) => ({ id: `n${index}`, title: 'x' }));
  await bob.notes.bulkInsert(rows);
  await until(async () => (await ada.notes.count().exec()) === rows.length);
  await inStep(ada, bob);
  await bob.stop();
  await server.backup();
  await inStep(ada);
  await edit(ada, 'n0', 'of ada');
  await until(async () => (await onServer(server)).get('n0')?.['title'] === 'of ada');
  await inStep(ada);
  ada.wire.isOnline = false;
  await server.restore();
  const isRestored = restoreOnce(server, ada.wire);
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(isRestored);
  await until(() => ada.status().resync === undefined && isSynced(ada));
  expect((await onServer(server)).get('n0')).toMatchObject({ title: 'of ada' });
  expect(await has(ada, 'n0', 'of ada')).toBe(true);
});

test('a movement is not refused by a restored server whose product has an unsent edit, which RxDB keeps back', async () => {
  const shop = [movements, products, sales];
  const server = await startRestorable(shop);
  const ada = await backedUp(server, { collections: shop });
  const product = { sku: 'S', priceMinor: 300, stock: 0, reorderLevel: 0 };
  const ids = ['bread', 'milk'];
  await ada.collection('products').bulkInsert(ids.map((id) => ({ ...product, id, name: id })));
  await inStep(ada);
  ada.wire.isOnline = false;
  const rename = async (id: string) =>
    (await ada.collection('products').findOne(id).exec(true)).incrementalPatch({ name: 'new' });
  await rename('milk');
  await until(() => ada.status().pushing === 'waiting');
  await rename('bread');
  const delivery = { id: 'delivery', product: 'bread', amount: 5, reason: 'delivery' };
  await ada.collection('movements').insert(delivery);
  await until(() => pendingOf(ada) === 3);
  await server.restore();
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(() => pendingOf(ada) === 0 && ada.status().resync === undefined);
  expect(ada.refused()).toEqual([]);
  expect(await liveOnServer(server, 'movements')).toEqual(['delivery']);
});

test('a pull that waited for the network while the server was restored does not begin before what is unsent', async () => {
  const server = await startRestorable([notes]);
  const ada = await backedUp(server, { collections: [notes] });
  await ada.notes.insert({ id: 'lost', title: 'of ada' });
  await inStep(ada);
  const busy = { status: 503, body: { code: 'unavailable' } };
  let pushes = 0;
  let isPulling = false;
  ada.wire.instead = (path) => {
    if (path === '/api/sync/push') pushes += 1;
    return path === '/api/sync/push' || path === '/api/sync/pull' ? busy : undefined;
  };
  const { length } = ada.wire.pulls;
  ada.sync.syncNow();
  await until(() => ada.wire.pulls.length > length, 'a pull');
  await edit(ada, 'lost', 'edited');
  await until(() => pushes > 0, 'a push');
  await server.restore();
  await until(() => ada.status().resync?.reason === 'epoch', 'the other history');
  ada.wire.beforeAnswer = (path) => {
    isPulling ||= path === '/api/sync/pull';
  };
  const tries = pushes + 4;
  ada.wire.instead = (path) => {
    if (path !== '/api/sync/push' || isPulling) return undefined;
    pushes += 1;
    return pushes < tries ? busy : undefined;
  };
  ada.sync.syncNow();
  await until(() => pendingOf(ada) === 0 && ada.status().resync === undefined);
  expect(ada.refused()).toEqual([]);
  expect((await onServer(server)).get('lost')).toMatchObject({ title: 'edited' });
});
