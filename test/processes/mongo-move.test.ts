// Moves between a data folder and a MongoDB, and a MongoDB that was put back from an earlier copy.

import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHoldfast } from '../support/holdfast-process.ts';
import { startMongo, type TestMongo } from '../support/mongo.ts';
import {
  importAirports,
  moveBetweenVisits,
  openClient,
  pinOf,
  pinsOn,
  portOf,
  type Ends,
} from '../support/move.ts';
import { makeDataFolder, type DataFolder } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const ends: Ends = [];
let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
  await mongo.stop();
});
const makePlace = (name?: string): DataFolder => {
  const place = makeDataFolder(undefined, name === undefined ? undefined : mongo.urlOf(name));
  ends.push(() => place.remove());
  return place;
};
const clientOf = (name: string): MongoClient => {
  const client = new MongoClient(mongo.urlOf(name));
  ends.push(() => client.close());
  return client;
};

it(
  'a client goes on from its checkpoint after a move from a folder to MongoDB, and back',
  { timeout: 120_000 },
  async () => {
    const [old, next, back] = [makePlace(), makePlace('moved'), makePlace()];
    await moveBetweenVisits(ends, old, next);
    const file = join(old.path, 'back.jsonl');
    await next.command('export', '--all', file);
    await back.command('import', '--all', file);
    expect(await back.command('verify', '--against', file)).toContain('The same is in');
    const { err } = await next.run('import', '--all', file);
    expect(err).toContain('There are data in the database already. Name another one in --mongo');
  },
);

it(
  'an import into MongoDB that is killed keeps servers off until the next one, which works',
  { timeout: 120_000 },
  async () => {
    const [old, next] = [makePlace(), makePlace('killed')];
    await old.prepare();
    await importAirports(old);
    const file = join(old.path, 'everything.jsonl');
    await old.command('export', '--all', file);
    const documents = clientOf('killed').db().collection('documents');
    const url = mongo.urlOf('killed');
    const running = startHoldfast(['import', '--all', file, '--mongo', url]);
    await until(async () => (await documents.estimatedDocumentCount()) > 0, 'the first batch');
    running.child.kill('SIGKILL');
    await running.ended;
    expect((await next.run('serve', '--port', '0')).err).toContain('run "import --all" again');
    await next.command('import', '--all', file);
    expect(await next.command('verify', '--against', file)).toContain('The same is in');
  },
);

it(
  'a client that was ahead of a MongoDB that was put back learns of it and sends what it lacks',
  { timeout: 120_000 },
  async () => {
    const place = makePlace('restored');
    const key = await place.prepare();
    let server = await place.serve();
    const { url } = server;
    const client = await openClient(ends, url, key);
    await client.local.insert(pinOf('early'));
    await until(client.isSynced, 'the first push');
    const database = clientOf('restored').db();
    const copy = new Map<string, Record<string, unknown>[]>();
    for (const { name } of await database.listCollections().toArray())
      copy.set(name, await database.collection(name).find().toArray());
    await client.local.insert(pinOf('late'));
    await until(
      async () => client.isSynced() && (await pinsOn(url, key)).has('late'),
      'the second',
    );
    await server.kill('SIGTERM');

    for (const [name, rows] of copy) {
      await database.collection(name).deleteMany({});
      if (rows.length > 0) await database.collection(name).insertMany(rows);
    }
    // The copy has the signs of life of a server that is none any more.
    expect(copy.get('processes')).toHaveLength(1);
    expect(await place.command('restored')).toContain('Devices that were ahead');
    server = await place.serve(portOf(url));
    const reasons = (): readonly string[] =>
      client.statuses.flatMap(({ resync }) => (resync === undefined ? [] : [resync.reason]));
    await until(() => client.isSynced() && reasons().length > 0, 'the client to know', 60_000);
    expect([...(await pinsOn(url, key)).keys()].toSorted()).toEqual(['early', 'late']);
    expect(new Set(reasons())).toEqual(new Set(['epoch']));
    await server.kill('SIGTERM');
  },
);
