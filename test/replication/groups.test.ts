// Writes that belong together: all of them or none, here and on the server, whatever is cut off.
// Real RxDB clients, a real server.

import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import type { Activity, GroupWrite, PushRow } from '../../replication/index.ts';
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
  type Device,
} from './support/devices.ts';
import { startRestorable, type Restorable } from './support/restorable.ts';
import { isSynced, notes } from './support/world.ts';

const add = (id: string, title = id): GroupWrite => ({
  collection: 'notes',
  insert: { id, title },
});
const part = (id: string, parent: string): GroupWrite => ({
  collection: 'parts',
  insert: { id, title: id, parent },
});
const retitle = (id: string, title: string): GroupWrite => ({
  collection: 'notes',
  id,
  update: { title },
});
/** The server refuses what refers to nothing. */
const bad = (id: string): GroupWrite => part(id, 'nowhere');

const start = async (): Promise<{ server: Restorable; ada: Device }> => {
  const server = await startRestorable([notes, parts]);
  return { server, ada: await openDevice(server, 'ada') };
};
const partsOf = async (device: Device): Promise<string[]> =>
  (await device.collection('parts').find().exec()).map(({ primary }) => primary);
const grouped = (rows: readonly PushRow[]): readonly string[] =>
  rows.filter(({ group }) => group !== undefined).map(({ doc }) => String(doc['id']));
const tellsOfWaiting = ({ message }: Activity): boolean => message.includes('has to wait');
const isQuiet = (device: Device): boolean => device.status().pending === 0;

test('a group reaches the server in one commit, and other devices at once', async () => {
  const { server, ada } = await start();
  const bob = await openDevice(server, 'bob');
  await inStep(ada, bob);
  await ada.sync.atomic('A note with two parts', [add('n'), part('p', 'n'), part('q', 'n')]);
  expect(await has(ada, 'n', 'n')).toBe(true);
  await until(async () => (await bob.read('q', 'parts')) !== undefined);
  await inStep(ada, bob);
  const revs = [await bob.read('n'), await bob.read('p', 'parts'), await bob.read('q', 'parts')];
  expect(new Set(revs.map((document) => document?.rev)).size).toBe(1);
  expect(grouped(ada.wire.pushed)).toEqual(['n', 'p', 'q']);
  expect(await ada.ledger.groups()).toEqual([]);
  expect(await ada.read('n')).toMatchObject({ rev: revs[0]?.rev, updatedBy: revs[0]?.updatedBy });
});

test('one bad member takes the whole group back, on this device too, with its reason', async () => {
  const { server, ada } = await start();
  await ada.notes.insert({ id: 'there', title: 'before' });
  await inStep(ada);
  await ada.sync.atomic('Two at once', [retitle('there', 'after'), bad('p')]);
  await until(() => ada.refused().length === 2 && isQuiet(ada));
  expect(await liveOnServer(server)).toEqual(['there']);
  await until(async () => (await idsOf(ada)).join() === 'there');
  expect(await has(ada, 'there', 'before')).toBe(true);
  await until(async () => (await partsOf(ada)).length === 0);
  const [first, second] = ada.refused();
  expect(first?.group?.label).toBe('Two at once');
  expect(first?.group?.id).toBe(second?.group?.id);
  expect(ada.status().refused).toBe(1);
  const kept = ada.refused().find(({ id }) => id === 'there');
  expect(kept).toMatchObject({ changed: ['title'], doc: { title: 'after' } });
});

test('what a member had unsent before is judged by itself', async () => {
  const { server, ada } = await start();
  await inStep(ada);
  ada.wire.isOnline = false;
  await ada.notes.insert({ id: 'early', title: 'alone' });
  await ada.sync.atomic('Bad company', [retitle('early', 'in the group'), bad('p')]);
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(() => ada.refused().length === 2 && isQuiet(ada));
  expect(await liveOnServer(server)).toEqual(['early']);
  await until(() => has(ada, 'early', 'alone'));
  expect((await onServer(server)).get('early')).toMatchObject({ title: 'alone' });
});

test('a later write to a member joins a group that no request has carried', async () => {
  const { server, ada } = await start();
  await inStep(ada);
  ada.wire.isOnline = false;
  await ada.sync.atomic('A pair', [add('a'), add('b')]);
  await edit(ada, 'a', 'changed');
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(() => isSynced(ada));
  expect(grouped(ada.wire.pushed)).toEqual(['a', 'b']);
  // The row that RxDB had handed over before the change says nothing that the group has not said.
  const alone = ada.wire.pushed.filter(({ group }) => group === undefined);
  expect(alone.length).toBeLessThan(2);
  expect((await onServer(server)).get('a')).toMatchObject({ title: 'changed' });
  expect(ada.refused()).toEqual([]);
});

test('a group that is under way is repeated unchanged, and a later write is judged by itself', async () => {
  const { server, ada } = await start();
  await inStep(ada);
  let cuts = 0;
  ada.wire.beforeAnswer = async (path) => {
    if (path !== '/api/sync/push' || cuts > 0) return;
    cuts += 1;
    // The server has it; the answer is lost, and meanwhile somebody goes on.
    await edit(ada, 'a', 'later');
    throw new TypeError('cut');
  };
  await ada.sync.atomic('A pair', [add('a'), add('b')]);
  await until(() => cuts === 1 && isSynced(ada));
  const sent = ada.wire.pushed.filter(({ group }) => group !== undefined);
  expect(sent.slice(2, 4)).toEqual(sent.slice(0, 2));
  expect(sent.length).toBe(4);
  expect((await onServer(server)).get('a')).toMatchObject({ title: 'later' });
  expect(ada.refused()).toEqual([]);
});

test('groups over the same document go one after the other; a refused one spares the next', async () => {
  const { server, ada } = await start();
  await ada.notes.insert({ id: 'a', title: 'start', body: 'start' });
  await inStep(ada);
  ada.wire.isOnline = false;
  await ada.sync.atomic('Bad', [retitle('a', 'first'), bad('p')]);
  await ada.sync.atomic('Good', [
    { collection: 'notes', id: 'a', update: { body: 'second' } },
    add('m'),
  ]);
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(() => ada.refused().length === 2 && isQuiet(ada));
  expect((await onServer(server)).get('a')).toMatchObject({ title: 'start', body: 'second' });
  await until(async () => {
    const { title, body } = (await ada.read('a')) ?? {};
    return title === 'start' && body === 'second';
  });
  expect(await liveOnServer(server)).toEqual(['a', 'm']);
});

test('a group goes after what it refers to, though that was written alone', async () => {
  const { server, ada } = await start();
  await inStep(ada);
  ada.wire.isOnline = false;
  await ada.notes.bulkInsert(
    Array.from({ length: 1_200 }, (_, index) => ({ id: `n${index}`, title: 'x' })),
  );
  await ada.sync.atomic('Parts of the last', [part('p', 'n1199'), part('q', 'n0')]);
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await until(() => isQuiet(ada) && isSynced(ada));
  expect(ada.refused()).toEqual([]);
  expect((await liveOnServer(server)).length).toBe(1_200);
  expect(await ada.read('p', 'parts')).toMatchObject({ _deleted: false });
});

test.each([
  ['after its record, before its documents', 'record'],
  ['after its documents, before it is sent', 'documents'],
  ['after the server has it, before the verdict is stored', 'sent'],
])('a crash %s leaves all of it or none', async (_, where) => {
  const { server, ada } = await start();
  await ada.notes.insert({ id: 'there', title: 'before' });
  await inStep(ada);
  if (where !== 'sent') ada.wire.isOnline = false;
  else ada.wire.beforeAnswer = (path) => (path === '/api/sync/push' ? ada.stop() : undefined);
  if (where === 'record') {
    const put = ada.ledger.putGroup.bind(ada.ledger);
    // The page ends with the record stored, and nothing that comes after it.
    const ended = new Promise<void>((resolve) => {
      ada.ledger.putGroup = async (group) => {
        await put(group);
        resolve();
        return new Promise<never>(() => undefined);
      };
    });
    void ada.sync.atomic('A pair', [retitle('there', 'after'), add('n')]);
    await ended;
    ada.ledger.putGroup = put;
    expect(await idsOf(ada)).toEqual(['there']);
  } else await ada.sync.atomic('A pair', [retitle('there', 'after'), add('n')]);
  await ada.stop();
  ada.wire.isOnline = true;
  ada.wire.beforeAnswer = () => {};
  const next = await again(server, ada, 'ada');
  await until(() => isSynced(next) && isQuiet(next));
  await until(async () => (await next.ledger.groups()).length === 0);
  expect(await liveOnServer(server)).toEqual(['n', 'there']);
  expect((await onServer(server)).get('there')).toMatchObject({ title: 'after' });
  expect(await has(next, 'there', 'after')).toBe(true);
  expect(await idsOf(next)).toEqual(['n', 'there']);
});

test('a program that does not open a collection of an unsent group is told at once', async () => {
  const { server, ada } = await start();
  await inStep(ada);
  ada.wire.isOnline = false;
  await ada.sync.atomic('A note and its part', [add('n'), part('p', 'n')]);
  await ada.stop();
  const { database, wire, ledger } = ada;
  const fewer = { database, wire, ledger, collections: [notes] };
  await expect(openDevice(server, 'ada', fewer)).rejects.toThrow('"parts": open that collection');
  wire.isOnline = true;
  const all = await again(server, ada, 'ada');
  await until(() => isSynced(all) && isQuiet(all));
  expect(await liveOnServer(server)).toEqual(['n']);
});

test('a group of a tab that opens more than the one that leads waits at rest, with those after it', async () => {
  const server = await startRestorable([notes, parts]);
  const less = await openDevice(server, 'ada', { collections: [notes] });
  await inStep(less);
  const group = { id: 'g', createdAtMs: 0, schema: {} };
  const member = (collection: string, id: string) => ({ collection, id, doc: { id, title: id } });
  await less.ledger.putGroup({
    ...group,
    label: 'A note and its part',
    members: [member('notes', 'n'), member('parts', 'p')],
  });
  await less.ledger.putGroup({
    ...group,
    id: 'h',
    label: 'The note again',
    members: [member('notes', 'n')],
  });
  await less.notes.insert({ id: 'alone', title: 'alone' });
  await until(async () => (await liveOnServer(server)).join() === 'alone');
  await until(() => less.status().pushing === 'idle');
  const told = async (): Promise<number> =>
    (await firstValueFrom(less.sync.activity$)).filter(tellsOfWaiting).length;
  await until(async () => (await told()) === 2);
  expect(grouped(less.wire.pushed)).toEqual([]);
  await less.notes.insert({ id: 'later', title: 'later' });
  await until(async () => (await liveOnServer(server)).join() === 'alone,later');
});

test('what can’t be made is said at once, and changes nothing', async () => {
  const { ada } = await start();
  await ada.notes.insert({ id: 'a', title: 'a' });
  const attempts: (readonly [readonly GroupWrite[], string])[] = [
    [[], 'nothing to write'],
    [[add('n'), retitle('nobody', 'x')], 'There is no note "nobody"'],
    [[add('n'), add('a')], 'There is a note "a" already'],
    [[retitle('a', 'x'), retitle('a', 'y')], 'only once'],
    [[add('n'), { collection: 'nowhere', id: 'x', remove: true }], '"nowhere" is not open'],
    [[retitle('a', 'a')], 'None of these writes changes anything'],
  ];
  for (const [writes, said] of attempts)
    await expect(ada.sync.atomic('A try', writes)).rejects.toThrow(said);
  // The storage of this test checks documents, as that of a program may.
  await expect(ada.sync.atomic('Too long', [add('n', 'x'.repeat(201))])).rejects.toThrow('n');
  expect(await idsOf(ada)).toEqual(['a']);
  expect(await ada.ledger.groups()).toEqual([]);
});
