// How refused writes are tried again. Real RxDB clients, a server whose answers the test chooses.

import { expect, test } from 'vitest';
import { defineCollection, fieldLww, record, text } from '../../schemas/index.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { openWatched, servers } from './support/watched.ts';
import { foreign, isSynced } from './support/world.ts';

/** A note that the server refused once and would take now; it has gone from the client. */
async function withRefused() {
  const server = servers();
  server.judge = () => ({ verdict: 'rejected', code: 'no', message: 'No.' });
  const client = await openWatched(server);
  await client.notes.insert({ id: 'a', title: 'good' });
  await until(() => client.refused().length === 1);
  await until(async () => (await client.read('a'))?._deleted === true);
  server.judge = () => undefined;
  return { server, client, op: client.refused()[0]?.op ?? '' };
}

test('a refused write is listed with its reason, and made anew when it is tried again with other values', async () => {
  const server = servers();
  server.judge = ({ doc }) =>
    doc['title'] === 'bad'
      ? { verdict: 'rejected', code: 'no_bad', message: 'Not this.' }
      : undefined;
  const client = await openWatched(server);
  await client.collection('places').insert({ id: 'p', title: 'bad' });
  await until(() => client.of('p')?.state === 'rejected');
  await until(async () => (await client.read('p', 'places'))?._deleted === true);
  await client.sync.retry(client.of('p')?.op ?? '', { 'places/p': { title: 'good' } });
  await until(() => client.of('p')?.state === 'synced');
  // Called after what it has become.
  expect(client.of('p')).toMatchObject({ group: { label: 'New place “good”' } });
  await client.notes.insert({ id: 'a', title: 'bad', body: 'text' });
  await until(() => client.of('a')?.state === 'rejected');
  expect(client.of('a')).toMatchObject({ kind: 'insert', lastError: 'Not this.' });
  const op = client.of('a')?.op ?? '';
  expect(await client.sync.contents(op)).toMatchObject([
    { collection: 'notes', id: 'a', document: { title: 'bad', body: 'text' } },
  ]);
  await until(async () => (await client.read('a'))?._deleted === true);
  await client.sync.retry(op, { 'notes/a': { title: 'good' } });
  await until(() => server.stored('notes', 'a') !== undefined && isSynced(client));
  expect(server.stored('notes', 'a')).toMatchObject({ title: 'good', body: 'text' });
  expect(client.refused()).toEqual([]);
});

test('a refused edit that is tried again changes what it changed, on the document as it is now', async () => {
  const server = servers();
  server.write('notes', foreign('a', 'theirs'));
  server.judge = ({ doc }) =>
    doc['body'] === 'mine' ? { verdict: 'rejected', code: 'no', message: 'No.' } : undefined;
  const client = await openWatched(server);
  await until(async () => (await client.read('a')) !== undefined);
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ body: 'mine' });
  await until(() => client.refused().length === 1);
  await until(async () => (await client.read('a'))?.['body'] === undefined);
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ title: 'later' });
  await until(() => server.stored('notes', 'a')?.['title'] === 'later');
  server.judge = () => undefined;
  await client.sync.retry(client.refused()[0]?.op ?? '');
  await until(() => server.stored('notes', 'a')?.['body'] === 'mine' && isSynced(client));
  expect(server.stored('notes', 'a')?.['title']).toBe('later');
});

test('a refused edit that took a value away takes it away when it is tried again', async () => {
  const server = servers();
  server.write('notes', { ...foreign('a', 'theirs'), body: 'too much' });
  server.judge = ({ doc }) =>
    doc['body'] === undefined ? { verdict: 'rejected', code: 'no', message: 'No.' } : undefined;
  const client = await openWatched(server);
  await until(async () => (await client.read('a')) !== undefined);
  const found = await client.notes.findOne('a').exec(true);
  await found.incrementalModify(({ body: _body, ...others }) => others);
  await until(() => client.refused().length === 1);
  await until(async () => (await client.read('a'))?.['body'] === 'too much');
  server.judge = () => undefined;
  await client.sync.retry(client.refused()[0]?.op ?? '');
  await until(() => isSynced(client) && server.stored('notes', 'a')?.['body'] === undefined);
  expect(client.refused()).toEqual([]);
});

test('a refused answer is tried again with another value, and the other answers stay as they are now', async () => {
  const sheets = defineCollection({
    name: 'sheets',
    label: { one: 'sheet', many: 'sheets' },
    version: 0,
    fields: { answers: record(text(100), 20) },
    policy: fieldLww({ perKey: ['answers'] }),
    sample: () => ({ answers: {} }),
  });
  const answersOf = (document: object | undefined): Readonly<Record<string, unknown>> =>
    document && 'answers' in document ? { ...(document.answers as object) } : {};
  const server = new FakeServer([sheets]);
  server.judge = ({ doc }) =>
    answersOf(doc)['q1'] === 'bad'
      ? { verdict: 'rejected', code: 'no', message: 'No.' }
      : undefined;
  const client = await openWatched(server, { collections: [sheets] });
  const local = client.collection('sheets');
  await local.insert({ id: 'a', answers: { q1: 'one', q2: 'two' } });
  await until(() => server.stored('sheets', 'a') !== undefined && isSynced(client));
  const sheet = await local.findOne('a').exec(true);
  await sheet.incrementalPatch({ answers: { q1: 'bad', q2: 'two' } });
  await until(() => client.refused().length === 1);
  await until(async () => answersOf(await client.read('a', 'sheets'))['q1'] === 'one');
  await (
    await local.findOne('a').exec(true)
  ).incrementalPatch({ answers: { q1: 'one', q2: 'later' } });
  await until(() => answersOf(server.stored('sheets', 'a'))['q2'] === 'later');
  await client.sync.retry(client.refused()[0]?.op ?? '', {
    'sheets/a': { 'answers/q1': 'good' },
  });
  await until(() => answersOf(server.stored('sheets', 'a'))['q1'] === 'good' && isSynced(client));
  expect(server.stored('sheets', 'a')).toMatchObject({ answers: { q1: 'good', q2: 'later' } });
});

test('a retry that can’t be made says why and leaves the refused version', async () => {
  const { client, op } = await withRefused();
  await client.notes.insert({ id: 'a', title: 'another' });
  await expect(client.sync.retry(op)).rejects.toThrow('There is a note "a" already.');
  expect(client.refused().length).toBe(1);
});

test('of two tabs in which a refused version is tried again at once, one does it', async () => {
  const { client, op } = await withRefused();
  const put = client.ledger.putGroup.bind(client.ledger);
  client.ledger.putGroup = async (group, instead) => {
    await put({ ...group, id: 'of another tab', members: [] }, instead);
    return put(group, instead);
  };
  await expect(client.sync.retry(op)).rejects.toThrow('in another tab');
  expect(await client.read('a')).toMatchObject({ _deleted: true });
  expect(await client.ledger.groups()).toMatchObject([{ id: 'of another tab' }]);
});

test('a retry that was cut off by a crash is made once, by the next start', async () => {
  const { server, client: first, op } = await withRefused();
  const { ledger } = first;
  const put = ledger.putGroup.bind(ledger);
  await new Promise<void>((died) => {
    ledger.putGroup = async (group, instead) => {
      await put(group, instead);
      died();
      return new Promise<never>(() => {});
    };
    void first.sync.retry(op);
  });
  await first.sync.stop();
  const sent = server.rows.length;
  ledger.putGroup = put;
  const next = await openWatched(server, { ledger, database: first.database });
  await until(() => server.stored('notes', 'a') !== undefined && isSynced(next));
  expect(next.refused()).toEqual([]);
  expect(new Set(server.rows.slice(sent).map(({ op }) => op)).size).toBe(1);
});

test('a retry for which a value does not fit leaves the refused version', async () => {
  const { client, op } = await withRefused();
  const tooLong = { 'notes/a': { title: 'x'.repeat(201) } };
  await expect(client.sync.retry(op, tooLong)).rejects.toThrow('title');
  await until(() => client.refused()[0]?.op === op);
  expect(await client.ledger.groups()).toEqual([]);
});

test('a refused group is made anew as a whole, with other values, and its old versions are forgotten', async () => {
  const server = servers();
  server.judge = ({ doc, group }) =>
    group !== undefined && doc['body'] !== 'fixed'
      ? { verdict: 'rejected', code: 'group_refused', message: 'Not together.' }
      : undefined;
  const client = await openWatched(server);
  const first = await client.sync.atomic('A sale', [
    { collection: 'notes', insert: { id: 'a', title: 'a', body: 'wrong' } },
    { collection: 'notes', insert: { id: 'b', title: 'b', body: 'wrong' } },
  ]);
  await until(() => client.refused().length === 2);
  const rejected = client.all().filter(({ state }) => state === 'rejected');
  expect(rejected.map(({ group }) => group)).toEqual([
    { id: first, label: 'A sale' },
    { id: first, label: 'A sale' },
  ]);
  await until(async () => (await client.read('b'))?._deleted === true);
  await client.sync.retry(client.refused()[0]?.op ?? '', {
    'notes/a': { body: 'fixed' },
    'notes/b': { body: 'fixed' },
  });
  await until(() => server.stored('notes', 'b') !== undefined && isSynced(client));
  expect(client.refused()).toEqual([]);
  const groups = new Set(server.rows.flatMap(({ group }) => group?.id ?? []));
  expect([groups.size, groups.has(first)]).toEqual([2, true]);
});
