// A refusal is still going back: what is tried again, edited or read then is neither half of a group
// nor lost.

import { expect, test } from 'vitest';
import { createMemoryLedger } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import { AT_ONCE } from './support/audited.ts';
import { door } from './support/feed.ts';
import { holdNext, withContext } from './support/storage.ts';
import {
  BROKEN,
  carries,
  carriesGroup,
  isPush,
  openWatched,
  PAIR,
  servers,
} from './support/watched.ts';
import { foreign, isSynced } from './support/world.ts';

const OVER_A = [
  { collection: 'notes', id: 'a', update: { title: 'mine' } },
  { collection: 'places', insert: { id: 'b', title: 'b' } },
] as const;

test.each(['this device', 'the server'])(
  'a group that %s has refused is not tried again in part while a record of it is still going back',
  async (who) => {
    const server = servers();
    server.write('notes', foreign('a', 'old'));
    const client = await openWatched(server);
    await until(async () => (await client.read('a')) !== undefined && isSynced(client));
    const tooLarge = who === 'this device' ? ({ status: 413 } as const) : 'go';
    server.fate = (request) => {
      if (carries(request, 'poison')) return BROKEN;
      return carriesGroup(request) ? tooLarge : 'go';
    };
    server.judge = ({ group }) =>
      group === undefined ? undefined : { verdict: 'rejected', code: 'rule', message: 'No.' };
    // RxDB hands over no other note before this one has its answer.
    await client.notes.insert({ id: 'poison', title: 'x' });
    await until(() => server.requests.some((request) => carries(request, 'poison')));
    await client.sync.atomic('A pair', OVER_A);
    await until(() => client.refused().filter(({ group }) => group !== undefined).length === 2);
    await until(async () => (await client.read('b', 'places'))?._deleted === true);
    server.judge = () => undefined;
    server.fate = (request) => (carries(request, 'poison') ? BROKEN : 'go');
    const op = client.refused().find(({ id }) => id === 'b')?.op ?? '';
    const said = await client.sync.retry(op).catch(String);
    const isWhole = said === undefined && server.stored('notes', 'a')?.['title'] === 'mine';
    expect(
      isWhole || client.refused().filter(({ group }) => group !== undefined).length === 2,
    ).toBe(true);
  },
);

test.each(['discarded', 'refused here'])(
  'an insert whose answer was lost and that is %s then is here as on the server',
  async (how) => {
    const server = servers();
    const ledger = createMemoryLedger();
    const first = await openWatched(server, { ledger });
    await until(() => isSynced(first));
    let pushes = 0;
    server.fate = (request) => {
      if (!isPush(request)) return 'go';
      pushes += 1;
      return pushes === 1 ? 'lose answer' : 'lose request';
    };
    await first.notes.insert({ id: 'a', title: 'mine' });
    await until(() => server.stored('notes', 'a') !== undefined);
    await first.sync.stop();
    server.write('notes', foreign('after', 'x'));
    const second = await openWatched(server, { ledger, database: first.database });
    await until(async () => (await second.read('after')) !== undefined);
    await second.sync.stop();
    const database = first.database;
    const client = await openWatched(server, { ledger, database, timing: AT_ONCE });
    await until(() => client.of('a') !== undefined && pushes > 2);
    if (how === 'discarded') await client.sync.discard([client.of('a')?.op ?? '']);
    else {
      server.fate = (request) => (isPush(request) ? { status: 413 } : 'go');
      client.sync.syncNow();
      await until(() => client.refused().length === 1);
    }
    server.fate = () => 'go';
    client.sync.syncNow();
    await until(async () => (await client.read('a'))?.rev === 1, 'the server’s document');
    expect(await client.read('a')).toMatchObject({ title: 'mine', _deleted: false });
  },
);

test('what the server has of a refused group can be edited', async () => {
  const server = servers();
  const client = await openWatched(server, { timing: AT_ONCE });
  await until(() => isSynced(client));
  let pushes = 0;
  server.fate = (request) => {
    if (!isPush(request)) return 'go';
    pushes += 1;
    return pushes === 1 ? 'lose answer' : 'lose request';
  };
  await client.notes.insert({ id: 'a', title: 'before' });
  await until(() => pushes > 0);
  await client.sync.atomic('A pair', OVER_A);
  server.fate = (request) => (carriesGroup(request) ? { status: 413 } : 'go');
  client.sync.syncNow();
  await until(() => client.status().pending === 0 && client.refused().length > 0);
  await until(async () => (await client.read('a'))?.rev === 1, 'the server’s document');
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ body: 'new' });
  await until(() => server.stored('notes', 'a')?.['body'] === 'new', 'the edit');
  expect(client.refused().some(({ code }) => code === 'refused_before')).toBe(false);
});

test('an edit while the refused state goes back is not sent alone after a crash', async () => {
  const server = servers();
  const ledger = createMemoryLedger();
  const client = await openWatched(server, { ledger });
  await until(() => isSynced(client));
  server.fate = (request) => (carriesGroup(request) ? { status: 413 } : 'go');
  const hold = holdNext(client.notes, 'bulkWrite', withContext('replication-up-write-conflict'));
  const judged = ledger.judged.bind(ledger);
  let died = false;
  ledger.judged = (one) => {
    died ||= one.refused.some(({ code }) => code === 'refused_before');
    return died ? new Promise(() => {}) : judged(one);
  };
  await client.sync.atomic('A pair', PAIR);
  await until(() => client.refused().length === 2 && hold.isHolding());
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ title: 'later' });
  hold.release();
  await until(() => died);
  await client.sync.stop();
  ledger.judged = judged;
  server.fate = () => 'go';
  const then = await openWatched(server, { ledger, database: client.database });
  await until(() => then.refused().some(({ code }) => code === 'refused_before'));
  await until(() => then.status().pending === 0);
  expect(server.documents.size).toBe(0);
  await until(async () => (await ledger.tries()).length === 0);
});

test('what builds on a refused group brings no part of it, and is tried again after it', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  server.fate = (request) => (carriesGroup(request) ? BROKEN : 'go');
  await client.sync.atomic('A pair', PAIR);
  await until(() => server.requests.some(carriesGroup));
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ title: 'later' });
  await until(() => client.status().failed > 0);
  await client.notes.insert({ id: 'other', title: 'x' });
  await client.collection('places').insert({ id: 'another', title: 'x' });
  await until(() => client.refused().length === 3 && client.status().pending === 0);
  expect([...server.documents.keys()].toSorted()).toEqual(['notes/other', 'places/another']);
  expect((await client.read('a'))?._deleted).toBe(true);
  server.fate = () => 'go';
  const later = client.refused().find(({ code }) => code === 'refused_before')?.op ?? '';
  await expect(client.sync.retry(later)).rejects.toThrow('There is no note "a".');
  await client.sync.retry(client.refused().find(({ id }) => id === 'b')?.op ?? '');
  await client.sync.retry(later);
  await until(() => server.stored('notes', 'a')?.['title'] === 'later' && isSynced(client));
  expect(server.stored('places', 'b')).toMatchObject({ title: 'b' });
});

test('of a group with what a member had unsent before, no tries are left', async () => {
  const server = servers();
  server.write('notes', foreign('a', 'old'));
  const ledger = createMemoryLedger();
  const client = await openWatched(server, { ledger });
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
  const gate = door();
  server.fate = async (request) => {
    if (carriesGroup(request)) return { status: 413 };
    if (isPush(request)) await gate.opened;
    return 'go';
  };
  await client.notes.insert({ id: 'first', title: 'x' });
  await until(() => server.pushes.length === 1);
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ title: 'before' });
  await client.sync.atomic('A pair', OVER_A);
  gate.open();
  await until(() => client.status().pending === 0 && client.refused().length > 0);
  await until(async () => (await ledger.tries()).length === 0);
});

test('what failed while the server was down is not refused at its second stumble alone', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  server.fate = (request) => (isPush(request) ? { status: 503 } : 'go');
  await client.notes.insert({ id: 'a', title: 'a' });
  await until(() => client.of('a')?.state === 'failed');
  let stumbles = 0;
  server.fate = (request) => {
    if (!carries(request, 'a') || stumbles === 2) return 'go';
    // No stumble, until others have passed.
    if (stumbles === 1 && !server.stored('places', 'other')) return { status: 503 };
    stumbles += 1;
    return BROKEN;
  };
  client.sync.syncNow();
  await until(() => stumbles === 1);
  await client.collection('places').insert({ id: 'other', title: 'x' });
  await until(() => client.status().pending === 0);
  expect(stumbles).toBe(2);
  expect(client.refused()).toEqual([]);
  expect(server.stored('notes', 'a')).toMatchObject({ title: 'a' });
});

test('a discard while this device refuses a group leaves the group whole', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  const gate = door();
  server.fate = async (request) => {
    if (!carriesGroup(request)) return 'go';
    await gate.opened;
    return { status: 413 };
  };
  const hold = holdNext(client.notes, 'bulkWrite', withContext('replication-up-write-conflict'));
  const { ledger } = client;
  const judged = ledger.judged.bind(ledger);
  let said: Promise<unknown> | undefined;
  ledger.judged = async (one) => {
    if (one.refused.length > 0)
      said ??= client.sync.discard([client.of('a')?.op ?? '']).catch(String);
    await judged(one);
  };
  await client.sync.atomic('A pair', PAIR);
  await until(() => client.of('a') !== undefined && client.of('b') !== undefined);
  gate.open();
  await until(() => said !== undefined);
  expect(await said).toContain('has answered');
  hold.release();
  await until(() => client.status().pending === 0);
  expect(
    client
      .refused()
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(['a', 'b']);
});

test('another verdict does not forget what a refused group must not bring', async () => {
  const server = servers();
  const ledger = createMemoryLedger();
  const client = await openWatched(server, { ledger });
  await until(() => isSynced(client));
  server.fate = (request) => (carriesGroup(request) ? BROKEN : 'go');
  const hold = holdNext(client.notes, 'bulkWrite', withContext('replication-up-write-conflict'));
  await client.sync.atomic('A pair', PAIR);
  await until(() => client.of('a')?.state === 'failed');
  await client.collection('places').insert({ id: 'other', title: 'x' });
  await until(() => client.refused().length === 2 && hold.isHolding());
  const judged = ledger.judged.bind(ledger);
  ledger.judged = (one) =>
    one.refused.some(({ code }) => code === 'refused_before') ? new Promise(() => {}) : judged(one);
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ title: 'later' });
  await client.collection('places').insert({ id: 'another', title: 'x' });
  await until(() => server.stored('places', 'another') !== undefined);
  hold.release();
  await client.sync.stop();
  ledger.judged = judged;
  server.fate = () => 'go';
  const then = await openWatched(server, { ledger, database: client.database });
  await until(() => then.refused().some(({ code }) => code === 'refused_before'));
  await until(() => then.status().pending === 0);
  expect(server.stored('notes', 'a')).toBeUndefined();
});
