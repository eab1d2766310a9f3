// Answers that are none: a network that wants a log-in shows its own page with status 200, a proxy
// says that the server is gone, a server turns everybody away for minutes.

import { expect, test } from 'vitest';
import { defaultPlatform, type Platform } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { foreign, isSynced, notes, openClient } from './support/world.ts';

const PAGE = '<!doctype html><title>Welcome</title><p>Log in to use this network.</p>';
const html = (status: number): Awaited<ReturnType<Platform['fetch']>> =>
  new Response(PAGE, { status, headers: { 'Content-Type': 'text/html; charset=utf-8' } });

const TIMING = { firstRetryMs: 1, longestRetryMs: 16 };
const PAUSES = [1, 2, 4, 8, 16];

/** Notes the pauses between tries, which have no jitter. */
const watched = () => {
  const usual = defaultPlatform();
  const pauses: number[] = [];
  const platform: Partial<Platform> = {
    random: () => 1,
    after: (delayMs, run) => {
      if (PAUSES.includes(delayMs)) pauses.push(delayMs);
      return usual.after(delayMs, run);
    },
  };
  return { platform, pauses };
};

const PATHS = ['push', 'pull', 'stream', 'device'] as const;

test.each(PATHS.flatMap((path) => [200, 502].map((status) => [path, status] as const)))(
  'a page in the place of an answer to %s, status %i, is no answer, and is asked for less and less',
  async (path, status) => {
    const server = new FakeServer([notes]);
    const { platform, pauses } = watched();
    let isCaptive = true;
    const fetch: Platform['fetch'] = async (url, request) =>
      isCaptive && new URL(url).pathname === `/api/sync/${path}`
        ? html(status)
        : server.fetch(url, request);
    const client = await openClient({ fetch }, { platform, timing: TIMING });
    await client.notes.insert({ id: 'a', title: 'x' });
    await until(() => pauses.filter((pauseMs) => pauseMs === 16).length >= 2);
    expect(pauses.slice(0, 6)).toEqual([...PAUSES, 16]);
    expect(client.status()).toMatchObject({ state: 'unreachable' });
    if (status === 200) expect(client.status().lastError).toContain('Does this network want');
    if (path !== 'stream' && path !== 'pull') expect(client.status().pending).toBe(1);
    isCaptive = false;
    await until(() => isSynced(client) && server.stored('notes', 'a') !== undefined);
    expect(client.refused()).toEqual([]);
  },
);

test('a claim that is answered with something else is made again', async () => {
  const server = new FakeServer([notes]);
  server.fate = ({ path }) =>
    path === '/api/sync/device' && server.claims.length < 4 ? { status: 200, body: {} } : 'go';
  const client = await openClient(server);
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => isSynced(client) && server.stored('notes', 'a') !== undefined);
  expect(server.claims).toHaveLength(4);
  expect(new Set(server.claims.map(({ body }) => JSON.stringify(body))).size).toBe(1);
});

test('a stream that ends without a word is opened less and less often', async () => {
  const server = new FakeServer([notes]);
  const { platform, pauses } = watched();
  const mute: Platform['fetch'] = async (url, request) =>
    url.includes('/stream')
      ? new Response('', { headers: { 'Content-Type': 'text/event-stream' } })
      : server.fetch(url, request);
  await openClient({ fetch: mute }, { platform, timing: TIMING });
  await until(() => pauses.filter((pauseMs) => pauseMs === 16).length >= 2);
  expect(pauses.slice(0, 6)).toEqual([...PAUSES, 16]);
});

test('minutes of 503 are waited for as the server asks, and nothing leaves the outbox', async () => {
  const REFUSED_EACH = 5;
  const ASKED_MS = 60_000;
  const server = new FakeServer([notes]);
  const refused = new Map<string, number>();
  server.fate = ({ path }) => {
    const times = refused.get(path) ?? 0;
    if (times === REFUSED_EACH) return 'go';
    refused.set(path, times + 1);
    return { status: 503, headers: { 'Retry-After': String(ASKED_MS / 1_000) } };
  };
  const usual = defaultPlatform();
  let waits = 0;
  const client = await openClient(server, {
    timing: { firstRetryMs: 1_000, longestRetryMs: ASKED_MS },
    platform: {
      after: (delayMs, run) => {
        if (delayMs !== ASKED_MS) return usual.after(delayMs, run);
        waits += 1;
        return usual.after(0, run);
      },
    },
  });
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => isSynced(client) && server.stored('notes', 'a') !== undefined);
  await until(() => server.streams.length === 1);
  expect(Object.fromEntries(refused)).toEqual(
    Object.fromEntries(PATHS.map((path) => [`/api/sync/${path}`, REFUSED_EACH])),
  );
  expect(waits).toBe(PATHS.length * REFUSED_EACH);
  const waiting = client.statuses.filter(({ state }) => state === 'waiting');
  expect(waiting.length).toBeGreaterThan(0);
  expect(waiting.at(-1)?.lastError).toBeDefined();
  expect(server.rows.filter(({ doc }) => doc['id'] === 'a').length).toBe(REFUSED_EACH + 1);
});

test('an order to receive everything again that was cut off is asked for again, not guessed', async () => {
  const server = new FakeServer([notes]);
  let cut = 0;
  const fetch: Platform['fetch'] = async (url, request) => {
    if (cut === 0 || new URL(url).pathname !== '/api/sync/pull') return server.fetch(url, request);
    cut -= 1;
    const headers = { 'Content-Type': 'application/problem+json; charset=utf-8' };
    return new Response('{"code":"resync_req', { status: 410, headers });
  };
  const client = await openClient({ fetch });
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => isSynced(client) && server.stored('notes', 'a') !== undefined);
  cut = 2;
  client.sync.syncNow();
  await until(() => cut === 0);
  server.write('notes', foreign('b', 'theirs'));
  await until(async () => (await client.read('b')) !== undefined && isSynced(client));
  expect(client.statuses.filter(({ resync }) => resync !== undefined)).toEqual([]);
  expect(server.rows.length).toBe(1);
});
