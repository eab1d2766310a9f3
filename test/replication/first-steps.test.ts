// The whole way once, before the corners.

import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { foreign, isSynced, note, notes, openClient } from './support/world.ts';

test('a document travels to the server and comes back with what the server decides', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await client.notes.insert({ id: 'a', title: 'one' });
  await until(() => server.stored('notes', 'a') !== undefined);
  await until(() => isSynced(client));
  expect(await client.read('a')).toMatchObject({
    title: 'one',
    rev: 1,
    updatedBy: 'u1',
    createdBy: 'u1',
  });
  expect(server.rows.length).toBe(1);
});

test('what others write arrives by pull and by stream', async () => {
  const server = new FakeServer([notes]);
  server.write('notes', foreign('a', 'before'));
  const client = await openClient(server);
  await until(async () => (await client.read('a'))?.['title'] === 'before');
  await until(() => server.streams.length === 1);
  server.write('notes', foreign('b', 'live'));
  await until(async () => (await client.read('b'))?.['title'] === 'live');
  expect(server.count('/api/sync/pull')).toBe(1);
  expect(server.rows).toEqual([]);
});

test('a start with twelve collections costs one pull and one stream', async () => {
  const twelve = Array.from({ length: 12 }, (_, index) => note(`notes${index}`));
  const server = new FakeServer(twelve);
  for (const { name } of twelve) server.write(name, foreign('a', name));
  const client = await openClient(server, { collections: twelve });
  for (const { name } of twelve)
    await until(async () => (await client.read('a', name))?.['title'] === name);
  await until(() => server.streams.length === 1 && isSynced(client));
  expect(server.requests.map(({ path }) => path)).toEqual(['/api/sync/pull', '/api/sync/stream']);
});
