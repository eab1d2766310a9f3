// What the start of a client with all twelve collections costs on the wire, counted.

import { createRxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { expect, it } from 'vitest';
import { defaultPlatform, startSync, type SyncState } from '../../replication/index.ts';
import { collections } from '../../schemas/index.ts';
import { startLiveServer } from '../support/live-server.ts';
import { until } from '../support/until.ts';

it('a client with twelve collections starts with one announcement, one pull request and one stream', async () => {
  const live = await startLiveServer();
  const token = await live.keyFor('ada');
  const name = 'start-up';
  const database = await createRxDatabase({
    name,
    storage: getRxStorageMemory(),
    multiInstance: false,
  });
  const asked: string[] = [];
  const platform = defaultPlatform();
  const sync = await startSync({
    database,
    collections: Object.values(collections),
    url: live.url,
    token,
    platform: {
      fetch: (url, request) => {
        asked.push(`${request.method} ${new URL(url).pathname}`);
        return platform.fetch(url, request);
      },
    },
  });
  let state: SyncState = 'starting';
  sync.status$.subscribe((status) => {
    ({ state } = status);
  });
  await until(() => state === 'synced' && asked.length >= 3, 'the client to be in step');
  // A change of somebody else comes by the stream, so it stands; and it costs no request more.
  await live.server.core.ingest(
    (await live.server.core.accounts.commander('ada@example.org', 'Test')) ?? expect.unreachable(),
    'expenses',
    [
      {
        id: 'e1',
        fields: {
          category: 'rent',
          amountMinor: 5,
          spentAt: '2026-01-01T00:00:00.000Z',
          note: '',
        },
      },
    ],
  );
  await until(
    async () => (await database.collections['expenses']?.findOne('e1').exec()) !== null,
    'the expense to arrive',
  );
  expect(asked.toSorted()).toEqual([
    'GET /api/sync/stream',
    'POST /api/sync/device',
    'POST /api/sync/pull',
  ]);
  await sync.stop();
  await database.close();
  await live.stop();
});
