// Two clients written from RxDB's HTTP replication page, with no Holdfast code, on a real server
// that is stopped and started again.

import { createRxDatabase, type RxCollection } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterEach, describe, expect, it } from 'vitest';
import { humans } from '../support/humans.ts';
import { startLiveServer } from '../support/live-server.ts';
import { replicateOverHttp } from '../support/stock-client.ts';
import { until } from '../support/until.ts';
import { openTestStore } from '../support/store.ts';

const { properties, primaryKey, required } = humans.schema;
const own = ['passportId', 'firstName', 'lastName', 'age'];
const schema = {
  version: 0,
  type: 'object' as const,
  primaryKey,
  properties: Object.fromEntries(own.map((field) => [field, { ...properties[field] }])),
  required: required.filter((field) => own.includes(field)),
};

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function openHumans(name: string): Promise<RxCollection> {
  const database = await createRxDatabase({
    name,
    storage: getRxStorageMemory(),
    multiInstance: false,
  });
  cleanUps.push(() => database.close());
  const opened = await database.addCollections({ human: { schema } });
  return opened.human;
}

const namesIn = async (collection: RxCollection): Promise<readonly unknown[]> =>
  (await collection.find({ sort: [{ passportId: 'asc' }] }).exec()).map((found) =>
    found.get('firstName'),
  );

describe('clients from the HTTP replication page', () => {
  it('sync both ways, live, also across a restart of the server', async () => {
    // The store stays, as a file would; `close` is the server's business and ends nothing here.
    const store = { ...openTestStore(), close: () => Promise.resolve() };
    let live = await startLiveServer({ collections: [humans], store });
    const port = Number(new URL(live.url).port);
    const key = await live.keyFor('ada');
    const base = `${live.url}/rxdb/human/0`;
    const [desk, phone] = [await openHumans('stock-desk'), await openHumans('stock-phone')];
    for (const client of [
      replicateOverHttp(desk, base, key),
      replicateOverHttp(phone, base, key),
    ]) {
      cleanUps.push(client.stop);
      await client.state.awaitInitialReplication();
    }

    await desk.insert({ passportId: 'a', firstName: 'Ada', lastName: 'L', age: 36 });
    await until(
      async () => (await namesIn(phone)).includes('Ada'),
      'the insert at the other client',
    );
    const found = await phone.findOne('a').exec(true);
    await found.incrementalPatch({ firstName: 'Augusta' });
    await until(async () => (await namesIn(desk)).includes('Augusta'), 'the edit on its way back');

    await live.stop();
    await phone.insert({ passportId: 'b', firstName: 'Grace', lastName: 'H', age: 40 });
    await desk.insert({ passportId: 'c', firstName: 'Mary', lastName: 'S', age: 41 });
    live = await startLiveServer({ collections: [humans], store, port });
    cleanUps.push(live.stop);
    const everyone = ['Augusta', 'Grace', 'Mary'];
    for (const collection of [desk, phone])
      await until(
        async () => JSON.stringify(await namesIn(collection)) === JSON.stringify(everyone),
        'all three after the restart',
      );

    await (await desk.findOne('b').exec(true)).remove();
    await until(async () => !(await namesIn(phone)).includes('Grace'), 'the delete, live again');
    expect(await namesIn(phone)).toEqual(['Augusta', 'Mary']);
  });
});
