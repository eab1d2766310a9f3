// Local data that RxDB would leave for good, each made as it comes about, and what the audit makes of
// them. Real RxDB clients; real servers, but where a server has to misbehave.

import { now } from 'rxdb';
import { expect, test } from 'vitest';
import type { WireDocument } from '../../replication/index.ts';
import { look } from '../../replication/plugin/audit.ts';
import { until } from '../support/until.ts';
import {
  AT_ONCE,
  crash,
  followRepairs,
  hide,
  HOUR_MS,
  isPushedOnce,
  leave,
  moveCheckpoint,
  NEVER,
  placeOf,
  reopen,
  rested,
} from './support/audited.ts';
import { edit, inStep, onServer } from './support/devices.ts';
import { FakeServer } from './support/fake-server.ts';
import { change, live } from './support/feed.ts';
import { foreign, isSynced, notes, openClient } from './support/world.ts';

test('what RxDB dropped below its checkpoint reaches the server after all, once, deletes too', async () => {
  const { server, device } = await rested();
  await edit(device, 'a', 'two');
  await device.notes.insert({ id: 'new', title: 'one' });
  await device.notes.findOne('b').remove();
  await hide(server, device, now());

  const unaudited = await reopen(server, device, { timing: NEVER });
  await inStep(unaudited);
  expect(device.wire.pushed).toHaveLength(3);
  await crash(unaudited);

  const then = await reopen(server, device);
  await until(() => then.reports.length > 0 && device.wire.pushed.length >= 6);
  await inStep(then);
  const stored = await onServer(server);
  expect(stored.get('a')).toMatchObject({ title: 'two' });
  expect(stored.get('new')).toMatchObject({ title: 'one' });
  expect(stored.get('b')).toMatchObject({ _deleted: true });
  expect(then.reports).toEqual([
    { collection: 'notes', reason: 'unsent', ids: expect.arrayContaining(['a', 'b', 'new']) },
  ]);
  expect(device.wire.pushed).toHaveLength(6);
  expect(isPushedOnce(device)).toBe(true);
  for (const id of ['a', 'b', 'new']) expect((await then.read(id))?.rev).toBe(stored.get(id)?.rev);
});

test('a document whose answer RxDB failed to take is judged once and comes to rest', async () => {
  const { server, device } = await rested();
  const handler = device.notes.conflictHandler;
  let throws = 1;
  device.notes.conflictHandler = {
    ...handler,
    resolve: (input, context) => {
      if ((throws -= 1) >= 0) throw new Error('A defect.');
      return handler.resolve(input, context);
    },
  };
  const dropping = await reopen(server, device, { timing: NEVER });
  await inStep(dropping);
  await edit(dropping, 'a', 'two');
  await until(() => throws < 1);
  await moveCheckpoint(device.notes, now());
  await crash(dropping);
  const first = (await onServer(server)).get('a');

  const then = await reopen(server, device);
  await until(async () => (await then.read('a'))?.rev === first?.rev);
  await inStep(then);
  expect((await onServer(server)).get('a')).toEqual(first);
  await until(() => then.reports.length > 0);
  expect(then.reports).toEqual([{ collection: 'notes', reason: 'unsent', ids: ['a'] }]);
  expect(await look(placeOf(then.notes), 'all', then.sync.device())).toMatchObject({ pending: [] });
  expect(then.refused()).toEqual([]);
});

test('what was written before the hour that the clock was set back to is sent, also after a clean end', async () => {
  const { server, device } = await rested();
  await edit(device, 'a', 'two');
  await hide(server, device, now() + HOUR_MS);
  // Nothing but the checkpoint tells of the clock.
  await leave(device.ledger, {});

  const then = await reopen(server, device);
  await until(() => then.reports.length > 0 && device.wire.pushed.length > 3);
  await inStep(then);
  expect((await onServer(server)).get('a')).toMatchObject({ title: 'two' });
  expect(device.wire.pushed).toHaveLength(4);
  // Still ahead: the next session has to look at everything again.
  await then.stop();
  expect(await device.ledger.lastRun()).toMatchObject({ endedCleanly: false });
});

test('what is touched lies past a checkpoint that is ahead of the clock, and survives a crash there', async () => {
  const { server, device } = await rested();
  await edit(device, 'a', 'two');
  await hide(server, device, now() + HOUR_MS);
  device.wire.instead = (path) =>
    path === '/api/sync/push' ? { status: 503, body: {} } : undefined;
  const touching = await reopen(server, device);
  await until(() => touching.reports.length > 0);
  await crash(touching);
  device.wire.instead = () => undefined;

  const unaudited = await reopen(server, device, { timing: NEVER });
  await until(async () => (await onServer(server)).get('a')?.['title'] === 'two');
  await inStep(unaudited);
});

test('a clock that stands before the end of the last session makes everything be looked at', async () => {
  const { server, device } = await rested();
  await edit(device, 'a', 'two');
  await hide(server, device, now());
  await leave(device.ledger, { endedCleanly: true, clockMs: Date.now() + HOUR_MS });
  const then = await reopen(server, device);
  await until(() => then.reports.length > 0 && device.wire.pushed.length > 3);
  await inStep(then);
  // What was ahead is looked at and overcome.
  await then.stop();
  const last = await device.ledger.lastRun();
  expect(last?.clockMs).toBeLessThan(Date.now() + 1_000);
});

test('what was received and not noted is updated again, and none of it is sent', async () => {
  const server = new FakeServer([notes]);
  const before = Date.UTC(2025, 0, 1);
  const gone = foreign('gone', 'x', before);
  server.write('notes', foreign('good', 'old', before), foreign('other', 'old', before), {
    ...gone,
    _deleted: true,
    clk: { ...gone.clk, '-': gone.clk?.['*'] ?? '' },
  });
  // Killed between the documents and RxDB's notes of them.
  server.fate = () => 'lose request';
  const killed = await openClient(server, { timing: NEVER });
  await killed.notes.storageInstance.bulkWrite(
    [...server.documents.values()].map((document) => ({ document: asStored(document) })),
    'replication-downstream-cut-off',
  );
  await moveCheckpoint(killed.notes, now());
  await crash(killed);

  server.fate = () => 'go';
  const { database, ledger } = killed;
  const frozen = await openClient(server, { database, ledger, timing: NEVER });
  await live(server, frozen);
  change(server, 'good', 'new');
  server.write('notes', { ...server.stored('notes', 'other'), id: 'other', ...deleted(server) });
  await frozen.notes.insert({ id: 'mine', title: 'x' });
  await until(() => isSynced(frozen) && server.rows.length === 1);
  expect(await frozen.read('good')).toMatchObject({ title: 'old' });
  await crash(frozen);

  const reports = await followRepairs(ledger);
  const then = await openClient(server, { database, ledger, timing: AT_ONCE });
  await until(async () => (await then.read('good'))?.['title'] === 'new');
  await until(async () => (await then.read('other'))?._deleted === true);
  await until(() => reports().length > 0);
  expect(reports()).toEqual([
    {
      collection: 'notes',
      reason: 'frozen',
      ids: expect.arrayContaining(['good', 'other', 'gone']),
    },
  ]);
  expect(server.rows.map(({ doc }) => doc['id'])).toEqual(['mine']);
  await until(async () => (await then.ledger.lastRun())?.again.length === 0);
  await until(() => isSynced(then));
});

const asStored = (document: WireDocument) =>
  ({
    ...document,
    _deleted: document._deleted === true,
    _attachments: {},
    _meta: { lwt: 1 },
    _rev: '1-x',
  }) as never;

const deleted = (server: FakeServer) => ({
  _deleted: true,
  clk: { ...server.stored('notes', 'other')?.clk, '-': foreign('x', 'x').clk?.['*'] ?? '' },
});

test('what is to be received again is kept in mind over a crash', async () => {
  const server = new FakeServer([notes]);
  server.write('notes', foreign('a', 'x'));
  const first = await openClient(server, { timing: NEVER });
  await until(async () => (await first.read('a')) !== undefined && isSynced(first));
  await first.sync.stop();
  await leave(first.ledger, { again: ['notes'] });
  const asked = server.count('/api/sync/pull');
  const { database, ledger } = first;
  await openClient(server, { database, ledger, timing: AT_ONCE });
  await until(async () => (await ledger.lastRun())?.again.length === 0);
  const pulls = server.requests.filter(({ path }) => path === '/api/sync/pull').slice(asked);
  const fromStart = pulls.filter(({ body }) => JSON.stringify(body).includes('"notes":null'));
  expect(fromStart).toHaveLength(1);
});
