// Two tabs of a new version open a database of the old one at once: RxDB lets one of them migrate it.

import { addRxPlugin } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { expect, test } from 'vitest';
import { createMemoryLedger } from '../../replication/index.ts';
import type { Collection } from '../../schemas/index.ts';
import { tasksAfter, tasksBefore } from '../support/changed-schema.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { FakeChannels, FakeLocks } from './support/realm.ts';
import { newName, openClient, type Client } from './support/world.ts';

disableWarnings();
addRxPlugin(RxDBDevModePlugin);

test('two tabs open at once, the database is migrated, and its unsent work is sent once', async () => {
  const server = new FakeServer([tasksAfter]);
  const [locks, channels, ledger, name] = [
    new FakeLocks(),
    new FakeChannels(),
    createMemoryLedger(),
    newName(),
  ];
  const open = (tab: string, collection: Collection): Promise<Client> =>
    openClient(server, {
      name,
      ledger,
      multiInstance: true,
      collections: [collection],
      platform: { locks, openChannel: channels.for(tab) },
    });
  server.fate = () => 'lose request';
  const old = await open('old', tasksBefore);
  await old.collection('tasks').insert({ id: 'new', name: 'made offline', note: '' });
  await old.database.close();
  server.fate = () => 'go';

  const tabs = await Promise.all([open('first', tasksAfter), open('second', tasksAfter)]);
  await until(() => server.stored('tasks', 'new') !== undefined);
  for (const tab of tabs) {
    await until(() => tab.status().state === 'synced');
    expect(await tab.read('new', 'tasks')).toMatchObject({ title: 'made offline' });
  }
  expect(server.rows.map(({ doc }) => doc['title'])).toEqual(['made offline']);
});
