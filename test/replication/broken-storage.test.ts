// Storage that fails once, and not for want of space: whatever it was, syncing goes on by itself.

import { defer, firstValueFrom, merge, Subject } from 'rxjs';
import { expect, test, vi } from 'vitest';
import { createMemoryLedger, type Ledger } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { FakeLocks } from './support/realm.ts';
import { innermost } from './support/storage.ts';
import { letGo } from './support/watched.ts';
import { foreign, isSynced, note, notes, openClient } from './support/world.ts';

const broken = (): DOMException => new DOMException('It broke.', 'AbortError');

/** The next call of a method fails. */
function breakOnce(ledger: Ledger, name: keyof Ledger): { hasFailed: boolean } {
  const method: unknown = ledger[name];
  const state = { hasFailed: false };
  Reflect.set(ledger, name, () => {
    Reflect.set(ledger, name, method);
    state.hasFailed = true;
    return Promise.reject(broken());
  });
  return state;
}

test('a checkpoint that can’t be written stops neither direction', async () => {
  const server = new FakeServer([notes]);
  const before = await openClient(server);
  await until(() => isSynced(before));
  await before.sync.stop();
  const { storage, name } = before.database;
  const create = storage.createStorageInstance.bind(storage);
  let failed = 0;
  Reflect.set(storage, 'createStorageInstance', async (...given: Parameters<typeof create>) => {
    const made = await create(...given);
    if (given[0].databaseName !== name) return made;
    const target = innermost(made);
    const write = target.bulkWrite.bind(target);
    target.bulkWrite = (...rows) => {
      if (failed > 1 || rows[1] !== 'replication-set-checkpoint') return write(...rows);
      failed += 1;
      return Promise.reject(broken());
    };
    return made;
  });
  const client = await openClient(server, { database: before.database, ledger: before.ledger });
  await client.notes.insert({ id: 'a', title: 'x' });
  server.write('notes', foreign('b', 'from elsewhere'));
  await until(() => failed === 2);
  Reflect.set(storage, 'createStorageInstance', create);
  await client.notes.insert({ id: 'c', title: 'y' });
  server.write('notes', foreign('d', 'from elsewhere'));
  await until(() => server.stored('notes', 'c') !== undefined);
  await until(async () => (await client.read('d')) !== undefined && isSynced(client));
});

test('a ledger that can’t be read during a pull ends receiving for a moment only', async () => {
  const server = new FakeServer([notes]);
  const ledger = createMemoryLedger();
  const platform = { locks: new FakeLocks() };
  const client = await openClient(server, { ledger, platform });
  await until(() => isSynced(client) && server.streams.length === 1);
  let pull: { hasFailed: boolean } | undefined;
  server.beforeAnswer = ({ path }) => {
    if (path === '/api/sync/pull') pull ??= breakOnce(ledger, 'leader');
  };
  client.sync.syncNow();
  await until(() => pull?.hasFailed === true);
  server.write('notes', foreign('a', 'from elsewhere'));
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
});

test('a collection whose replication does not start at once starts later', async () => {
  const others = note('others');
  const server = new FakeServer([notes, others]);
  const before = await openClient(server, { collections: [notes, others] });
  await until(() => isSynced(before));
  await before.sync.stop();
  const { storage, name } = before.database;
  const create = storage.createStorageInstance.bind(storage);
  let failed = 0;
  Reflect.set(storage, 'createStorageInstance', (...given: Parameters<typeof create>) => {
    if (given[0].databaseName !== name || failed === 2) return create(...given);
    failed += 1;
    return Promise.reject(broken());
  });
  const client = await openClient(server, {
    collections: [notes, others],
    database: before.database,
    ledger: before.ledger,
  });
  for (const kind of ['notes', 'others']) {
    await client.collection(kind).insert({ id: 'a', title: 'x' });
    await until(() => server.stored(kind, 'a') !== undefined);
  }
  expect(failed).toBe(2);
  Reflect.set(storage, 'createStorageInstance', create);
  await client.sync.sent();
  expect(client.status().pending).toBe(0);
});

test('nothing is sent before it is known what a person has let go of', async () => {
  const server = new FakeServer([notes]);
  const ledger = createMemoryLedger();
  const first = await openClient(server, { ledger });
  await until(() => isSynced(first));
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  await first.notes.insert({ id: 'a', title: 'let go' });
  await until(() => server.pushes.length > 0);
  await first.sync.stop();
  const op = server.rows[0]?.op ?? '';
  // It was let go of, and the page died before its document went back.
  await ledger.judged(letGo(op));
  server.fate = () => 'go';
  const sent = server.pushes.length;
  const reading = breakOnce(ledger, 'tries');
  const next = await openClient(server, { ledger, database: first.database });
  await until(() => reading.hasFailed);
  await until(async () => isSynced(next) && (await next.read('a'))?._deleted === true);
  expect(server.pushes.length).toBe(sent);
});

test('what can’t be read once at the start keeps neither a refusal nor a discard back', async () => {
  const server = new FakeServer([notes]);
  server.write('notes', foreign('a', 'old'), foreign('b', 'old'));
  const ledger = createMemoryLedger();
  const first = await openClient(server, { ledger });
  await until(async () => (await first.read('a')) !== undefined && isSynced(first));
  await first.sync.stop();
  const reading = breakOnce(ledger, 'lastRun');
  const client = await openClient(server, { ledger, database: first.database });
  await until(() => reading.hasFailed && isSynced(client));
  server.fate = ({ path }) => (path === '/api/sync/push' ? { status: 413 } : 'go');
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ title: 'mine' });
  await until(() => client.refused().length === 1);
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  await (await client.notes.findOne('b').exec(true)).incrementalPatch({ title: 'mine' });
  const op = await until(async () => {
    const { records } = await firstValueFrom(client.sync.outbox$);
    return records.find(({ id, state }) => id === 'b' && state === 'pending')?.op;
  });
  await client.sync.discard([op]);
  await until(async () => (await client.read('b'))?.['title'] === 'old');
});

test('a note of the journal that can’t be written is told for a moment only', async () => {
  const server = new FakeServer([notes]);
  const ledger = createMemoryLedger();
  const client = await openClient(server, { ledger });
  await until(() => isSynced(client));
  const note = breakOnce(ledger, 'record');
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => note.hasFailed && client.status().lastError !== undefined);
  await until(() => isSynced(client) && client.status().lastError === undefined);
});

test('a ledger that can’t be read is not told as a server that does not answer', async () => {
  const server = new FakeServer([notes]);
  const ledger = createMemoryLedger();
  const client = await openClient(server, { ledger });
  await until(() => isSynced(client));
  const groups = vi.spyOn(ledger, 'groups').mockRejectedValue(broken());
  const states = new Set<string>();
  client.sync.status$.subscribe(({ state }) => states.add(state));
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => client.status().state === 'waiting');
  groups.mockRestore();
  await until(() => isSynced(client) && server.stored('notes', 'a') !== undefined);
  expect(states).not.toContain('unreachable');
});

test('refused writes are counted also after they could not be read once', async () => {
  const server = new FakeServer([notes]);
  const ledger = createMemoryLedger();
  const { refused$ } = ledger;
  const broke = new Subject<never>();
  let readers = 0;
  const first$ = defer(() => ((readers += 1) === 1 ? merge(refused$, broke) : refused$));
  Reflect.set(ledger, 'refused$', first$);
  const client = await openClient(server, { ledger });
  await until(() => isSynced(client));
  broke.error(broken());
  server.judge = () => ({ verdict: 'rejected', code: 'no', message: 'No.' });
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => client.status().refused === 1, 'the count');
});

test('a leader’s number that can’t be noted at once is noted later, also where there is one tab only', async () => {
  const server = new FakeServer([notes]);
  const ledger = createMemoryLedger();
  const raising = vi.spyOn(ledger, 'raiseLeader').mockRejectedValueOnce(broken());
  const client = await openClient(server, { ledger, timing: { heartbeatMs: 5 } });
  await until(() => isSynced(client));
  expect(raising.mock.calls.length).toBe(2);
});
