// What RxDB keeps back behind a row that gets no verdict goes all the same, and is judged once.

import { expect, test } from 'vitest';
import { createMemoryLedger } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { afterNext } from './support/ledgers.ts';
import {
  BROKEN,
  carries,
  carriesGroup,
  isPush,
  openWatched,
  PAIR,
  servers,
  type Watched,
} from './support/watched.ts';
import { isSynced, note, UNTIL_ASKED } from './support/world.ts';

const SELF = note('notes', 100, { parent: 'notes' });
/** A client with a row that gets no verdict. */
const poisoned = async (
  server: FakeServer,
  given: Parameters<typeof openWatched>[1] = {},
): Promise<Watched> => {
  const client = await openWatched(server, given);
  await until(() => isSynced(client));
  server.fate = (request) => (carries(request, 'poison') ? BROKEN : 'go');
  await client.notes.insert({ id: 'poison', title: 'x' });
  await until(() => client.of('poison')?.state === 'failed');
  return client;
};

test('a row at which the server breaks keeps nothing back that is written after it in its collection', async () => {
  const server = servers();
  const client = await poisoned(server);
  await client.notes.insert({ id: 'good', title: 'x' });
  await until(() => server.stored('notes', 'good') !== undefined, 'the other row');
  await until(() => client.refused().length === 1 && client.status().pending === 0);
  expect(client.refused()[0]).toMatchObject({ id: 'poison', code: 'server_breaks' });
  await until(() => client.status().state === 'attention', 'the state without a trouble');
  await until(() => client.all().filter(({ id }) => id === 'good').length === 1, 'one record');
});

test('what has its verdict does not wait any more, though RxDB has yet to write it', async () => {
  const server = servers();
  const client = await openWatched(server, { timing: UNTIL_ASKED });
  await until(() => isSynced(client));
  server.fate = (request) => (carries(request, 'poison') ? BROKEN : 'go');
  await client.notes.bulkInsert([
    { id: 'good', title: 'x' },
    { id: 'poison', title: 'x' },
  ]);
  await until(() => client.of('good')?.state === 'synced' && client.status().pushing === 'waiting');
  await until(() => client.counts()?.pending === 1);
  expect(client.status()).toMatchObject({ pending: 1, pendingKeys: ['notes/poison'] });
  expect(client.all().filter(({ id }) => id === 'good').length).toBe(1);
});

test('a group that is recorded while rows are looked for is not sent in part', async () => {
  const server = servers();
  const ledger = createMemoryLedger();
  const client = await openWatched(server, { ledger });
  await until(() => isSynced(client));
  const refusal = { verdict: 'rejected', code: 'rule', message: 'No.' } as const;
  server.judge = ({ doc, group }) =>
    doc['id'] === 'b' || group !== undefined ? refusal : undefined;
  server.fate = (request) => (carries(request, 'poison') ? BROKEN : 'go');
  await client.notes.bulkInsert([
    { id: 'x', title: 'x' },
    { id: 'poison', title: 'x' },
  ]);
  await until(() => client.of('poison')?.state === 'failed');
  const third = { collection: 'notes', insert: { id: 'a2', title: 'a' } };
  afterNext(ledger, 'groups', () => client.sync.atomic('A group', [...PAIR, third]));
  await until(() => client.refused().some(({ id }) => id === 'b') && client.status().pending === 0);
  expect([...server.documents.keys()]).toEqual(['notes/x']);
});

test('what was sent so and accepted can’t be discarded', async () => {
  const server = servers();
  const client = await openWatched(server, { timing: UNTIL_ASKED });
  await until(() => isSynced(client));
  server.fate = (request) => (carries(request, 'poison') ? BROKEN : 'go');
  await client.notes.bulkInsert([
    { id: 'x', title: 'x' },
    { id: 'poison', title: 'x' },
  ]);
  await until(() => server.stored('notes', 'x') !== undefined);
  await until(() => client.status().pushing === 'waiting');
  await client.notes.bulkInsert([
    { id: 'k', title: 'x' },
    { id: 'l', title: 'x' },
  ]);
  client.sync.syncNow();
  await until(
    () => server.stored('notes', 'k') !== undefined && client.status().pushing === 'waiting',
  );
  await expect(client.sync.discard([client.of('k')?.op ?? ''])).rejects.toThrow('has answered');
  client.sync.syncNow();
  await until(() => client.status().pending === 0);
  expect(await client.read('k')).toMatchObject({ _deleted: false, rev: 2 });
});

test('what was sent so before a crash is listed once as sent', async () => {
  const server = servers();
  const ledger = createMemoryLedger();
  const client = await poisoned(server, { ledger });
  const judged = ledger.judged.bind(ledger);
  // Then the page dies: RxDB has not handed over what is judged.
  ledger.judged = (one) =>
    one.finished.some(({ id }) => id === 'k')
      ? judged(one).then(() => new Promise(() => {}))
      : judged(one);
  await client.notes.insert({ id: 'k', title: 'x' });
  await until(() => client.all().some(({ id, state }) => id === 'k' && state === 'synced'));
  await client.sync.stop();
  ledger.judged = judged;
  server.fate = () => 'go';
  const then = await openWatched(server, { ledger, database: client.database });
  await until(() => then.of('poison')?.state === 'synced' && then.status().pending === 0);
  expect(then.all().filter(({ id }) => id === 'k')).toMatchObject([{ state: 'synced' }]);
});

test('hundreds of rows that wait for the one that gets no verdict keep no other back', async () => {
  const server = new FakeServer([SELF]);
  const client = await poisoned(server, { collections: [SELF] });
  await client.notes.bulkInsert(
    Array.from({ length: 250 }, (_, at) => ({ id: `r${at}`, title: 'x', parent: 'poison' })),
  );
  await client.notes.insert({ id: 'good', title: 'x' });
  await until(() => server.stored('notes', 'good') !== undefined, 'the row that can go');
});

test('hundreds of rows whose parent was written after them go behind it', async () => {
  const server = new FakeServer([SELF]);
  const client = await poisoned(server, { collections: [SELF] });
  await client.notes.bulkInsert(
    Array.from({ length: 250 }, (_, at) => ({ id: `r${at}`, title: 'x', parent: 'zz' })),
  );
  await client.notes.insert({ id: 'zz', title: 'x' });
  await until(() => server.stored('notes', 'r249') !== undefined, 'the rows that can go');
});

test('rows that refer to each other are not kept back for ever', async () => {
  const server = new FakeServer([SELF]);
  const client = await poisoned(server, { collections: [SELF] });
  await client.notes.bulkInsert([
    { id: 'one', title: 'x', parent: 'other' },
    { id: 'other', title: 'x', parent: 'one' },
  ]);
  await until(() => server.stored('notes', 'one') !== undefined, 'the rows that can go');
});

test('a group of ten at which the server breaks is refused after as many stumbles as a row', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  let stumbles = 0;
  server.fate = (request) => {
    if (!carriesGroup(request)) return 'go';
    // No stumble, until others have passed.
    if (stumbles === 1 && !server.stored('places', 'other')) return { status: 503 };
    stumbles += 1;
    return BROKEN;
  };
  const insert = (at: number) => ({ collection: 'notes', insert: { id: `n${at}`, title: 'x' } });
  await client.sync.atomic(
    'Ten',
    Array.from({ length: 10 }, (_, at) => insert(at)),
  );
  await until(() => stumbles > 0);
  await client.collection('places').insert({ id: 'other', title: 'x' });
  await until(() => client.refused().length === 10);
  expect(stumbles).toBe(3);
});

test.each(['always, and then at a row', 'once, behind a row'])(
  'a group at which the server broke %s at which it always does has its turn',
  async (when) => {
    const server = servers();
    const client = await openWatched(server);
    await until(() => isSynced(client));
    const isAlways = when.startsWith('always');
    let broke = 0;
    server.fate = (request) => {
      if (!isPush(request)) return 'go';
      const breaks = isAlways ? broke < 4 : carriesGroup(request) && broke === 0;
      if (breaks) broke += 1;
      return breaks || carries(request, 'poison') ? BROKEN : 'go';
    };
    const insertPoison = () => client.notes.insert({ id: 'poison', title: 'x' });
    if (!isAlways) await insertPoison();
    await until(() => isAlways || server.pushes.length > 0);
    await client.sync.atomic('Two', [
      { collection: 'places', insert: { id: 'a', title: 'a' } },
      { collection: 'places', insert: { id: 'b', title: 'b' } },
    ]);
    if (isAlways) await insertPoison();
    await until(() => server.stored('places', 'b') !== undefined, 'the group');
    await until(() => client.refused().some(({ code }) => code === 'server_breaks'));
  },
);
