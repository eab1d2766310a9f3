// Two servers on one MongoDB, under load, while servers and database are killed and MongoDB fails on
// the way. What happens next, and after how many answers, is the seed's choice. Full size:
// HOLDFAST_SERVER_KILLS=40 HOLDFAST_DATABASE_KILLS=5.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MongoClient } from 'mongodb';
import { collections, seededRandom } from '../../schemas/index.ts';
import type { PullResponse, WireDocument } from '../../replication/index.ts';
import { productBody, Reader, Writer, type Given } from '../support/crowd.ts';
import { makeDevice } from '../support/device.ts';
import { readEvents } from '../support/event-reader.ts';
import { call } from '../support/live-server.ts';
import { startMongo, type Failure, type TestMongo } from '../support/mongo.ts';
import { SEED } from '../support/seed.ts';
import { startTwoServers, type TwoServers } from '../support/two-servers.ts';
import { until } from '../support/until.ts';

const SERVER_KILLS = Number(process.env['HOLDFAST_SERVER_KILLS'] ?? 10);
const DATABASE_KILLS = Number(process.env['HOLDFAST_DATABASE_KILLS'] ?? 2);
/** How often each of these happens, and to how many commands: most commits only read. */
const FAILURES_EACH = Math.ceil(SERVER_KILLS / 10);
const COMMANDS = 20;
const FAILURES: Readonly<Record<string, Failure>> = {
  'a write conflict': { failCommands: ['findAndModify'], errorCode: 112 },
  'an unknown commit result': {
    failCommands: ['commitTransaction'],
    errorCode: 91,
    errorLabels: ['UnknownTransactionCommitResult', 'RetryableWriteError'],
  },
  'a closed connection': { failCommands: ['update', 'insert'], closeConnection: true },
  'a lost primary': { failCommands: ['find'], errorCode: 10_107 },
};
const EACH = 4;

let mongo: TestMongo;
let servers: TwoServers;
beforeAll(async () => {
  mongo = await startMongo();
});
afterEach(() => servers.stop());
afterAll(() => mongo.stop());

const ready = (url: string): Promise<number> => fetch(`${url}/readyz`).then(({ status }) => status);
const readiness = (): Promise<number[]> => Promise.all(servers.urls.map(ready));
const bothAre = (status: number): Promise<unknown> =>
  until(
    async () => (await readiness()).every((one) => one === status),
    `both servers to answer ${status}`,
    90_000,
  );

async function everything(): Promise<readonly WireDocument[]> {
  const names = ['pins', 'movements', 'products'];
  const asked = Object.fromEntries(names.map((name) => [name, null]));
  const body = { collections: asked, limit: 5_000 };
  const answer = await call(servers.urls[0], servers.key, '/api/sync/pull', body);
  const { collections: pages } = answer.json() as unknown as PullResponse;
  expect(Object.values(pages).some(({ more }) => more)).toBe(false);
  return Object.values(pages).flatMap(({ documents }) => documents);
}

describe.skipIf(process.env['HOLDFAST_MONGO_URL'] !== undefined)('a MongoDB of its own', () => {
  it(
    'that is killed: both servers say so, answer 503, and go on by themselves when it is back',
    { timeout: 300_000 },
    async () => {
      servers = await startTwoServers(mongo, 'lost');
      const [one, other] = servers.urls;
      const device = makeDevice('aaaaaaaaaa');
      const push = (url: string, id: string) => {
        const position = { lat: 0, lng: 0 };
        const pin = { id, title: id, position, kind: 'site', status: 'open', notes: '' };
        const rows = [device.row(collections.pins, device.make(collections.pins, pin))];
        const body = { device: device.id, schema: { pins: 0 }, rows };
        return call(url, servers.key, '/api/sync/push', body);
      };
      const headers = { Authorization: `Bearer ${servers.key}` };
      const open = () => readEvents(`${other}/api/sync/stream?collections=pins`, headers);
      let stream = await open();
      const has = (id: string) => () => stream.events.some(({ data }) => data.includes(id));
      expect((await push(one, 'before')).status).toBe(200);
      await until(has('before'), 'what was pushed to one server at the other');

      await mongo.kill();
      await bothAre(503);
      for (const url of servers.urls) {
        for (const answer of [await push(url, 'lost'), await call(url, servers.key, '/readyz')]) {
          expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '5']);
          expect(answer.json()['code']).toBe('unavailable');
        }
        expect((await fetch(`${url}/healthz`)).status).toBe(200);
      }

      await mongo.restart();
      await bothAre(200);
      expect((await push(one, 'after')).status).toBe(200);
      // Streams may have ended meanwhile; readers then come again.
      if (stream.ended()) stream = await open();
      await until(has('after'), 'what was pushed afterwards at the other');
      stream.stop();
    },
  );

  it(
    'with two servers that are killed keeps all that was acknowledged, and shows it in order',
    { timeout: 3_600_000 },
    async () => {
      servers = await startTwoServers(mongo, 'crowd');
      const [one, other] = servers.urls;
      expect((await call(one, servers.key, '/api/sync/push', productBody())).status).toBe(200);
      const places = Array.from({ length: 2 * EACH }, (_, index) => ({
        key: servers.key,
        random: seededRandom(SEED + index),
        urls: index % 2 === 0 ? ([one, other] as const) : ([other, one] as const),
      }));
      const writers = places.map((place, index) => new Writer(index + 1, place));
      const readers = places.map((place) => new Reader(place));
      const problems = (): readonly string[] =>
        [...writers, ...readers].flatMap((client) => client.problems);
      let answers = 0;
      let isOver = false;
      let isRead = false;
      const writing = writers.map((writer) =>
        writer.write(
          () => isOver,
          () => (answers += 1),
        ),
      );
      const reading = readers.map((reader) => reader.read(() => isRead));
      const answered = (count: number): Promise<unknown> => {
        const goal = answers + count;
        return until(() => answers >= goal || problems().length > 0, 'answers', 180_000);
      };

      const happened = await everythingHappens(answered, () => expect(problems()).toEqual([]));
      isOver = true;
      await Promise.all(writing);
      const documents = await everything();
      const last = Math.max(...documents.map(({ rev = 0 }) => rev));
      await until(() => readers.every(({ position }) => position >= last), 'all readers', 60_000);
      isRead = true;
      await Promise.all(reading);

      expect(problems()).toEqual([]);
      const acknowledged = writers.flatMap((writer) => writer.acknowledged);
      await expectHistory(acknowledged, documents);
      for (const reader of readers) expectPrefixes(reader.given, documents);
      // It looks the data through while nobody changes them.
      await servers.stop();
      expect(await servers.command('verify')).toBe('Everything is as it should be.\n');
      const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
      console.log(
        `${answers} pushes of ${acknowledged.length} rows in ${last} commits, ` +
          `${sum(writers.map(({ repeated }) => repeated))} requests sent again, ` +
          `${sum(readers.map(({ broken }) => broken))} streams broken, ` +
          `${JSON.stringify(happened)}, seed ${SEED}`,
      );
      expect(Math.min(...Object.values(happened))).toBeGreaterThan(0);
    },
  );
});

/** Kills and failures in an order of chance; how often each has happened. */
async function everythingHappens(
  answered: (count: number) => Promise<unknown>,
  check: () => void,
): Promise<Readonly<Record<string, number>>> {
  const random = seededRandom(SEED);
  const happened: Record<string, number> = {};
  const count = (name: string, times = 1): void =>
    void (happened[name] = (happened[name] ?? 0) + times);
  const killServer = async (): Promise<void> => {
    const which = random.pick([0, 1] as const);
    await servers.kill(which);
    // The other one goes on alone for a while.
    await answered(random.integer(0, 4));
    await servers.restart(which);
    count('a killed server');
  };
  const killDatabase = async (): Promise<void> => {
    await mongo.kill();
    await bothAre(503);
    await mongo.restart();
    await bothAre(200);
    count('a killed database');
  };
  const fail = (name: string, how: Failure) => async (): Promise<void> => {
    const end = await mongo.failNext(COMMANDS, how);
    await answered(6);
    count(name, await end());
  };
  const events = [
    ...Array.from({ length: SERVER_KILLS }, () => killServer),
    ...Array.from({ length: DATABASE_KILLS }, () => killDatabase),
    ...Array.from({ length: FAILURES_EACH }, () =>
      Object.entries(FAILURES).map(([name, how]) => fail(name, how)),
    ).flat(),
  ];
  while (events.length > 0) {
    const [event] = events.splice(random.integer(0, events.length - 1), 1);
    await answered(random.integer(1, 10));
    check();
    await event?.();
  }
  await answered(10);
  check();
  return happened;
}

async function expectHistory(
  acknowledged: Writer['acknowledged'],
  documents: readonly WireDocument[],
): Promise<void> {
  const ids = documents.map((doc) => String(doc['id']));
  expect(new Set(ids).size).toBe(ids.length);
  expect(acknowledged.filter(({ id }) => !ids.includes(id))).toEqual([]);
  const stock = documents.find((doc) => 'stock' in doc)?.['stock'];
  expect(stock).toBe(documents.reduce((all, { amount = 0 }) => all + Number(amount), 0));
  // Commits without a gap: but for the product, every document is where it was made.
  const revs = new Set(documents.map(({ rev = 0 }) => rev));
  const gaps = Array.from({ length: Math.max(...revs) }, (_, index) => index + 1);
  expect(gaps.filter((rev) => rev > 1 && !revs.has(rev))).toEqual([]);

  const client = new MongoClient(mongo.urlOf('crowd'));
  const rows = await client.db().collection('operations').find().toArray();
  await client.close();
  const timesRecorded = (op: string): number =>
    rows.filter(({ _id }) => String(_id).includes(op)).length;
  expect(acknowledged.filter(({ op }) => timesRecorded(op) !== 1)).toEqual([]);
}

/** Whatever a reader was given is all that was committed in that stretch, and the stretches meet. */
function expectPrefixes(given: readonly Given[], documents: readonly WireDocument[]): void {
  const made = documents.filter((doc) => !('stock' in doc));
  let position = 0;
  for (const { from, to, revs } of given) {
    expect(from).toBe(position);
    const all = made.filter(({ rev = 0 }) => rev > from && rev <= to);
    expect(revs).toEqual(new Map(all.map(({ id, rev = 0 }) => [String(id), rev])));
    position = to;
  }
}
