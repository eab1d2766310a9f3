import { expect, test, vi } from 'vitest';
import { until } from '../support/until.ts';
import { createMemoryLedger } from '../../replication/index.ts';
import { defaultPlatform } from '../../replication/plugin/default-platform.ts';
import { DeviceFull } from '../../replication/plugin/device-full.ts';
import { Board } from '../../replication/plugin/status.ts';
import { FakeServer } from './support/fake-server.ts';
import { door } from './support/feed.ts';
import { fillDevice } from './support/full-device.ts';
import { foreign, isSynced, notes, openClient, QUICK, type Client } from './support/world.ts';

const isFull = (client: Client): boolean => client.status().deviceFull === true;
/** Long enough that nothing happens by itself. */
const PATIENT = { firstRetryMs: 5, longestRetryMs: 600_000 } as const;

test('a page that finds no space is told, receiving rests, and nothing of it is lost', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server, { timing: PATIENT });
  await until(() => isSynced(client) && server.streams.length === 1);
  const device = fillDevice(client.notes, 'replication-downstream');
  server.write('notes', foreign('a', 'from elsewhere'));
  await until(() => isFull(client) && client.status().state === 'waiting');
  expect(client.status().lastError).toMatch(/^This device is full/);
  // The session has begun again; it asks for nothing before the long wait is over.
  await until(() => server.claims.length === 2);
  const pulls = server.count('/api/sync/pull');
  await client.notes.insert({ id: 'b', title: 'written meanwhile' });
  await until(() => server.stored('notes', 'b') !== undefined);
  expect(server.count('/api/sync/pull')).toBe(pulls);
  expect(server.streams.every(({ isOpen }) => !isOpen)).toBe(true);
  device.empty();
  client.sync.syncNow();
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
  expect(isFull(client)).toBe(false);
});

test('an answer whose meta row finds no space is sent again until it does, with one effect', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await until(() => isSynced(client));
  const device = fillDevice(client.notes, 'replication-up-write');
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => isFull(client) && server.rows.length >= 2);
  // Another one, which is smaller, does not carry the checkpoint past it.
  await client.notes.insert({ id: 'b', title: 'y' });
  device.empty();
  await until(() => isSynced(client) && client.status().pending === 0);
  const ops = new Set(server.rows.map(({ op }) => op));
  expect(ops.size).toBe(2);
  expect((await client.read('a'))?.rev).toBe(server.stored('notes', 'a')?.rev);
  expect(isFull(client)).toBe(false);
  const sent = server.rows.length;
  client.sync.syncNow();
  await until(() => isSynced(client));
  expect(server.rows.length).toBe(sent);
});

test('a checkpoint that finds no space stops neither direction for good', async () => {
  const server = new FakeServer([notes]);
  const before = await openClient(server);
  await until(() => isSynced(before));
  const device = fillDevice(before.notes, 'replication-set-checkpoint');
  await before.sync.stop();
  const client = await openClient(server, { database: before.database, ledger: before.ledger });
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => isFull(client));
  device.empty();
  await until(() => isSynced(client));
  await client.notes.insert({ id: 'b', title: 'y' });
  server.write('notes', foreign('c', 'from elsewhere'));
  await until(() => server.stored('notes', 'b') !== undefined);
  await until(async () => (await client.read('c')) !== undefined && isSynced(client));
});

test('tries become rarer, so that a full device does not keep the server busy', async () => {
  const server = new FakeServer([notes]);
  const waits: number[] = [];
  const client = await openClient(server, {
    timing: { ...QUICK, firstRetryMs: 4, longestRetryMs: 64 },
    platform: {
      after: (delayMs, run) => {
        waits.push(delayMs);
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
  });
  await until(() => isSynced(client));
  fillDevice(client.notes, 'replication-up-write');
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => server.rows.length >= 6);
  for (const delayMs of [4, 8, 16, 32]) expect(waits).toContain(delayMs);
});

test('a ledger that finds no space tells so, and its next write takes that back', async () => {
  const server = new FakeServer([notes]);
  const ledger = createMemoryLedger();
  const client = await openClient(server, { ledger });
  await until(() => isSynced(client));
  const judged = ledger.judged.bind(ledger);
  let isRoom = false;
  Reflect.set(ledger, 'judged', (given: Parameters<typeof judged>[0]) =>
    isRoom ? judged(given) : Promise.reject(new DOMException('', 'QuotaExceededError')),
  );
  server.judge = () => ({ verdict: 'rejected', code: 'no', message: 'No.' });
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => isFull(client));
  expect(client.refused()).toEqual([]);
  isRoom = true;
  await until(() => client.refused().length === 1 && !isFull(client));
  expect(client.refused()[0]?.doc['title']).toBe('x');
});

test('a refusal that finds no space is told, and made when there is some', async () => {
  const server = new FakeServer([notes]);
  server.write('notes', foreign('a', 'old'));
  const ledger = createMemoryLedger();
  const client = await openClient(server, { ledger });
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
  const noteRun = ledger.noteRun.bind(ledger);
  ledger.noteRun = () => Promise.reject(new DOMException('No space.', 'QuotaExceededError'));
  server.fate = ({ path }) => (path === '/api/sync/push' ? { status: 413 } : 'go');
  await (await client.notes.findOne('a').exec(true)).incrementalPatch({ title: 'mine' });
  await until(() => isFull(client));
  ledger.noteRun = noteRun;
  await until(() => client.refused().length === 1 && client.status().pending === 0);
});

test('a session that finds no space after the lead was lost and won again is ended, too', async () => {
  const closing = [door(), door()];
  const ends: unknown[] = [];
  let begun = 0;
  const full: DeviceFull = new DeviceFull({
    platform: defaultPlatform(),
    timing: PATIENT,
    board: new Board(),
    close: () => closing[ends.push('closed') - 1]?.opened ?? Promise.resolve(),
    reopen: () => (begun += 1),
    failed: () => {},
  });
  const noSpace = new DOMException('No space.', 'QuotaExceededError');
  full.met(noSpace);
  full.end();
  full.met(noSpace);
  for (const one of closing) one.open();
  await until(() => begun > 0);
  expect([ends.length, begun]).toEqual([2, 1]);
});

test('a device that is full begins nothing after the stop', async () => {
  const server = new FakeServer([notes]);
  const ledger = createMemoryLedger();
  const usual = defaultPlatform();
  const RETRY_MS = 7;
  let retries = 0;
  const after: typeof usual.after = (delayMs, run) =>
    usual.after(delayMs, () => {
      run();
      if (delayMs === RETRY_MS) retries += 1;
    });
  const timing = { firstRetryMs: RETRY_MS, longestRetryMs: 1_000 };
  const client = await openClient(server, { ledger, timing, platform: { after } });
  await until(() => isSynced(client));
  const [asked, stopped] = [door(), door()];
  ledger.judged = async () => {
    asked.open();
    await stopped.opened;
    throw new DOMException('No space.', 'QuotaExceededError');
  };
  await client.notes.insert({ id: 'a', title: 'x' });
  await asked.opened;
  await client.sync.stop();
  const begun = vi.spyOn(ledger, 'tries');
  const before = retries;
  stopped.open();
  await until(() => retries > before, 'the end of its wait');
  expect(begun).not.toHaveBeenCalled();
});
