import { expect, test } from 'vitest';
import { defaultPlatform, type Platform } from '../../replication/index.ts';
import type { Failure } from '../../replication/plugin/link.ts';
import { Retry, Waker, type Trouble } from '../../replication/plugin/retry.ts';
import { Board, stateOf, statusOf, type Facts } from '../../replication/plugin/status.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { isSynced, notes, openClient } from './support/world.ts';

/** Time that stands still: timers are kept and run by hand. */
const still = () => {
  const delays: number[] = [];
  const runs: (() => void)[] = [];
  const platform: Platform = {
    ...defaultPlatform(),
    now: () => 0,
    random: () => 1,
    after: (delayMs, run) => {
      delays.push(delayMs);
      runs.push(run);
      return () => {};
    },
  };
  return { platform, delays, runs };
};
const TIMES = { firstRetryMs: 1_000, longestRetryMs: 60_000 };
const GONE: Failure = { kind: 'unreachable', message: 'gone' };
const refused = (status: number, retryAfterMs?: number) => ({
  kind: 'refused' as const,
  status,
  code: 'x',
  message: 'x',
  retryAfterMs,
});

test('waits double from one second to a minute, and begin anew after a success', async () => {
  const { platform, delays, runs } = still();
  const waker = new Waker(platform);
  const retry = new Retry(platform, TIMES, waker, () => {});
  for (let failure = 0; failure < 8; failure += 1) {
    const paused = retry.pause(GONE);
    runs.at(-1)?.();
    await paused;
  }
  retry.succeeded();
  const paused = retry.pause(GONE);
  runs.at(-1)?.();
  await paused;
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 1_000]);
});

test('the server’s Retry-After is waited for, a lasting refusal waits longest', async () => {
  const { platform, delays } = still();
  const waker = new Waker(platform);
  const troubles: (Trouble | undefined)[] = [];
  const retry = new Retry(platform, TIMES, waker, (trouble) => troubles.push(trouble));
  for (const failure of [refused(503, 7_000), refused(429, 90_000), refused(400)]) {
    const paused = retry.pause(failure);
    waker.wake('now');
    await paused;
  }
  expect(delays).toEqual([7_000, 90_000, 60_000]);
  expect(troubles.at(-1)).toEqual({ kind: 'waiting', message: 'x', nextTryAtMs: 60_000 });
});

test('a network that comes back does not end the wait that the server asked for', async () => {
  const { platform, runs } = still();
  const waker = new Waker(platform);
  const retry = new Retry(platform, TIMES, waker, () => {});
  const ends: string[] = [];
  void retry.pause(refused(503, 7_000)).then((why) => ends.push(why));
  const other = retry.pause(refused(503)).then((why) => ends.push(why));
  waker.wake('network');
  await other;
  expect(ends).toEqual(['network']);
  runs[0]?.();
  await until(() => ends.length === 2);
  expect(ends).toEqual(['network', 'due']);
});

test('an app that is too old waits longest, and says that it has to be loaded again', async () => {
  const { platform, delays } = still();
  const waker = new Waker(platform);
  const troubles: (Trouble | undefined)[] = [];
  const retry = new Retry(platform, TIMES, waker, (trouble) => troubles.push(trouble));
  for (const code of ['outdated', 'server_outdated']) {
    const paused = retry.pause({ ...refused(426), code });
    waker.wake('network');
    await paused;
  }
  expect(delays).toEqual([60_000, 60_000]);
  expect(troubles.map((trouble) => trouble?.kind)).toEqual(['outdated', 'waiting']);
  const [outdated] = troubles;
  if (outdated === undefined) throw new Error('Nothing was reported.');
  const board = new Board();
  board.trouble('push', outdated);
  expect(board.status).toMatchObject({ state: 'waiting', serverNewer: true, lastError: 'x' });
  board.trouble('push', undefined);
  expect(board.status.serverNewer).toBeUndefined();
});

test('a lost log-in waits for a person, not for the network', async () => {
  const { platform, delays } = still();
  const waker = new Waker(platform);
  const retry = new Retry(platform, TIMES, waker, () => {});
  let isOver = false;
  const paused = retry.pause(refused(401)).then(() => (isOver = true));
  waker.wake('network');
  await Promise.resolve();
  expect([isOver, delays]).toEqual([false, []]);
  waker.wake('now');
  await paused;
});

test('the network coming back ends the wait at once', async () => {
  const server = new FakeServer([notes]);
  server.fate = () => 'lose request';
  let wake = (_why: 'online' | 'offline' | 'visible'): void => {};
  let online = false;
  const client = await openClient(server, {
    timing: { firstRetryMs: 1_000_000, longestRetryMs: 1_000_000 },
    platform: { online: () => online, onWake: (run) => ((wake = run), () => {}) },
  });
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => client.status().state === 'offline' && server.claims.length === 1);
  server.fate = () => 'go';
  online = true;
  wake('online');
  await until(() => isSynced(client) && server.stored('notes', 'a') !== undefined);
});

test('the first state that fits is shown, in the order of the table', () => {
  const trouble = (kind: 'unreachable' | 'waiting' | 'notMember'): Trouble => ({
    kind,
    message: kind,
    nextTryAtMs: 5,
  });
  const facts: Facts = {
    started: false,
    online: false,
    troubles: {
      push: { kind: 'loggedOut', message: 'out' },
      pull: trouble('unreachable'),
      stream: trouble('waiting'),
    },
    refused: 1,
    conflicts: 0,
    pending: 2,
    failed: 1,
    pushing: 'idle',
    pendingKeys: [],
    sent: 3,
    judged: 0,
    receiving: true,
    expected: 0,
    received: 4,
    lastSyncedAtMs: undefined,
    leader: true,
    resync: undefined,
    deviceFull: undefined,
    outdated: undefined,
  };
  const steps: Partial<Facts>[] = [
    {},
    { troubles: { pull: trouble('unreachable'), stream: trouble('waiting') } },
    { troubles: { push: trouble('notMember'), pull: trouble('unreachable') }, online: true },
    { troubles: { pull: trouble('unreachable') } },
    { troubles: { stream: trouble('waiting') } },
    { failed: 0 },
    { troubles: {} },
    { refused: 0 },
    { pending: 0 },
    { receiving: false },
    { started: true },
  ];
  let now = facts;
  const states = steps.map((step) => stateOf((now = { ...now, ...step })));
  expect(states).toEqual([
    'loggedOut',
    'offline',
    'notMember',
    'unreachable',
    'attention',
    'waiting',
    'attention',
    'sending',
    'receiving',
    'starting',
    'synced',
  ]);
  expect(statusOf({ ...now, pending: 2 }).progress).toEqual({ done: 3, of: 5 });
  const receiving = { ...now, receiving: true };
  expect(statusOf({ ...receiving, expected: 9 }).progress).toEqual({ done: 4, of: 9 });
  expect(statusOf(receiving).progress).toEqual({ done: 4, of: 4 });
});
