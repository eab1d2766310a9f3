// `sent()`, for who opens a database only to empty its outbox.

import { addRxPlugin } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { expect, test } from 'vitest';
import { createMemoryLedger } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { FakeChannels, FakeLocks } from './support/realm.ts';
import { isSynced, newName, notes, openClient } from './support/world.ts';

disableWarnings();
addRxPlugin(RxDBDevModePlugin);

const COUNT = 40;

test('what an earlier tab has left unsent is with the server when a later one says so', async () => {
  const server = new FakeServer([notes]);
  const [locks, channels] = [new FakeLocks(), new FakeChannels()];
  const shared = { name: newName(), multiInstance: true, ledger: createMemoryLedger() };
  const open = (tab: string) =>
    openClient(server, { ...shared, platform: { locks, openChannel: channels.for(tab) } });
  const first = await open('first');
  await until(() => isSynced(first));
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  for (let at = 0; at < COUNT; at += 1)
    await first.notes.insert({ id: `note-${at}`, title: 'left behind' });
  const second = await open('second');
  let isSent = false;
  const sent = second.sync.sent().then(() => {
    isSent = true;
  });
  await until(() => second.status().state === 'unreachable');
  expect(isSent).toBe(false);
  await first.sync.stop();
  await until(() => second.status().leader && second.status().state === 'unreachable');
  expect(isSent).toBe(false);
  server.fate = () => 'go';
  await sent;
  for (let at = 0; at < COUNT; at += 1)
    expect(server.stored('notes', `note-${at}`)).toMatchObject({ title: 'left behind' });
});

test('who leads and has nothing unsent says so without sending anything, also at the end', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server, {});
  await client.sync.sent();
  await client.sync.stop();
  await client.sync.sent();
  expect(server.count('/api/sync/push')).toBe(0);
});
