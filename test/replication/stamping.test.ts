import { expect, test } from 'vitest';
import { createStampClock, isStamp, makeNode, type DeviceId } from '../../replication/index.ts';
import { stampSave } from '../../replication/plugin/stamping.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { foreign, isSynced, notes, openClient, type Client } from './support/world.ts';

/** A client that stays by itself. */
const alone = (): Promise<Client> => {
  const server = new FakeServer([notes]);
  server.fate = () => 'lose request';
  return openClient(server, { user: 'u1' });
};
const clockOf = async (client: Client): Promise<Record<string, string>> => ({
  ...(await client.read('a'))?.clk,
});
const insert = (client: Client) => client.notes.insert({ id: 'a', title: 'one', body: 'b' });

test('an insert has one stamp and the fields of the envelope, whatever the program wrote', async () => {
  const client = await alone();
  await client.notes.insert({
    id: 'a',
    title: 'one',
    rev: 7,
    createdBy: 'forged',
    clk: { title: 'x' },
  });
  const stored = await client.read('a');
  expect(Object.keys(stored?.clk ?? {})).toEqual(['*']);
  expect(isStamp(stored?.clk?.['*'])).toBe(true);
  expect(stored).toMatchObject({ rev: 0, createdBy: 'u1', updatedBy: 'u1' });
  expect(stored?.createdAt).toBe(stored?.updatedAt);
});

test('an edit stamps the fields that changed with one later stamp, and no others', async () => {
  const client = await alone();
  const inserted = await insert(client);
  const before = await clockOf(client);
  await inserted.incrementalPatch({ title: 'two', body: 'b' });
  const after = await clockOf(client);
  expect(Object.keys(after).toSorted()).toEqual(['*', 'title']);
  expect((after['title'] ?? '') > (before['*'] ?? 'z')).toBe(true);
});

test('an upsert keeps the reserved fields and stamps only what it changed', async () => {
  const client = await alone();
  await insert(client);
  const before = await client.read('a');
  await client.notes.upsert({ id: 'a', title: 'two', body: 'b' });
  const after = await client.read('a');
  expect(Object.keys(after?.clk ?? {}).toSorted()).toEqual(['*', 'title']);
  expect(after).toMatchObject({
    createdAt: before?.createdAt,
    createdBy: 'u1',
    clk: { '*': before?.clk?.['*'] },
  });
});

test('several edits that RxDB joins into one write are all stamped', async () => {
  const client = await alone();
  const inserted = await insert(client);
  await Promise.all([
    inserted.incrementalPatch({ title: 'two' }),
    inserted.incrementalPatch({ body: 'c' }),
    inserted.incrementalRemove(),
  ]);
  expect(Object.keys(await clockOf(client)).toSorted()).toEqual(['*', '-', 'body', 'title']);
});

test('every way of removing leaves one stamp of deletion', async () => {
  for (const remove of [
    (client: Client) => client.notes.findOne('a').remove(),
    (client: Client) => client.notes.bulkRemove(['a']),
    (client: Client) =>
      client.notes
        .findOne('a')
        .exec()
        .then((found) => found?.incrementalRemove()),
    (client: Client) =>
      client.notes
        .findOne('a')
        .exec()
        .then((found) => found?.incrementalPatch({ _deleted: true })),
  ]) {
    const client = await alone();
    await insert(client);
    await remove(client);
    expect((await client.read('a'))?._deleted).toBe(true);
    expect(Object.keys(await clockOf(client)).toSorted()).toEqual(['*', '-']);
  }
});

test('what a program writes into reserved fields is ignored', async () => {
  const client = await alone();
  const inserted = await insert(client);
  const before = await client.read('a');
  await inserted.incrementalPatch({
    rev: 99,
    clk: { '*': 'x' },
    createdBy: 'forged',
    title: 'two',
  });
  expect(await client.read('a')).toMatchObject({
    rev: 0,
    createdBy: 'u1',
    clk: { '*': before?.clk?.['*'] },
  });
});

test('what the server sends keeps the server’s stamps', async () => {
  const server = new FakeServer([notes]);
  server.write('notes', foreign('a', 'theirs'));
  const client = await openClient(server);
  await until(() => isSynced(client));
  await until(async () => (await client.read('a')) !== undefined);
  expect((await client.read('a'))?.clk).toEqual(server.stored('notes', 'a')?.clk);
});

test('stamps follow the server’s time, not the device’s', async () => {
  const server = new FakeServer([notes]);
  server.nowMs = () => Date.UTC(2040, 0, 1);
  const client = await openClient(server);
  await until(() => isSynced(client));
  await insert(client);
  const stamp = (await clockOf(client))['*'] ?? '';
  const timeMs = Number.parseInt(stamp.slice(0, 12), 16);
  expect(Math.abs(timeMs - Date.UTC(2040, 0, 1))).toBeLessThan(60_000);
});

test('a second start on the same database stamps once, with the new node', async () => {
  const server = new FakeServer([notes]);
  server.fate = () => 'lose request';
  const first = await openClient(server);
  await first.sync.stop();
  const second = await openClient(server, { database: first.database });
  const inserted = await insert(second);
  await inserted.incrementalPatch({ title: 'two' });
  const { '*': created = '', title = '' } = await clockOf(second);
  expect(created.slice(-16)).toBe(title.slice(-16));
});

test('a hook that runs twice for one write stamps it once', () => {
  const node = makeNode('1234567890' as DeviceId, 'abcdef');
  const clock = createStampClock(node, () => 1_000);
  const stamper = { clock, node, nowIso: () => '', user: '' };
  const before = { id: 'a', title: 'one', clk: { '*': clock.tick() } };
  const draft: Record<string, unknown> = { ...before, title: 'two' };
  stampSave(notes, draft, before, stamper);
  const once = draft['clk'];
  stampSave(notes, draft, before, stamper);
  expect(draft['clk']).toEqual(once);
});
