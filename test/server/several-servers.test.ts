// Two servers on one store: what is done at one holds at the other.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collections } from '../../schemas/index.ts';
import { createLog } from '../../server/ops/log.ts';
import { CommandError, runCommand } from '../../server/ops/commands.ts';
import { loadSampleStep } from '../../server/ops/sample.ts';
import { createServer, type HoldfastServer } from '../../server/server.ts';
import { openMemoryStore } from '../../server/store/memory/store.ts';
import type { Store } from '../../server/store/port/port.ts';
import { samplesOf } from '../schemas/samples.ts';
import { readEvents } from '../support/event-reader.ts';
import {
  call,
  cookieName,
  PASSWORD,
  startLiveServer,
  WORKSPACE,
  type LiveServer,
} from '../support/live-server.ts';
import { until } from '../support/until.ts';

const EMAIL = 'ada@example.org';
let store: Store;
let here: LiveServer;
let there: LiveServer;
/** Stands still, so that nothing that is remembered runs out by itself. */
let nowMs: number;
/** Takes place in the middle of the next purge of a workspace. */
let duringPurge: (() => Promise<unknown>) | undefined;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 1);
  const now = (): number => nowMs;
  duringPurge = undefined;
  const memory = openMemoryStore({ now });
  store = {
    ...memory,
    purge: async (workspace, beforeMs) => {
      const during = duringPurge;
      duringPurge = undefined;
      await during?.();
      return memory.purge(workspace, beforeMs);
    },
  };
  here = await startLiveServer({ store, now });
  there = await startLiveServer({ store, now });
});
afterEach(async () => {
  await here.stop();
  await there.stop();
});

const statusAt = async (live: LiveServer, key: string): Promise<number> =>
  (await call(live.url, key, '/api/session')).status;
const streamAt = (live: LiveServer, key: string) =>
  readEvents(`${live.url}/api/sync/stream`, { Authorization: `Bearer ${key}` });
const logIn = (live: LiveServer, password: string) =>
  call(live.url, undefined, '/api/session', { email: EMAIL, password });
const purge = (live: LiveServer): Promise<unknown> =>
  runCommand(live.server.core, 'purge', { olderThanMs: 0 });

describe('rights', () => {
  const member = { email: EMAIL, workspace: WORKSPACE };
  it.each([
    [
      'a key is revoked',
      async () => {
        const keys = await here.server.core.accounts.listKeys(WORKSPACE);
        const key = keys.find(({ email }) => email === EMAIL);
        await here.server.core.accounts.revokeKey(key?.id ?? '');
      },
    ],
    ['a member is removed', () => here.server.core.accounts.removeMember(member)],
  ])('end requests and streams at one server when %s at the other', async (_what, change) => {
    const key = await here.keyFor('ada');
    const other = await here.keyFor('bea');
    expect(await statusAt(there, key)).toBe(200);
    const [ends, stays] = [await streamAt(there, key), await streamAt(there, other)];
    await change();
    expect(await statusAt(here, key)).toBe(401);
    await until(ends.ended, 'the stream to end');
    expect(await statusAt(there, key)).toBe(401);
    expect([await statusAt(there, other), stays.ended()]).toEqual([200, false]);
    stays.stop();
  });

  it('of a stream that opens in the moment of a change end at once', async () => {
    const key = await here.keyFor('ada');
    const reader = await there.server.core.accounts.authenticate({ secret: key, via: 'key' });
    expect(reader).toBeDefined();
    await store.writeRecords(
      (await store.records('key', '')).map(({ id }) => ({ kind: 'key', id, value: undefined })),
    );
    // Nothing announced that: only what the stream itself asks can end it.
    const stream = await streamAt(there, key);
    expect(stream.status).toBe(200);
    await until(stream.ended, 'the stream to end');
  });

  it('are what a workspace was told last, at every server', async () => {
    const key = await here.keyFor('ada');
    const belowFloor = async (): Promise<unknown> =>
      (await there.server.core.accounts.authenticate({ secret: key, via: 'key' }))?.reader
        .belowFloor;
    expect(await belowFloor()).toBe('flag');
    await here.server.core.accounts.setBelowFloor(WORKSPACE, 'reject');
    await until(async () => (await belowFloor()) === 'reject', 'the other server to hear of it');
  });
});

describe('a session', () => {
  it('made at one server is valid at the other, until it is ended at either', async () => {
    await here.keyFor('ada');
    const { token } = await here.server.core.accounts.signIn({
      email: EMAIL,
      password: PASSWORD,
      address: '',
    });
    const status = async (live: LiveServer): Promise<number> => {
      const headers = { Cookie: `${cookieName(live.url)}=${token}` };
      return (await call(live.url, undefined, '/api/session', undefined, headers)).status;
    };
    expect([await status(here), await status(there)]).toEqual([200, 200]);
    await there.server.core.accounts.signOut(token);
    await until(async () => (await status(here)) === 401, 'the session to end');
  });
});

describe('whoever guesses', () => {
  beforeEach(() => here.keyFor('ada'));

  it('at one server waits at the other, and at one that is started anew', async () => {
    for (let guess = 0; guess < 5; guess += 1)
      expect((await logIn(here, `guess ${guess}`)).status).toBe(401);
    const anew = await startLiveServer({ store, now: () => nowMs });
    for (const live of [there, here, anew]) expect((await logIn(live, PASSWORD)).status).toBe(429);
    nowMs += Number((await logIn(there, PASSWORD)).headers.get('retry-after')) * 1_000;
    expect((await logIn(anew, PASSWORD)).status).toBe(200);
    expect((await logIn(here, PASSWORD)).status).toBe(200);
    await anew.stop();
  });

  it('at both servers at once has no more guesses than at one', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 8 }, (_, at) => logIn(at % 2 === 0 ? here : there, `guess ${at}`)),
    );
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5);
  });
});

describe('the first start', () => {
  let servers: readonly HoldfastServer[];
  beforeEach(async () => {
    const fresh = openMemoryStore();
    const logger = createLog('silent');
    const options = { store: fresh, collections: Object.values(collections), logger };
    servers = [createServer(options), createServer(options)];
    for (const server of servers) await server.listen({ port: 0 });
  });
  afterEach(() => Promise.all(servers.map((server) => server.close())));

  it('takes the code of one server at the other, and only once', async () => {
    const [one, other] = servers;
    const code = await one?.core.accounts.createFirstStartCode();
    const setUp = async (server: HoldfastServer | undefined, name: string): Promise<number> => {
      const names = { name, workspace: name, email: `${name}@example.org`, password: PASSWORD };
      const body = { code, ...names, modules: ['care'], sample: false };
      return (await call(server?.url ?? '', undefined, '/api/setup', body)).status;
    };
    const both = await Promise.all([setUp(other, 'bea'), setUp(one, 'ada')]);
    expect(new Set(both)).toEqual(new Set([201, 409]));
    expect([await setUp(one, 'eve'), await setUp(other, 'eve')]).toEqual([409, 409]);
  });
});

describe('a purge', () => {
  it('is under way at one server at a time', async () => {
    const second: unknown[] = [];
    duringPurge = async () => {
      second.push(await purge(there).catch((error: unknown) => error));
    };
    expect(await purge(here)).toBeDefined();
    expect(second).toEqual([expect.any(CommandError)]);
    expect(String(second[0])).toMatch('here or on another server');
    expect(await purge(there)).toBeDefined();
  });

  it('ends where another server has taken it over', async () => {
    await here.server.core.accounts.createWorkspace('Second');
    let overtaken: unknown;
    duringPurge = async () => {
      nowMs += 120_000;
      overtaken = await purge(there);
      duringPurge = () => Promise.reject(new Error('It goes on.'));
    };
    expect(await purge(here)).toBeDefined();
    expect(overtaken).toBeDefined();
    expect(duringPurge).toBeDefined();
  });
});

it('sample data that both servers load at once never go back to a step that is done', async () => {
  await here.keyFor('ada', { role: 'owner' });
  const owner = await here.server.core.accounts.commander(EMAIL, WORKSPACE);
  if (owner === undefined) throw new Error('nobody there');
  const [pin] = samplesOf(collections.pins, 1, 7);
  const { id: _id, ...fields } = pin ?? {};
  const steps = ['one', 'two', 'three'].map((id) => ({
    collection: 'pins',
    documents: [{ id, fields }],
  }));
  const load = (live: LiveServer) => loadSampleStep(live.server.core, () => steps, owner);
  await load(here);
  vi.spyOn(store, 'writeRecords').mockImplementationOnce(async (writes) => {
    await load(there);
    await load(there);
    return store.writeRecords(writes);
  });
  await load(here);
  const [kept] = await store.records('sample', '');
  expect(kept?.value).toMatchObject({ stepsDone: 3 });
});
