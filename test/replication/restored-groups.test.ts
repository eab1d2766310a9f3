// What refers to lost records goes after them, and waits for nothing else: a restored server refuses
// none of it, and nothing stands still. The clock of these devices does, so that no wait ends by itself.

import { expect, test } from 'vitest';
import type { PushRequest } from '../../replication/index.ts';
import { movements } from '../../schemas/movements.ts';
import { products } from '../../schemas/products.ts';
import { sales } from '../../schemas/sales.ts';
import { until } from '../support/until.ts';
import { backedUp, inStep, liveOnServer, pendingOf, type Device } from './support/devices.ts';
import { startRestorable } from './support/restorable.ts';
import { note } from './support/world.ts';

const SHOP = [movements, products, sales];
const product = { sku: 'S', priceMinor: 300, stock: 0, reorderLevel: 0 };
const stopped = () => {
  const atMs = Date.now();
  return { platform: { now: () => atMs } };
};
const editBread = async (device: Device): Promise<unknown> =>
  (await device.collection('products').findOne('bread').exec(true)).incrementalPatch({
    name: 'new',
  });
const reprice = (device: Device): Promise<unknown> =>
  device.sync.atomic('New prices', [
    { collection: 'products', id: 'milk', update: { priceMinor: 1 } },
    { collection: 'products', id: 'bread', update: { priceMinor: 2 } },
  ]);

test.each([
  ['an unsent edit, which RxDB keeps back behind it', editBread],
  ['an unsent edit in a later group over the same record', reprice],
])('a group goes whose lost product has %s', async (_, change) => {
  const server = await startRestorable(SHOP);
  const ada = await backedUp(server, { collections: SHOP, ...stopped() });
  await ada.collection('products').bulkInsert([
    { ...product, id: 'milk', name: 'milk' },
    { ...product, id: 'bread', name: 'bread' },
  ]);
  await inStep(ada);
  ada.wire.isOnline = false;
  await ada.sync.atomic('A delivery', [
    { collection: 'products', id: 'milk', update: { name: 'new' } },
    {
      collection: 'movements',
      insert: { id: 'delivery', product: 'bread', amount: 5, reason: 'delivery' },
    },
  ]);
  await until(() => ada.status().pushing === 'waiting' && pendingOf(ada) === 2);
  await change(ada);
  await until(() => pendingOf(ada) === 3);
  await server.restore();
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(() => pendingOf(ada) === 0 && ada.status().resync === undefined);
  expect(ada.refused()).toEqual([]);
  expect(await liveOnServer(server, 'movements')).toEqual(['delivery']);
});

test('rows go whose parent a restored server took before it was known to be restored', async () => {
  const self = note('notes', 100, { parent: 'notes' });
  const server = await startRestorable([self]);
  const ada = await backedUp(server, { collections: [self], ...stopped() });
  await ada.notes.insert({ id: 'x', title: 'x' });
  await inStep(ada);
  ada.wire.isOnline = false;
  const children = ['r1', 'r2', 'r3'].map((id) => ({ id, title: id, parent: 'p' }));
  await ada.notes.bulkInsert([{ id: 'p', title: 'p' }, ...children]);
  await until(() => pendingOf(ada) === 4);
  await server.restore();
  const busy = { status: 503, body: { code: 'unavailable' } };
  let isTaken = false;
  ada.wire.instead = (path, body) => {
    if (path !== '/api/sync/push') return isTaken ? undefined : busy;
    if ((body as PushRequest).rows.length > 1) return { status: 413, body: {} };
    return isTaken && ada.status().resync === undefined ? busy : undefined;
  };
  ada.wire.beforeAnswer = (path, body, status) => {
    if (path !== '/api/sync/push' || status !== 200) return;
    isTaken ||= (body as PushRequest).rows.some(({ doc }) => doc['id'] === 'p');
  };
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(() => ada.status().resync?.reason === 'epoch', 'the other history');
  await until(() => pendingOf(ada) === 0, 'the children');
  expect(await liveOnServer(server)).toEqual(['p', 'r1', 'r2', 'r3', 'x']);
});
