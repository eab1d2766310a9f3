// Everything is received again: unsent work is sent first, nothing that the server has judged goes
// away, and what it does not have, does. Real RxDB clients, a real server.

import { expect, test } from 'vitest';
import { movements } from '../../schemas/movements.ts';
import { products } from '../../schemas/products.ts';
import { sales } from '../../schemas/sales.ts';
import { until } from '../support/until.ts';
import {
  again,
  edit,
  has,
  idsOf,
  inStep,
  liveOnServer,
  onServer,
  openDevice,
  parts,
  pendingOf,
} from './support/devices.ts';
import { door } from './support/feed.ts';
import { distort, startRestorable, type Restorable, type Wire } from './support/restorable.ts';
import { holdNext } from './support/storage.ts';
import { isSynced, notes } from './support/world.ts';

test('devices give a server that was restored from an old backup what it has lost', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await openDevice(server, 'ada');
  const bob = await openDevice(server, 'bob');
  const eve = await openDevice(server, 'eve');
  await ada.notes.insert({ id: 'kept', title: 'kept' });
  await bob.notes.insert({ id: 'doomed', title: 'doomed' });
  await until(async () => (await has(ada, 'doomed', 'doomed')) && (await has(bob, 'kept', 'kept')));
  await inStep(ada, bob, eve);
  await server.backup();

  await inStep(ada, bob, eve);
  await edit(ada, 'kept', 'edited');
  await ada.notes.insert({ id: 'of ada', title: 'of ada' });
  await bob.notes.insert({ id: 'of bob', title: 'of bob' });
  await eve.notes.insert({ id: 'of eve', title: 'of eve' });
  await bob.notes.findOne('doomed').remove();
  const all = ['kept', 'of ada', 'of bob', 'of eve'];
  await until(async () => (await idsOf(ada)).join() === all.join());
  await until(async () => (await idsOf(bob)).join() === all.join());
  await inStep(ada, bob, eve);
  for (const device of [ada, bob, eve]) await device.stop();

  await server.restore();
  expect(await liveOnServer(server)).toEqual(['doomed', 'kept']);
  const adaAgain = await again(server, ada, 'ada');
  await until(async () => (await idsOf(adaAgain)).join() === 'doomed,kept,of ada');
  expect(await has(adaAgain, 'kept', 'edited')).toBe(true);
  const bobAgain = await again(server, bob, 'bob');
  const end = ['kept', 'of ada', 'of bob'];
  for (const device of [adaAgain, bobAgain])
    await until(async () => (await idsOf(device)).join() === end.join() && isSynced(device));
  expect(await liveOnServer(server)).toEqual(end);
  const stored = await onServer(server);
  expect(stored.get('kept')).toMatchObject({ title: 'edited' });
  for (const id of end) expect(await adaAgain.read(id)).toMatchObject(stored.get(id) ?? {});
  expect([...adaAgain.refused(), ...bobAgain.refused()]).toEqual([]);
});

test('what refers to something lost comes back after it, also where somebody else wrote that', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await openDevice(server, 'ada');
  const bob = await openDevice(server, 'bob');
  await inStep(ada, bob);
  await server.backup();
  await inStep(ada, bob);
  await ada.notes.insert({ id: 'whole', title: 'of ada' });
  await until(() => has(bob, 'whole', 'of ada'));
  await bob.collection('parts').insert({ id: 'part', title: 'of bob', parent: 'whole' });
  await inStep(ada, bob);
  await ada.stop();
  await server.restore();
  await until(async () => (await liveOnServer(server)).includes('whole') && isSynced(bob));
  expect(await bob.read('part', 'parts')).toMatchObject({ title: 'of bob', parent: 'whole' });
  expect((await bob.read('part', 'parts'))?._deleted).not.toBe(true);
  expect(bob.refused()).toEqual([]);
});

test('a movement comes back though its product is read later', async () => {
  const shop = [movements, products, sales];
  const server = await startRestorable(shop);
  const bob = await openDevice(server, 'bob', { collections: shop, timing: { collectMs: 1 } });
  await inStep(bob);
  await server.backup();
  await inStep(bob);
  const bread = { id: 'bread', name: 'Bread', sku: 'B1', priceMinor: 300, stock: 0 };
  await bob.collection('products').insert({ ...bread, reorderLevel: 0 });
  const delivery = { id: 'delivery', product: 'bread', amount: 5, reason: 'delivery' };
  await bob.collection('movements').insert(delivery);
  await until(() => bob.wire.pushed.length >= 2 && isSynced(bob));
  const hold = holdNext(bob.collection('products'), 'findDocumentsById', ([ids]) =>
    (ids as readonly string[]).includes('bread'),
  );
  await server.restore();
  await until(hold.isHolding, 'the product to be read');
  // Time for what does not wait for it.
  await server.live().keyFor('somebody');
  hold.release();
  const isBack = async () => (await liveOnServer(server, 'products')).length === 1;
  await until(async () => (await isBack()) && pendingOf(bob) === 0);
  expect(bob.refused()).toEqual([]);
  const eve = await openDevice(server, 'eve', { collections: shop });
  await inStep(eve);
  expect(await eve.read('delivery', 'movements')).toMatchObject({ amount: 5 });
  expect(await eve.read('bread', 'products')).toMatchObject({ stock: 5 });
});

test('an unsent movement of a product that a restored server has lost goes after it', async () => {
  const shop = [movements, products, sales];
  const server = await startRestorable(shop);
  const ada = await openDevice(server, 'ada', { collections: shop });
  const bob = await openDevice(server, 'bob', { collections: shop });
  await inStep(ada, bob);
  await server.backup();
  await inStep(ada, bob);
  const bread = { id: 'bread', name: 'Bread', sku: 'B1', priceMinor: 300, stock: 0 };
  await ada.collection('products').insert({ ...bread, reorderLevel: 0 });
  await until(async () => (await bob.read('bread', 'products')) !== undefined);
  await inStep(ada, bob);
  await ada.stop();
  bob.wire.isOnline = false;
  const delivery = { id: 'delivery', product: 'bread', amount: 5, reason: 'delivery' };
  await bob.collection('movements').insert(delivery);
  await server.restore();
  bob.wire.isOnline = true;
  bob.sync.syncNow();
  await until(() => pendingOf(bob) === 0 && isSynced(bob));
  expect(bob.refused()).toEqual([]);
  expect(await liveOnServer(server, 'movements')).toEqual(['delivery']);
  expect(await bob.read('bread', 'products')).toMatchObject({ stock: 5 });
});

test('work that was unsent when the server was restored is sent and kept', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await openDevice(server, 'ada');
  await inStep(ada);
  await server.backup();
  await inStep(ada);
  await ada.notes.insert({ id: 'lost', title: 'one' });
  await until(() => isSynced(ada));
  ada.wire.isOnline = false;
  await edit(ada, 'lost', 'two');
  await ada.notes.insert({ id: 'fresh', title: 'new' });
  await server.restore();
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(async () => (await liveOnServer(server)).length === 2 && isSynced(ada));
  expect((await onServer(server)).get('lost')).toMatchObject({ title: 'two' });
  expect(await idsOf(ada)).toEqual(['fresh', 'lost']);
  expect(await has(ada, 'lost', 'two')).toBe(true);
  expect(ada.refused()).toEqual([]);
});

/** Answers the next pull with a checkpoint as the server would one that it can't continue. */
function refuseOnce(wire: Wire, reason: string): void {
  let isDone = false;
  wire.instead = (path, body) => {
    const asked = path === '/api/sync/pull' ? Object.values(collectionsIn(body)) : [];
    if (isDone || !asked.some((checkpoint) => checkpoint !== null)) return undefined;
    isDone = true;
    return { status: 410, body: { code: 'resync_required', reason } };
  };
}
const collectionsIn = (body: unknown): Record<string, unknown> =>
  (body as { collections: Record<string, unknown> }).collections;

/** Takes documents away without a trace: as if purged, or out of the reader's sight. */
const vanish = (server: Restorable, ids: readonly string[]): void =>
  distort(server, (documents) => documents.filter(({ id }) => !ids.includes(String(id))));

test.each(['ahead', 'floor', 'scope'])(
  'for "%s" the device takes everything again and lets go of what the server does not have',
  async (reason) => {
    const server = await startRestorable([notes, parts]);
    const ada = await openDevice(server, 'ada');
    const bob = await openDevice(server, 'bob');
    for (const id of ['a', 'b', 'edited']) await bob.notes.insert({ id, title: id });
    await ada.notes.insert({ id: 'own', title: 'own' });
    await until(async () => (await idsOf(ada)).length === 4);
    await inStep(ada, bob);
    ada.wire.isOnline = false;
    await edit(ada, 'edited', 'unsent');
    await ada.notes.insert({ id: 'new', title: 'unsent' });
    vanish(server, ['b', 'own']);
    ada.wire.pushed.length = 0;
    refuseOnce(ada.wire, reason);
    ada.wire.isOnline = true;
    ada.sync.syncNow();
    await until(async () => (await idsOf(ada)).join() === 'a,edited,new' && isSynced(ada));
    expect(await has(ada, 'edited', 'unsent')).toBe(true);
    // Nothing beyond what was unsent.
    expect(new Set(ada.wire.pushed.map(({ doc }) => doc['id']))).toEqual(
      new Set(['edited', 'new']),
    );
    expect(ada.wire.pushed).toHaveLength(2);
    const { resync } = ada.statuses.find((status) => status.resync !== undefined) ?? {};
    expect(resync?.reason).toBe(reason);
    expect(resync?.message).toMatch(/Everything is received again\.$/);
    expect(ada.status().resync).toBeUndefined();
  },
);

test('what the server accepts after the snapshot was taken stays', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await openDevice(server, 'ada');
  await ada.notes.insert({ id: 'a', title: 'a' });
  await inStep(ada);
  await until(() => isSynced(ada));
  const gate = door();
  let isTaken = false;
  refuseOnce(ada.wire, 'ahead');
  ada.wire.beforeAnswer = (path, body) => {
    if (path !== '/api/sync/pull' || collectionsIn(body)['notes'] !== null) return undefined;
    isTaken = true;
    return gate.opened;
  };
  ada.sync.syncNow();
  await until(() => isTaken, 'the snapshot to be taken');
  await ada.notes.insert({ id: 'later', title: 'later' });
  await until(async () => (await liveOnServer(server)).includes('later') && pendingOf(ada) === 0);
  gate.open();
  await until(() => isSynced(ada));
  expect(await idsOf(ada)).toEqual(['a', 'later']);
  expect(ada.statuses.some(({ state, progress }) => state === 'receiving' && progress?.done)).toBe(
    true,
  );
});
test('a snapshot that was cut off begins again, a page at a time, and nothing is lost', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await openDevice(server, 'ada');
  const bob = await openDevice(server, 'bob');
  const count = 2_500;
  const id = (index: number): string => `n${String(index).padStart(5, '0')}`;
  await bob.notes.bulkInsert(
    Array.from({ length: count }, (_, index) => ({ id: id(index), title: 'x' })),
  );
  await until(async () => (await ada.notes.count().exec()) === count && isSynced(ada));
  await bob.stop();
  ada.wire.isOnline = false;
  await edit(ada, id(7), 'unsent');
  vanish(server, [id(3)]);
  refuseOnce(ada.wire, 'floor');
  let pages = 0;
  ada.wire.beforeAnswer = (path, body) => {
    if (path !== '/api/sync/pull' || collectionsIn(body)['notes'] === undefined) return;
    pages += 1;
    // The first page has been stored; the second is lost, and the program ends.
    if (pages === 2) ada.wire.isOnline = false;
  };
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(() => pages === 2, 'the second page');
  await ada.stop();

  ada.wire.beforeAnswer = () => {};
  ada.wire.isOnline = true;
  refuseOnce(ada.wire, 'floor');
  ada.wire.pulls.length = 0;
  const then = await again(server, ada, 'ada');
  await until(async () => (await then.read(id(3)))?._deleted === true && isSynced(then));
  expect(await then.notes.count().exec()).toBe(count - 1);
  expect(await has(then, id(7), 'unsent')).toBe(true);
  // The old position was asked for first: it goes only when everything is there.
  const [first, second] = then.wire.pulls.map(({ collections }) => collections['notes']);
  expect(first).toMatch(/\./);
  expect(second).toBe(null);
});

test('a page is asked for when the one before it is stored', async () => {
  const server = await startRestorable([notes, parts]);
  const bob = await openDevice(server, 'bob');
  const ada = await openDevice(server, 'ada');
  await inStep(ada, bob);
  await ada.notes.insert({ id: 'a', title: 'a' });
  await until(() => isSynced(ada));
  await ada.stop();
  const rows = Array.from({ length: 2_500 }, (_, index) => ({ id: `n${index}`, title: 'x' }));
  await bob.notes.bulkInsert(rows);
  await until(async () => (await liveOnServer(server)).length === rows.length + 1);
  refuseOnce(ada.wire, 'floor');
  const stored: number[] = [];
  ada.wire.beforeAnswer = async (path, body) => {
    if (path === '/api/sync/pull' && collectionsIn(body)['notes'] !== undefined)
      stored.push(await ada.notes.count().exec());
  };
  const then = await again(server, ada, 'ada');
  await until(async () => (await then.notes.count().exec()) === rows.length + 1 && isSynced(then));
  // What was here, and then one commit of a thousand after the other.
  expect(stored).toEqual([1, 1, 1_001, 2_001]);
});
