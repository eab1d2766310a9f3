// A stock client without stamps beside a Holdfast client: whatever either wrote while apart stands in
// the document or in its author's inbox.

import { createRxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { expect, it } from 'vitest';
import { defaultPlatform } from '../../replication/plugin/default-platform.ts';
import { collections } from '../../schemas/index.ts';
import { startLiveServer } from '../support/live-server.ts';
import { replicateOverHttp } from '../support/stock-client.ts';
import { pin } from '../support/documents.ts';
import { until } from '../support/until.ts';
import { atEnd, isSynced, openClient } from '../replication/support/world.ts';

const { conflicts, pins } = collections;
const own = [pins.primaryKey, ...pins.ownFields];
const schema = {
  version: 0,
  type: 'object' as const,
  primaryKey: pins.primaryKey,
  properties: Object.fromEntries(own.map((field) => [field, { ...pins.schema.properties[field] }])),
  required: [...pins.ownRequired],
};

it('changes of both meet by the rule of the collection, and nothing is lost', async () => {
  const live = await startLiveServer({ collections: Object.values(collections) });
  atEnd(live.stop);
  const base = `${live.url}/rxdb/pins/0`;
  const [adasKey, beasKey] = [await live.keyFor('ada'), await live.keyFor('bea')];
  let isOnline = true;
  const platform = defaultPlatform();
  const ada = await openClient(
    {
      fetch: (...request) =>
        isOnline ? platform.fetch(...request) : Promise.reject(new Error('cut')),
    },
    { url: live.url, token: adasKey, collections: [pins, conflicts] },
  );
  const database = await createRxDatabase({ name: 'beside', storage: getRxStorageMemory() });
  atEnd(() => database.close());
  const { pins: stock } = await database.addCollections({ pins: { schema } });
  let client = replicateOverHttp(stock, base, beasKey);
  await ada.collection('pins').insert({ ...pin });
  await until(async () => (await stock.findOne('p1').exec()) !== null, 'the pin at both');
  await until(() => isSynced(ada), 'the first rest');

  isOnline = false;
  await client.stop();
  await (
    await ada.collection('pins').findOne('p1').exec(true)
  ).incrementalPatch({
    title: 'North gate',
    notes: 'Locked',
  });
  await (
    await stock.findOne('p1').exec(true)
  ).incrementalPatch({
    title: 'Gate 1',
    status: 'done',
  });
  isOnline = true;
  ada.sync.syncNow();
  await until(() => isSynced(ada), 'what Ada wrote on the server');
  client = replicateOverHttp(stock, base, beasKey);
  atEnd(() => client.stop());

  const both = { title: 'Gate 1', status: 'done', notes: 'Locked' };
  await until(async () => (await ada.read('p1', 'pins'))?.['title'] === 'Gate 1', 'it at Ada’s');
  await until(async () => (await stock.findOne('p1').exec())?.get('notes') === 'Locked');
  expect(await ada.read('p1', 'pins')).toMatchObject(both);
  expect((await stock.findOne('p1').exec())?.toJSON()).toMatchObject(both);
  const lost = await until(() => ada.collection('conflicts').findOne().exec(), 'the entry');
  expect(lost.toJSON()).toMatchObject({
    state: 'information',
    reason: 'overwritten',
    mine: { title: 'North gate' },
    theirs: { title: 'Gate 1' },
  });
});
