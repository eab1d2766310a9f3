// How MongoDB finds the rows of every command that the store sends: by an index, in its order. The
// commands are those of a whole life of a workspace, as the driver sent them.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { MongoClient, type Document } from 'mongodb';
import { operationId, seq } from '../../replication/index.ts';
import { INDEXES } from '../../server/store/mongo/rows.ts';
import { openMongoStore } from '../../server/store/mongo/store.ts';
import { startMongo, type TestMongo } from '../support/mongo.ts';
import { until } from '../support/until.ts';
import { operation } from './commits.ts';
import { HERE, knownOf, put, read } from './place.ts';

let mongo: TestMongo;
const sent: Document[] = [];
/** The commands of a dump and a load. */
const moved: Document[] = [];

beforeAll(async () => {
  mongo = await startMongo();
  await live(mongo.urlOf('plans'));
  await move(mongo.urlOf('plans'), mongo.urlOf('moved'));
});
afterAll(() => mongo.stop());

/** Uses every call of the store, so that every command is sent at least once. */
async function live(url: string): Promise<void> {
  let timeMs = 0;
  const store = await openMongoStore({
    url,
    now: () => (timeMs += 86_400_000),
    pollMs: 20,
    beatMs: 20,
    onCommand: ({ command }) => sent.push(command),
  });
  const extra = (name: string) => ({
    operations: [operation(`op-${name}`)],
    fates: [[`s-${name}`, { kind: 'refused' }]] as const,
  });
  await put(store, [{ id: 'a', keys: ['x', 'y'] }, { id: 'b' }], extra('1'));
  await put(store, [{ id: 'a', keys: ['y'] }], extra('2'));
  await put(store, [{ id: 'b', deleted: true }], extra('3'));
  await put(store, [{ id: 'c' }], extra('4'));
  await read(store, { scopeKeys: ['workspace', 'x'], counts: true });
  await read(store, { scopeKeys: ['workspace', 'x'], after: 1, counts: true });
  await store.get(HERE, [{ collection: 'pins', id: 'a' }]);
  await store.scan(HERE, 'pins', '', 10);
  await store.head(HERE);
  await store.purge(HERE, 3 * 86_400_000 + 1);
  await knownOf(store, {
    documents: [{ collection: 'pins', id: 'b' }],
    operations: [operationId('op-4')],
    stamps: ['s-4'],
  });
  await store.writeRecords([{ kind: 'user', id: 'a', value: 1, onlyIf: { was: undefined } }]);
  await store.writeRecords([{ kind: 'user', id: 'a', value: undefined }]);
  await store.record('user', 'a');
  await store.records('user', 'a');
  const fault = store.pages(HERE, () => {
    throw new RangeError('no');
  });
  await expect(fault).rejects.toThrow(RangeError);
  await store.pages(HERE, () => [
    {
      collection: 'none',
      scopeKeys: ['x'],
      after: seq(0),
      upTo: seq(9),
      limit: 9,
      primaryKey: 'id',
    },
  ]);
  const isPoll = ({ find, filter }: Document): boolean =>
    find === 'heads' && '$in' in Object(filter?._id);
  await until(() => sent.some(isPoll), 'a look for commits of others');
  await until(() => sent.some(({ find }) => find === 'processes'), 'a look for silent processes');
  await store.close();
}

async function move(from: string, to: string): Promise<void> {
  const noting = (url: string) =>
    openMongoStore({ url, onCommand: ({ command }) => moved.push(command) });
  const [old, next] = [await noting(from), await noting(to)];
  await next.load(old.dump());
  await Promise.all([old.close(), next.close()]);
}

interface Looking {
  /** What was sent, as MongoDB explains it. */
  readonly command: Document;
  readonly rows: string;
  readonly filter: Document;
  readonly sort: readonly string[];
  readonly hint: unknown;
}

const looking = (command: Document, rows: string, part: Document): Looking => ({
  command,
  rows,
  filter: part['filter'] ?? part['q'] ?? part['query'] ?? {},
  // The driver keeps the order of a sort in a Map.
  sort: part['sort'] instanceof Map ? [...part['sort'].keys()] : Object.keys(part['sort'] ?? {}),
  hint: part['hint'],
});

/** The parts of a command that look for rows. */
function lookingOf(command: Document): readonly Looking[] {
  const { find, findAndModify, aggregate, update, delete: from, pipeline } = command;
  if (find !== undefined) return [looking(command, find, command)];
  if (findAndModify !== undefined) return [looking(command, findAndModify, command)];
  if (update !== undefined)
    return command['updates'].map((part: Document) =>
      looking({ update, updates: [part] }, update, part),
    );
  if (from !== undefined)
    return command['deletes'].map((part: Document) =>
      looking({ delete: from, deletes: [part] }, from, part),
    );
  const filter: unknown = pipeline?.[0]?.$match;
  return aggregate === undefined || filter === undefined
    ? []
    : [looking(command, aggregate, { ...command, filter })];
}

/** Each kind of looking once, whatever values it looks for. */
function allLooking(): readonly Looking[] {
  const shapes = new Map<string, Looking>();
  for (const each of [...sent, ...moved].flatMap(lookingOf)) {
    const { command, rows, filter, sort } = each;
    const operators = Object.values(filter).map((value) => Object.keys(Object(value)).join('|'));
    shapes.set(
      JSON.stringify([Object.keys(command)[0], rows, Object.keys(filter), operators, sort]),
      each,
    );
  }
  return [...shapes.values()];
}

const SESSION = [
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'readConcern',
  'writeConcern',
];
const stagesOf = (plan: unknown): readonly string[] =>
  typeof plan !== 'object' || plan === null
    ? []
    : Object.entries(plan).flatMap(([key, value]) =>
        key === 'stage' ? [String(value)] : key === 'rejectedPlans' ? [] : stagesOf(value),
      );

const isRange = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !('$in' in value);

it('every kind of command was sent', () => {
  const kinds = allLooking().map(({ command, rows }) => `${Object.keys(command)[0]} ${rows}`);
  expect([...new Set(kinds)].toSorted()).toEqual([
    'aggregate documents',
    'delete documents',
    'delete fates',
    'delete left',
    'delete marks',
    'delete operations',
    'delete processes',
    'delete records',
    'find documents',
    'find fates',
    'find heads',
    'find left',
    'find marks',
    'find operations',
    'find processes',
    'find purged',
    'find records',
    'find store',
    'findAndModify heads',
    'update documents',
    'update fates',
    'update heads',
    'update processes',
    'update purged',
    'update records',
    'update store',
  ]);
});

it('what every command looks for, and its order, begin an index that it names or an id', () => {
  const indexes: Readonly<Record<string, readonly Document[]>> = INDEXES;
  for (const { rows, filter, sort, hint } of allLooking()) {
    const what = JSON.stringify({ rows, filter, sort, hint });
    const index = (indexes[rows] ?? []).find(({ name }) => name === hint);
    const key = Object.keys(index?.['key'] ?? { _id: 1 });
    const partial = Object.keys(index?.['partialFilterExpression'] ?? {});
    // MongoDB finds the one row of an id and then looks at the rest of it.
    const asked = '_id' in filter ? ['_id'] : Object.keys(filter);
    const looked = asked.filter((field) => !partial.includes(field));
    expect(looked.toSorted(), what).toEqual(key.slice(0, looked.length).toSorted());
    const exact = looked.filter((field) => !isRange(filter[field])).length;
    expect(sort, what).toEqual(key.slice(exact, exact + sort.length));
  }
});

it('what decides and what is read is of one snapshot, and all of it is committed with a majority', () => {
  const outside = sent.filter(({ autocommit }) => autocommit !== false);
  const names = (commands: readonly Document[]): readonly string[] =>
    [...new Set(commands.flatMap(lookingOf).map(({ rows }) => rows))].toSorted();
  // The database's own row, heads made and looked at, signs of life: nothing else is sent by itself.
  expect(names(outside)).toEqual(['heads', 'processes', 'store']);
  const first = sent.filter(({ startTransaction }) => startTransaction === true);
  expect(first.length).toBeGreaterThan(10);
  for (const { readConcern } of first) expect(readConcern.level).toBe('snapshot');
  const commits = sent.filter(({ commitTransaction }) => commitTransaction === 1);
  expect(commits.length).toBeGreaterThan(10);
  for (const { writeConcern } of commits)
    expect(writeConcern).toMatchObject({ w: 'majority', j: true });
});

it('all that is read for one dump is asked of one moment', () => {
  const kept = ['heads', 'marks', 'documents', 'left', 'operations', 'fates', 'purged', 'records'];
  const old = moved.find(({ find, filter }) => find === 'documents' && 'w' in filter)?.[
    '$db'
  ] as unknown;
  const found = moved.filter(
    ({ find, filter, $db, readConcern }) =>
      // A look for commits of others is no part of it.
      !('$in' in Object(filter?._id)) &&
      // Its own row is also read when a database is opened.
      $db === old &&
      (find === 'store' ? readConcern?.level === 'snapshot' : kept.includes(find)),
  );
  const [first, ...later] = found.map(({ readConcern }) => readConcern);
  // MongoDB says which moment it took for the first one.
  expect(Object.keys(first)).toEqual(['level']);
  expect(new Set(later.map(({ atClusterTime }) => String(atClusterTime))).size).toBe(1);
  for (const { level, atClusterTime } of later)
    expect([level, atClusterTime]).toEqual(['snapshot', expect.anything()]);
  expect(new Set(found.map(({ find }) => find))).toEqual(new Set(['store', ...kept]));
});

it('MongoDB itself finds every row by an index and sorts nothing', async ({ skip }) => {
  if (!mongo.isReal) {
    process.stderr.write('NOT RUN: plans of queries, which only a real MongoDB explains.\n');
    skip('SecantusDB has no plans like MongoDB');
  }
  const client = new MongoClient(mongo.urlOf('plans'));
  for (const { command } of allLooking()) {
    const explained = Object.fromEntries(
      Object.entries(command).filter(([name]) => !name.startsWith('$') && !SESSION.includes(name)),
    );
    const plan = await client.db().command({ explain: explained, verbosity: 'queryPlanner' });
    const stages = stagesOf(plan);
    expect(stages.length, JSON.stringify(explained)).toBeGreaterThan(0);
    for (const bad of ['COLLSCAN', 'SORT'])
      expect(stages, JSON.stringify(explained)).not.toContain(bad);
  }
  await client.close();
});
