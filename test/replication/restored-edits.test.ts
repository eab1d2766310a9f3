// What a person edits, discards or is refused while a restored server gets back what it has lost.

import { expect, test } from 'vitest';
import type { PushRequest } from '../../replication/index.ts';
import { defineCollection, optional, serverWins, text } from '../../schemas/index.ts';
import { operationOf } from '../../replication/stamp/clock.ts';
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
  type Device,
} from './support/devices.ts';
import { door } from './support/feed.ts';
import { beforeNext } from './support/ledgers.ts';
import { startRestorable } from './support/restorable.ts';
import { isSynced, notes } from './support/world.ts';

const BUSY = { status: 503, body: { code: 'unavailable' } };
/** By which the present state of a note waits. */
const opOf = async (device: Device, id: string): Promise<string> =>
  operationOf((await device.read(id))?.clk ?? {}, false, device.sync.device());

/** A note of ada's is lost, and nothing can be given back: a row stands in RxDB's queue. */
async function stuckAfterRestore() {
  const server = await startRestorable([notes, parts]);
  const ada = await backedUp(server);
  await ada.notes.insert({ id: 'z', title: 'mine' });
  await inStep(ada);
  ada.wire.isOnline = false;
  await server.restore();
  ada.wire.instead = (path) => (path === '/api/sync/push' ? BUSY : undefined);
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(() => ada.status().resync?.reason === 'epoch', 'the other history');
  await ada.notes.insert({ id: 'other', title: 'x' });
  await until(() => ada.wire.pushed.some(({ doc }) => doc['id'] === 'other'));
  return { server, ada };
}

test('a discard of an edit of what a restored server has lost takes away the edit only', async () => {
  const { server, ada } = await stuckAfterRestore();
  await edit(ada, 'z', 'discarded');
  await until(() => pendingOf(ada) === 2);
  await ada.sync.discard([await opOf(ada, 'z')]);
  expect(await ada.read('z')).toMatchObject({ title: 'mine', _deleted: false });
  ada.wire.instead = () => undefined;
  ada.sync.syncNow();
  await until(() => ada.status().resync === undefined && isSynced(ada));
  expect((await onServer(server)).get('z')).toMatchObject({ title: 'mine' });
});

test('and so does the refusal of one that is too large', async () => {
  const { server, ada } = await stuckAfterRestore();
  const found = await ada.notes.findOne('z').exec(true);
  await found.incrementalPatch({ body: 'x'.repeat(5_000_000) });
  ada.wire.instead = () => undefined;
  ada.sync.syncNow();
  await until(() => ada.refused().length > 0, 'the refusal');
  await until(() => ada.status().resync === undefined && pendingOf(ada) === 0);
  expect(ada.refused()).toMatchObject([{ id: 'z', code: 'too_large' }]);
  expect(await ada.read('z')).toMatchObject({ title: 'mine', _deleted: false });
  expect((await onServer(server)).get('z')).toMatchObject({ title: 'mine' });
});

test.each(['an edit', 'a group'])(
  '%s that is discarded while others are given back does not go with them',
  async (what) => {
    const server = await startRestorable([notes, parts]);
    const ada = await backedUp(server);
    // As many as go in one request, and one more.
    const rows = Array.from({ length: 500 }, (_, at) => ({ id: `n${at}`, title: 'x' }));
    await ada.notes.bulkInsert(rows);
    await ada.notes.insert({ id: 'z', title: 'mine' });
    await inStep(ada);
    ada.wire.isOnline = false;
    await server.restore();
    const [flying, gate, sent] = [door(), door(), door()];
    ada.wire.beforeAnswer = async (path, body) => {
      if (path !== '/api/sync/push') return;
      const pushed = (body as PushRequest).rows;
      if (pushed.length === rows.length) {
        flying.open();
        await gate.opened;
      }
      if (pushed.some(({ doc }) => doc['id'] === 'z')) sent.open();
    };
    ada.wire.isOnline = true;
    ada.sync.syncNow();
    await flying.opened;
    if (what === 'an edit') await edit(ada, 'z', 'discarded');
    else
      await ada.sync.atomic('A pair', [
        { collection: 'notes', id: 'z', update: { title: 'discarded' } },
        { collection: 'parts', insert: { id: 'p', title: 'p' } },
      ]);
    beforeNext(ada.ledger, 'judged', () => sent.opened);
    const discarded = ada.sync.discard([await opOf(ada, 'z')]);
    gate.open();
    await discarded;
    await until(() => ada.status().resync === undefined && isSynced(ada));
    expect(await liveOnServer(server, 'parts')).toEqual([]);
    expect((await onServer(server)).get('z')).toMatchObject({ title: 'mine' });
    expect(await has(ada, 'z', 'mine')).toBe(true);
  },
);

const goods = defineCollection({
  name: 'goods',
  label: { one: 'good', many: 'goods' },
  version: 0,
  fields: { title: text(200), body: optional(text(200)) },
  policy: serverWins(),
  sample: () => ({ title: 'x' }),
});
const patch = async (device: Device, id: string, change: object): Promise<unknown> =>
  (await device.collection('goods').findOne(id).exec(true)).incrementalPatch(change);

test.each(['goods', 'goods and notes'])(
  'an edit of what a restored server has lost is overtaken by nobody and changes no author (%s)',
  async (which) => {
    const collections = which === 'goods' ? [goods] : [goods, notes];
    const server = await startRestorable(collections);
    const [ada, bob] = [
      await openDevice(server, 'ada', { collections }),
      await openDevice(server, 'bob', { collections }),
    ];
    // More than one page.
    const rows = Array.from({ length: 1_500 }, (_, index) => ({ id: `n${index}`, title: 'x' }));
    await bob.collection('goods').bulkInsert([...rows, { id: 'p', title: 'first' }]);
    await inStep(bob);
    await patch(bob, 'p', { title: 'of bob' });
    await until(async () => (await ada.read('p', 'goods'))?.['title'] === 'of bob');
    await inStep(ada, bob);
    await server.backup();
    await inStep(ada, bob);
    await patch(bob, 'p', { body: 'lost' });
    await bob.collection('goods').insert({ id: 'q', title: 'lost' });
    await until(async () => (await ada.read('q', 'goods'))?.rev !== undefined);
    await until(async () => (await ada.read('p', 'goods'))?.['body'] === 'lost');
    const maker = (await ada.read('q', 'goods'))?.createdBy;
    await inStep(ada, bob);
    await bob.stop();
    ada.wire.isOnline = false;
    await server.restore();
    const [asked, gate] = [door(), door()];
    ada.wire.beforeAnswer = async (path, body) => {
      if (path !== '/api/sync/pull') return;
      const at = (body as { collections: Record<string, unknown> }).collections['goods'];
      if (typeof at !== 'string' || ada.status().resync === undefined) return;
      asked.open();
      await gate.opened;
    };
    ada.wire.isOnline = true;
    ada.sync.syncNow();
    await asked.opened;
    await patch(ada, 'p', { title: 'of ada' });
    await patch(ada, 'q', { title: 'of ada' });
    await until(() => pendingOf(ada) === 0);
    gate.open();
    await until(() => ada.status().resync === undefined && pendingOf(ada) === 0);
    expect(ada.refused()).toEqual([]);
    const stored = await onServer(server, 'goods');
    expect(stored.get('p')).toMatchObject({ title: 'of ada' });
    expect(stored.get('q')).toMatchObject({ title: 'of ada', createdBy: maker });
  },
);
