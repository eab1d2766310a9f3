import { expect, test, vi } from 'vitest';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { door } from './support/feed.ts';
import { beforeNext } from './support/ledgers.ts';
import { tabsOf } from './support/tabs.ts';
import { foreign, isSynced, notes, openClient, type Client } from './support/world.ts';

const leads = (client: Client): boolean => client.status().leader;

test('one tab leads, the others show its status and their writes are sent by it', async () => {
  const server = new FakeServer([notes]);
  const { open } = tabsOf(server, openClient);
  const first = await open('first');
  const second = await open('second');
  await until(() => isSynced(first) && isSynced(second));
  expect([leads(first), leads(second)]).toEqual([true, false]);
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  await second.notes.insert({ id: 'a', title: 'from the second tab' });
  await until(
    () =>
      second.status().pendingKeys.includes('notes/a') && second.status().state === 'unreachable',
  );
  server.fate = () => 'go';
  await until(() => server.stored('notes', 'a') !== undefined && isSynced(second));
  expect(server.count('/api/sync/stream')).toBe(1);
});

test('a follower that asks for it makes the leader try at once', async () => {
  const server = new FakeServer([notes]);
  const { open } = tabsOf(server, openClient);
  const first = await open('first');
  const second = await open('second');
  await until(() => isSynced(first) && isSynced(second));
  second.sync.syncNow();
  await until(() => server.count('/api/sync/pull') === 2);
});

test('when the leader goes, the next tab takes over without losing or repeating anything', async () => {
  const server = new FakeServer([notes]);
  const { open } = tabsOf(server, openClient);
  const first = await open('first');
  const second = await open('second');
  await until(() => isSynced(first) && isSynced(second));
  await first.notes.insert({ id: 'a', title: 'x' });
  await first.sync.stop();
  await until(() => leads(second) && server.stored('notes', 'a') !== undefined);
  server.write('notes', foreign('b', 'x'));
  await until(async () => (await second.read('b')) !== undefined && isSynced(second));
  expect(new Set(server.rows.map(({ op }) => op)).size).toBe(1);
});

test('a frozen leader is replaced; when it wakes it writes nothing and follows', async () => {
  const server = new FakeServer([notes]);
  const { open, channels, ledger } = tabsOf(server, openClient);
  const first = await open('first');
  const second = await open('second');
  await until(() => isSynced(first) && isSynced(second));
  // Its push is under way when it freezes, and the answer comes when it has been replaced.
  let answer = (): void => {};
  server.judge = ({ doc }) => (doc['title'] === 'bad' ? { verdict: 'rejected' } : undefined);
  server.beforeAnswer = ({ path }) =>
    path === '/api/sync/push' && server.pushes.length === 1
      ? new Promise((resolve) => (answer = resolve))
      : undefined;
  await first.notes.insert({ id: 'a', title: 'bad' });
  await until(() => server.pushes.length === 1);
  const stored = vi.spyOn(ledger, 'judged');
  channels.frozen.add('first');
  await until(() => leads(second));
  expect(await ledger.leader()).toBe(2);
  await until(async () => (await second.read('a'))?._deleted === true);
  expect(stored).toHaveBeenCalledTimes(1);
  // Its first task after waking is the answer; the news of the lock comes later.
  const looked = vi.spyOn(ledger, 'leader');
  answer();
  await until(() => looked.mock.calls.length > 0);
  channels.frozen.delete('first');
  await until(() => !leads(first) && first.status().state === second.status().state);
  expect(stored).toHaveBeenCalledTimes(1);
});

test('a tab whose lock is stolen before it has noted its number begins no session', async () => {
  const server = new FakeServer([notes]);
  const { open, ledger, locks } = tabsOf(server, openClient);
  const slow = door();
  beforeNext(ledger, 'raiseLeader', () => slow.opened);
  const requests = vi.spyOn(locks, 'request');
  const first = await open('first');
  const second = await open('second');
  // Each has asked for it, the second one has stolen it, and the first one waits again.
  await until(() => leads(second) && isSynced(second) && requests.mock.calls.length === 4);
  slow.open();
  await until(async () => (await ledger.leader()) > 1);
  await second.sync.stop();
  await until(() => leads(first) && isSynced(first));
  await first.notes.insert({ id: 'a', title: 'x' });
  await until(() => server.stored('notes', 'a') !== undefined && isSynced(first));
  expect(server.rows.length).toBe(1);
  await first.sync.stop();
  await until(() => server.streams.every(({ isOpen }) => !isOpen), 'the end of all streams');
});

test('a tab that can’t begin to lead does not go on saying what the last leader said', async () => {
  const server = new FakeServer([notes]);
  const { open, ledger } = tabsOf(server, openClient);
  const first = await open('first');
  const second = await open('second');
  await until(() => isSynced(first) && isSynced(second));
  const raising = vi
    .spyOn(ledger, 'raiseLeader')
    .mockRejectedValue(new DOMException('No space.', 'QuotaExceededError'));
  await first.sync.stop();
  await until(() => second.status().state === 'waiting' && second.status().deviceFull === true);
  raising.mockRestore();
  await second.notes.insert({ id: 'a', title: 'x' });
  await until(() => server.stored('notes', 'a') !== undefined && isSynced(second));
});

test('a take-over that could not be noted is tried again', async () => {
  const server = new FakeServer([notes]);
  const { open, channels, ledger } = tabsOf(server, openClient);
  const first = await open('first');
  const second = await open('second');
  await until(() => isSynced(first) && isSynced(second));
  const raising = vi.spyOn(ledger, 'raiseLeader').mockRejectedValueOnce(new Error('It broke.'));
  channels.frozen.add('first');
  await until(() => leads(second));
  expect(raising.mock.calls.length).toBe(2);
  channels.frozen.delete('first');
  await until(() => !leads(first));
});

test('a follower goes on showing what the leader said when it learns something itself', async () => {
  const server = new FakeServer([notes]);
  const { open, channels } = tabsOf(server, openClient);
  const first = await open('first');
  const second = await open('second');
  await until(() => isSynced(first) && isSynced(second));
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  await second.notes.insert({ id: 'a', title: 'x' });
  await until(() => second.status().state === 'unreachable' && second.status().pending === 1);
  // From here on only the ledger, which both tabs read, brings news.
  channels.frozen.add('first');
  await first.ledger.judged({
    groups: [],
    refused: [
      {
        op: 'o',
        collection: 'notes',
        id: 'b',
        doc: { id: 'b', title: 'x' },
        verdict: 'rejected',
        code: 'no',
        message: 'No.',
        refusedAtMs: 1,
      },
    ],
    finished: [],
    tried: [],
  });
  const [now] = second.statuses.filter(({ refused }) => refused === 1);
  expect(now).toMatchObject({ state: 'unreachable', pending: 1, pendingKeys: ['notes/a'] });
  channels.frozen.delete('first');
});

test('what waited under a leader that has gone is not shown as waiting for ever', async () => {
  const server = new FakeServer([notes]);
  const { open, channels } = tabsOf(server, openClient);
  const first = await open('first');
  const second = await open('second');
  await until(() => isSynced(first) && isSynced(second));
  let waiting = 0;
  second.sync.outbox$.subscribe(({ counts }) => (waiting = counts.pending + counts.syncing));
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  await first.notes.insert({ id: 'a', title: 'x' });
  await until(() => waiting === 1);
  // It sends it, and goes without having said so.
  channels.frozen.add('first');
  server.fate = () => 'go';
  first.sync.syncNow();
  await until(() => server.stored('notes', 'a') !== undefined && isSynced(first));
  await first.sync.stop();
  await until(() => leads(second) && isSynced(second));
  await until(() => waiting === 0);
});

test('a leader whose number was overtaken gives nothing to RxDB, even while it holds the lock', async () => {
  const server = new FakeServer([notes]);
  const { open, ledger } = tabsOf(server, openClient);
  const first = await open('first');
  await until(() => isSynced(first) && server.streams.length === 1);
  await ledger.raiseLeader();
  server.write('notes', foreign('a', 'x'));
  await until(() => server.streams[0]?.isOpen === false);
  // It follows, takes the free lock with a new number, and catches up from where RxDB stands.
  await until(async () => (await first.read('a')) !== undefined);
  expect(await ledger.leader()).toBe(3);
});

test('RxDB neither watches the visibility of the page nor sends it fake events', async () => {
  const listened: string[] = [];
  vi.stubGlobal('document', {
    visibilityState: 'hidden',
    addEventListener: (type: string) => listened.push(type),
    removeEventListener: () => {},
    dispatchEvent: () => true,
  });
  const intervals = vi.spyOn(globalThis, 'setInterval');
  try {
    const server = new FakeServer([notes]);
    const client = await openClient(server);
    await until(() => isSynced(client));
    // The one listener is the platform's own.
    expect(listened).toEqual(['visibilitychange']);
    expect(intervals.mock.calls.filter(([, delayMs]) => delayMs === 20_000)).toEqual([]);
  } finally {
    vi.unstubAllGlobals();
    intervals.mockRestore();
  }
});

test('stop ends streams, requests and timers, and twice is once', async () => {
  const server = new FakeServer([notes]);
  const timers = new Set<object>();
  const client = await openClient(server, {
    platform: {
      after: (delayMs, run) => {
        const entry = {};
        timers.add(entry);
        const timer = setTimeout(() => {
          timers.delete(entry);
          run();
        }, delayMs);
        return () => {
          timers.delete(entry);
          clearTimeout(timer);
        };
      },
    },
  });
  await until(() => server.streams.length === 1 && isSynced(client));
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'hang' : 'go');
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => server.pushes.length === 1);
  await Promise.all([client.sync.stop(), client.sync.stop()]);
  expect(server.streams[0]?.isOpen).toBe(false);
  expect(timers.size).toBe(0);
  const requests = server.requests.length;
  await client.notes.insert({ id: 'b', title: 'x' });
  expect(server.requests.length).toBe(requests);
});

test('closing the database ends the sync', async () => {
  const server = new FakeServer([notes]);
  const client = await openClient(server);
  await until(() => server.streams.length === 1);
  await client.database.close();
  expect(server.streams[0]?.isOpen).toBe(false);
});
