// What waits for a document that is new to the server, and when it waits no longer.

import { expect, test } from 'vitest';
import type { Queued } from '../../replication/push/item.ts';
import { Selection } from '../../replication/push/selection.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { door } from './support/feed.ts';
import { holdNext } from './support/storage.ts';
import { isSynced, note, openClient } from './support/world.ts';

const isPush = (request: { readonly path: string }): boolean => request.path === '/api/sync/push';
const sales = note('sales', 10, { parent: 'products' });
const products = note('products', 40);

const row = (id: string, place: number): Queued =>
  ({
    collection: sales,
    key: `sales/${id}`,
    id,
    place,
    doc: { id, parent: 'p' },
    row: { op: id },
    bytes: 1,
  }) as unknown as Queued;

function selecting() {
  const clock = { nowMs: 5_000 };
  const fresh = new Set(['products/p']);
  const selection = new Selection({
    platform: { now: () => clock.nowMs },
    outbox: { isNew: (key) => fresh.has(key) },
    resync: () => ({ holds: () => false, lacks: () => false }),
    journal: { note: () => undefined },
  });
  const look = (queue: readonly Queued[], laterMs = 500): readonly string[] => {
    clock.nowMs += laterMs;
    return selection.take({ queue, units: [] }, 1_000).map(({ id }) => id);
  };
  return { fresh, look };
}

test('a row goes as soon as the server has what it refers to', () => {
  const { fresh, look } = selecting();
  const queue = [row('a', 1)];
  for (let count = 0; count < 20; count += 1) expect(look(queue)).toEqual([]);
  fresh.clear();
  expect(look(queue)).toEqual(['a']);
});

test('where nothing can go for half a minute, the first goes alone, and the next in its turn', () => {
  const { look } = selecting();
  const queue = [row('a', 1), row('b', 2)];
  const looks = (): number => {
    for (let count = 1; ; count += 1) if (look(queue).join() === 'a') return count;
  };
  expect(looks()).toBeGreaterThan(59);
  expect(looks()).toBe(60);
});

test('what is handed over meanwhile is worth waiting for', () => {
  const { look } = selecting();
  for (let place = 1; place < 200; place += 1)
    expect(look([row('a', 1), row(`b${place}`, place)])).toEqual([]);
});

test('a clock that is turned, either way, ends no wait', () => {
  const { look } = selecting();
  const queue = [row('a', 1)];
  for (let count = 0; count < 10; count += 1) {
    expect(look(queue, 3_600_000)).toEqual([]);
    expect(look(queue, -3_600_000)).toEqual([]);
  }
});

/** Time flies: each look at the clock finds it later. */
const hurried = () => {
  let aheadMs = 0;
  return { now: () => Date.now() + (aheadMs += 600) };
};

test('a row waits for an unsent document that it refers to and that RxDB holds back, however long', async () => {
  const server = new FakeServer([sales, products]);
  const gate = door();
  server.beforeAnswer = (request) =>
    isPush(request) && server.pushes.length === 1 ? gate.opened : undefined;
  const client = await openClient(server, { collections: [products, sales], platform: hurried() });
  await until(() => isSynced(client));
  await client.collection('products').insert({ id: 'p1', title: 'under way' });
  await until(() => server.pushes.length === 1);
  await client.collection('products').insert({ id: 'p2', title: 'behind it' });
  await client.collection('sales').insert({ id: 's1', title: 'x', parent: 'p2' });
  await until(() => client.status().pending === 3);
  gate.open();
  await until(() => server.documents.size === 3);
  expect(server.rows.map(({ doc }) => doc['id'])).toEqual(['p1', 'p2', 's1']);
});

test('two new documents that refer to each other go together', async () => {
  const people = note('people', 10, { parent: 'people' });
  const server = new FakeServer([people]);
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  const client = await openClient(server, { collections: [people] });
  const one = await client.collection('people').insert({ id: 'a', title: 'one' });
  await client.collection('people').insert({ id: 'b', title: 'other', parent: 'a' });
  await one.incrementalPatch({ parent: 'b' });
  await client.sync.stop();
  server.fate = () => 'go';
  const again = await openClient(server, { collections: [people], database: client.database });
  await until(() => server.documents.size === 2 && isSynced(again));
  expect(server.pushes.at(-1)?.rows.length).toBe(2);
});

test('after a start, nothing goes ahead of what it refers to', async () => {
  const server = new FakeServer([sales, products]);
  const given = {
    collections: [sales, products],
    platform: hurried(),
    timing: { collectMs: 1 },
  };
  const first = await openClient(server, given);
  await until(() => isSynced(first));
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await first
    .collection('products')
    .bulkInsert(Array.from({ length: 2_500 }, (_, index) => ({ id: `p${index}`, title: 'x' })));
  await first.collection('sales').insert({ id: 's', title: 'x', parent: 'p2499' });
  await first.sync.stop();
  server.fate = () => 'go';
  // Only by reading all of them it is known that the last product is unsent.
  const reading = holdNext(first.collection('products'), 'findDocumentsById', () => true);
  const second = await openClient(server, { ...given, database: first.database });
  await until(reading.isHolding, 'the products to be read');
  // Turns in which what does not wait would go.
  for (let turns = 0; turns < 200; turns += 1) await new Promise(setImmediate);
  reading.release();
  await until(() => server.documents.size === 2_501 && isSynced(second));
  const sent = server.rows.map(({ doc }) => doc['id']);
  expect(sent.indexOf('s')).toBeGreaterThan(sent.indexOf('p2499'));
});
