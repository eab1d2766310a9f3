// Every way in which RxDB lets a program write: each leaves exactly the stamps of what it changed.

import { addRxPlugin, type RxDocument } from 'rxdb';
import { RxDBUpdatePlugin } from 'rxdb/plugins/update';
import { expect, test } from 'vitest';
import { deviceOf } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { foreign, isSynced, notes, openClient, type Client, type Notes } from './support/world.ts';

addRxPlugin(RxDBUpdatePlugin);

type Write = (local: Notes, found: RxDocument<Record<string, unknown>>) => Promise<unknown>;
const whole = { id: 'a', title: 'two', body: 'b' };
const set = { $set: { title: 'two' } };
const EDITS: Readonly<Record<string, Write>> = {
  upsert: (local) => local.upsert(whole),
  bulkUpsert: (local) => local.bulkUpsert([whole]),
  incrementalUpsert: (local) => local.incrementalUpsert(whole),
  patch: (_local, found) => found.patch({ title: 'two' }),
  incrementalPatch: (_local, found) => found.incrementalPatch({ title: 'two' }),
  modify: (_local, found) => found.modify((draft) => ({ ...draft, title: 'two' })),
  incrementalModify: (_local, found) =>
    found.incrementalModify((draft) => ({ ...draft, title: 'two' })),
  update: (_local, found) => found.update(set),
  incrementalUpdate: (_local, found) => found.incrementalUpdate(set),
  'find().patch': (local) => local.find().patch({ title: 'two' }),
  'find().modify': (local) => local.find().modify((draft) => ({ ...draft, title: 'two' })),
  'find().update': (local) => local.find().update(set),
  'findOne().incrementalPatch': (local) => local.findOne('a').incrementalPatch({ title: 'two' }),
  'findOne().incrementalModify': (local) =>
    local.findOne('a').incrementalModify((draft) => ({ ...draft, title: 'two' })),
};
const DELETES: Readonly<Record<string, Write>> = {
  remove: (_local, found) => found.remove(),
  incrementalRemove: (_local, found) => found.incrementalRemove(),
  bulkRemove: (local) => local.bulkRemove(['a']),
  'find().remove': (local) => local.find().remove(),
  'findOne().remove': (local) => local.findOne('a').remove(),
  'findOne().incrementalRemove': (local) => local.findOne('a').incrementalRemove(),
};
const INSERTS: Readonly<Record<string, (local: Notes) => Promise<unknown>>> = {
  insert: (local) => local.insert({ ...whole }),
  insertIfNotExists: (local) => local.insertIfNotExists({ ...whole }),
  bulkInsert: (local) => local.bulkInsert([{ ...whole }]),
  upsert: (local) => local.upsert({ ...whole }),
  bulkUpsert: (local) => local.bulkUpsert([{ ...whole }]),
  incrementalUpsert: (local) => local.incrementalUpsert({ ...whole }),
};

/** A client that has "a" from somebody else, and sends nothing. */
async function withForeign(): Promise<{ readonly client: Client; readonly device: string }> {
  const server = new FakeServer([notes]);
  server.write('notes', { ...foreign('a', 'one'), body: 'b' });
  const client = await openClient(server);
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
  server.fate = () => 'lose request';
  const device = await client.ledger.deviceId('none' as never);
  return { client, device };
}
const clockOf = async (client: Client): Promise<Readonly<Record<string, string>>> => ({
  ...(await client.read('a'))?.clk,
});

test.each(Object.entries(INSERTS))('%s of something new leaves one stamp', async (_name, write) => {
  const server = new FakeServer([notes]);
  server.fate = () => 'lose request';
  const client = await openClient(server);
  await write(client.notes);
  const clk = await clockOf(client);
  expect(Object.keys(clk)).toEqual(['*']);
  expect(deviceOf(clk['*'] ?? '')).toBe(await client.ledger.deviceId('none' as never));
});

test.each(Object.entries(EDITS))('%s stamps what it changes', async (_name, write) => {
  const { client, device } = await withForeign();
  const before = await clockOf(client);
  await write(client.notes, await client.notes.findOne('a').exec(true));
  expect((await client.read('a'))?.['title']).toBe('two');
  const { title = '', ...others } = await clockOf(client);
  expect(others).toEqual(before);
  expect(deviceOf(title)).toBe(device);
  expect(title > (before['*'] ?? 'z')).toBe(true);
});

test.each(Object.entries(DELETES))('%s leaves a stamp of deletion', async (_name, write) => {
  const { client, device } = await withForeign();
  const before = await clockOf(client);
  await write(client.notes, await client.notes.findOne('a').exec(true));
  expect((await client.read('a'))?._deleted).toBe(true);
  const { '-': deleted = '', ...others } = await clockOf(client);
  expect(others).toEqual(before);
  expect(deviceOf(deleted)).toBe(device);
});

test.each(Object.entries(INSERTS))(
  '%s of an id whose delete is final is refused, and says what to do',
  async (_name, write) => {
    const server = new FakeServer([notes]);
    const client = await openClient(server);
    await client.notes.insert({ id: 'a', title: 'one' });
    await until(() => isSynced(client));
    await client.notes.findOne('a').remove();
    await until(() => server.stored('notes', 'a')?._deleted === true && isSynced(client));
    const before = await client.read('a');
    await expect(write(client.notes)).rejects.toThrow(
      'The note "a" was deleted, and that is final. Add a new one with another id.',
    );
    expect(await client.read('a')).toEqual(before);
    await client.notes.insert({ id: 'b', title: 'another' });
    await until(() => server.stored('notes', 'b') !== undefined);
  },
);

test('a bulk insert asks once which of its ids were deleted', async () => {
  const server = new FakeServer([notes]);
  server.fate = () => 'lose request';
  const client = await openClient(server);
  const { storageInstance } = client.notes;
  const find = storageInstance.findDocumentsById.bind(storageInstance);
  const asked: number[] = [];
  storageInstance.findDocumentsById = (ids, withDeleted) => {
    if (ids.includes('n499')) asked.push(ids.length);
    return find(ids, withDeleted);
  };
  const rows = Array.from({ length: 500 }, (_, index) => ({ id: `n${index}`, title: 'x' }));
  await client.notes.bulkInsert(rows);
  expect(asked[0]).toBe(500);
});
