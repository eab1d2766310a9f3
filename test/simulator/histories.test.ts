// Three real RxDB clients, a real server and a network with faults: seeded histories of inserts,
// edits and deletes, on line and off. In the end all hold what a naive list of the writes says.
//
// Full size: HOLDFAST_HISTORIES=1000 npx vitest run --project histories; one history again:
// HOLDFAST_SEED=… HOLDFAST_HISTORY=….

import { createRxDatabase, type RxCollection, type RxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startSync,
  type Sync,
  type SyncStatus,
  type WireDocument,
} from '../../replication/index.ts';
import { collections, seededRandom, type Random } from '../../schemas/index.ts';
import {
  FAULTS,
  makeFaultyNetwork,
  noFaults,
  type FaultyNetwork,
} from '../support/faulty-network.ts';
import { call, startLiveServer, type LiveServer } from '../support/live-server.ts';
import { SEED } from '../support/seed.ts';
import { until } from '../support/until.ts';

const HISTORIES = Number(process.env['HOLDFAST_HISTORIES'] ?? 200);
const ONLY = process.env['HOLDFAST_HISTORY'];
const CLIENTS = 3;
const STEPS = 24;
const { pins } = collections;
const FIELDS = ['title', 'notes', 'status'] as const;
const timing = {
  collectMs: 1,
  requestTimeoutMs: 5_000,
  streamSilenceMs: 10_000,
  firstRetryMs: 4,
  longestRetryMs: 30,
};
const counts = noFaults();
let live: LiveServer;
let passed = 0;
beforeAll(async () => {
  live = await startLiveServer();
});
afterAll(() => live.stop());

/** One write as it happened; the oracle knows no more. */
interface Write {
  readonly client: number;
  readonly id: string;
  readonly field: string;
  readonly value: unknown;
  readonly stamp: string;
}

interface Client {
  readonly index: number;
  readonly database: RxDatabase;
  readonly pins: RxCollection;
  readonly network: FaultyNetwork;
  readonly sync: Sync;
  readonly key: string;
  readonly status: () => SyncStatus | undefined;
}

async function openClient(name: string, index: number, random: Random): Promise<Client> {
  const database = await createRxDatabase({
    name: `${name}-${index}`,
    storage: getRxStorageMemory(),
    multiInstance: false,
  });
  const network = makeFaultyNetwork(random, counts);
  const key = await live.keyFor(`client-${index}`, { workspace: name });
  const sync = await startSync({
    database,
    collections: [pins],
    url: live.url,
    token: key,
    platform: network.platform,
    timing,
  });
  let status: SyncStatus | undefined;
  sync.status$.subscribe((now) => {
    status = now;
  });
  const opened = database.collections['pins'];
  if (opened === undefined) throw new Error('startSync did not open the collection.');
  return { index, database, pins: opened, network, sync, key, status: () => status };
}

async function step(
  client: Client,
  random: Random,
  writes: Write[],
  ids: string[],
  name: string,
): Promise<void> {
  const { index } = client;
  const note = (doc: WireDocument, field: string, entry: string): void => {
    const stamp = doc.clk?.[entry] ?? '';
    writes.push({ client: index, id: String(doc['id']), field, value: doc[field], stamp });
  };
  const choice = random.integer(1, 100);
  const known =
    ids.length === 0
      ? undefined
      : await client.pins.findOne(ids[random.integer(0, ids.length - 1)]).exec();
  if (choice <= 10) {
    client.network.setOnline(random.integer(0, 1) === 1);
  } else if (choice <= 35 || known === null || known === undefined) {
    const id = `${name}-${ids.length}`;
    ids.push(id);
    const made = await client.pins.insert({
      id,
      title: `made by ${index}`,
      position: { lat: index, lng: 0 },
      kind: 'site',
      status: 'open',
      notes: '',
    });
    const doc = made.toJSON() as WireDocument;
    for (const field of FIELDS) note(doc, field, '*');
  } else if (choice <= 42) {
    await known.incrementalRemove();
    writes.push({ client: index, id: known.primary, field: '_deleted', value: true, stamp: '' });
  } else {
    const field = random.pick(FIELDS);
    const value =
      field === 'status'
        ? random.pick(['open', 'in progress', 'done'])
        : `${index}:${writes.length}`;
    if (known.get(field) === value) return;
    const edited = await known.incrementalPatch({ [field]: value });
    note(edited.toJSON() as WireDocument, field, field);
  }
  if (random.integer(0, 2) === 0) await pause(random.integer(0, 6));
}

/** What the list of writes says: a delete ends a pin, otherwise the latest stamp of each field. */
function judgedNaively(writes: readonly Write[]): ReadonlyMap<string, Record<string, unknown>> {
  const deleted = new Set(writes.filter(({ field }) => field === '_deleted').map(({ id }) => id));
  const expected = new Map<string, Record<string, unknown>>();
  for (const write of writes.toSorted((left, right) => (left.stamp < right.stamp ? -1 : 1))) {
    if (deleted.has(write.id)) continue;
    expected.set(write.id, { ...expected.get(write.id), [write.field]: write.value });
  }
  return expected;
}

const shown = (documents: Iterable<readonly [string, Record<string, unknown>]>): unknown =>
  [...documents]
    .map(([id, doc]) => [id, ...FIELDS.map((field) => doc[field])])
    .toSorted((left, right) => (String(left[0]) < String(right[0]) ? -1 : 1));

const localState = async ({ pins: local }: Client): Promise<unknown> =>
  shown((await local.find().exec()).map((doc) => [doc.primary, doc.toJSON()] as const));

async function serverState(key: string): Promise<unknown> {
  const answer = await call(live.url, key, '/api/sync/pull', {
    collections: { pins: null },
    limit: 5_000,
  });
  const { pins: page } = (answer.json() as { collections: { pins: { documents: WireDocument[] } } })
    .collections;
  return shown(
    page.documents
      .filter((doc) => doc._deleted !== true)
      .map((doc) => [String(doc['id']), doc] as const),
  );
}

const isQuiet = ({ status }: Client): boolean => {
  const now = status();
  return (
    now !== undefined && now.pending === 0 && (now.state === 'synced' || now.state === 'attention')
  );
};

function checkVerdicts(clients: readonly Client[], writes: readonly Write[]): void {
  for (const client of clients) {
    expect(client.network.needless).toEqual([]);
    for (const { id, result } of client.network.delivered) {
      const alone = writes.every((write) => write.id !== id || write.client === client.index);
      if (alone) expect(result).toMatchObject({ verdict: 'accepted' });
      expect(result.verdict).not.toBe('rejected');
    }
  }
}

async function play(number: number): Promise<void> {
  const random = seededRandom(SEED + number);
  const name = `h${number}`;
  await live.server.core.accounts.createWorkspace(name);
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, (_, index) =>
      openClient(name, index, seededRandom(SEED + number * 100 + index)),
    ),
  );
  const writes: Write[] = [];
  const ids: string[] = [];
  for (let count = 0; count < STEPS; count += 1) {
    const client = clients[random.integer(0, CLIENTS - 1)];
    if (client !== undefined) await step(client, random, writes, ids, name);
  }
  for (const { network } of clients) network.setOnline(true);
  await Promise.all(clients.map(({ network }) => network.heal()));
  for (const { sync } of clients) sync.syncNow();

  const expected = JSON.stringify(shown(judgedNaively(writes)));
  for (const client of clients)
    await until(
      async () => isQuiet(client) && JSON.stringify(await localState(client)) === expected,
      `client ${client.index} of history ${number} to hold ${expected}`,
    ).catch(async (error: unknown) => {
      throw new Error(
        `${String(error)}\nIt holds ${JSON.stringify(await localState(client))}, ${JSON.stringify(client.status())}`,
      );
    });
  expect(JSON.stringify(await serverState(clients[0]?.key ?? ''))).toBe(expected);
  checkVerdicts(clients, writes);
  for (const { sync, database } of clients) {
    await sync.stop();
    await database.close();
  }
  passed += 1;
}

describe('histories of three clients', () => {
  it(
    `end equal, with no edit lost, no conflict with oneself and no needless push (${HISTORIES} of them)`,
    { timeout: 1_800_000 },
    async () => {
      const numbers =
        ONLY === undefined
          ? Array.from({ length: HISTORIES }, (_, number) => number)
          : [Number(ONLY)];
      for (const number of numbers) {
        await play(number).catch((error: unknown) => {
          throw new Error(`HOLDFAST_SEED=${SEED} HOLDFAST_HISTORY=${number}`, { cause: error });
        });
      }
      console.log(`${passed} histories, seed ${SEED}, faults ${JSON.stringify(counts)}`);
      if (ONLY === undefined) for (const fault of FAULTS) expect(counts[fault]).toBeGreaterThan(0);
    },
  );
});
