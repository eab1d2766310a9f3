// The first start over HTTP: a code makes the first workspace and its owner, once and wholly.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collections } from '../../schemas/index.ts';
import { createLog } from '../../server/ops/log.ts';
import { createServer, type HoldfastServer } from '../../server/server.ts';
import type { Store } from '../../server/store/port/port.ts';
import { call, type Answer } from '../support/live-server.ts';
import { openTestStore } from '../support/store.ts';

let server: HoldfastServer;
let store: Store;
let code: string;
/** Takes place just before the next write of records, whosever it is. */
let beforeNextWrite: (() => Promise<unknown>) | undefined;

beforeEach(async () => {
  beforeNextWrite = undefined;
  const plain = openTestStore();
  store = {
    ...plain,
    writeRecords: async (writes) => {
      const before = beforeNextWrite;
      beforeNextWrite = undefined;
      await before?.();
      return plain.writeRecords(writes);
    },
  };
  server = createServer({
    store,
    collections: Object.values(collections),
    logger: createLog('silent'),
  });
  code = await server.core.accounts.createFirstStartCode();
  await server.listen({ port: 0 });
});
afterEach(() => server.close());

const body = (change: object = {}) => ({
  code,
  name: 'Mara',
  email: 'Mara@Example.org',
  password: 'correct horse',
  workspace: 'Harbour',
  modules: ['care'],
  sample: false,
  ...change,
});
const setUp = (change?: object, headers?: Record<string, string>): Promise<Answer> =>
  call(server.url, undefined, '/api/setup', body(change), headers);
const needed = async (): Promise<unknown> =>
  (await call(server.url, undefined, '/api/setup')).json()['needed'];
const codeOf = (answer: Answer): readonly unknown[] => [answer.status, answer.json()['code']];
const RECORDS = ['user', 'workspace', 'workspace-name', 'member', 'member-of', 'session'];
const made = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const kind of RECORDS) if ((await store.records(kind, '')).length > 0) found.push(kind);
  return found;
};

describe('the first start', () => {
  it('makes owner and workspace and signs the owner in', async () => {
    expect(await needed()).toBe(true);
    const answer = await setUp();
    expect(answer.status).toBe(201);
    const account = {
      user: { name: 'Mara', email: 'mara@example.org' },
      workspace: { name: 'Harbour' },
      role: 'owner',
      modules: ['care'],
    };
    expect(answer.json()).toMatchObject(account);
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect(cookie).toMatch(/^holdfast-\d+=[\w-]{43}$/);
    const session = await call(server.url, undefined, '/api/session', undefined, {
      Cookie: cookie,
    });
    expect([session.status, session.json()]).toEqual([200, answer.json()]);
    expect(await needed()).toBe(false);
    const again = await call(server.url, undefined, '/api/session', {
      email: 'mara@example.org',
      password: 'correct horse',
    });
    expect(again.json()).toEqual(answer.json());
  });

  it('takes a code once, and none once there is a workspace', async () => {
    expect((await setUp()).status).toBe(201);
    expect(codeOf(await setUp({ email: 'eve@example.org', workspace: 'Eve' }))).toEqual([
      409,
      'already_set_up',
    ]);
  });

  it('is over when a command has made a workspace', async () => {
    await server.core.accounts.createWorkspace('Field');
    expect(await needed()).toBe(false);
    expect(codeOf(await setUp())).toEqual([409, 'already_set_up']);
    expect(await made()).toEqual(['workspace', 'workspace-name']);
  });

  it('lets one of two through who use the code at once', async () => {
    const answers = await Promise.all([
      setUp({ email: 'one@example.org', workspace: 'One' }),
      setUp({ email: 'two@example.org', workspace: 'Two' }),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(await store.records('workspace', '')).toHaveLength(1);
    expect(await store.records('user', '')).toHaveLength(1);
    expect(await store.records('session', '')).toHaveLength(1);
  });

  it('makes nothing where a command makes a workspace in the same moment', async () => {
    beforeNextWrite = () => server.core.accounts.createWorkspace('Field');
    expect(codeOf(await setUp())).toEqual([409, 'already_set_up']);
    expect(await made()).toEqual(['workspace', 'workspace-name']);
    expect(await store.records('workspace', '')).toHaveLength(1);
  });

  it('signs in whoever asks again because the answer was lost, and nobody else', async () => {
    const [first, again] = [await setUp(), await setUp()];
    expect([again.status, again.json()]).toEqual([201, first.json()]);
    expect(again.headers.getSetCookie()).toHaveLength(1);
    expect(await store.records('workspace', '')).toHaveLength(1);
    expect(await store.records('user', '')).toHaveLength(1);
    const others = [{ password: 'another horse' }, { email: 'eve@example.org' }, { code: 'x' }];
    for (const other of others) {
      const refused = await setUp(other);
      expect([other, ...codeOf(refused)]).toEqual([other, 409, 'already_set_up']);
      expect(refused.headers.getSetCookie()).toEqual([]);
    }
  });

  it('tells who has no code nothing but whether it is still needed', async () => {
    const told = async () => {
      const { status, text, headers } = await call(server.url, undefined, '/api/setup');
      return [status, text, headers.getSetCookie()];
    };
    expect(await told()).toEqual([200, '{"needed":true}', []]);
    await setUp();
    expect(await told()).toEqual([200, '{"needed":false}', []]);
  });

  it('leaves nothing half made when the store fails, and the code still works', async () => {
    beforeNextWrite = () => Promise.reject(new Error('The disk is full.'));
    expect((await setUp()).status).toBe(500);
    expect(await made()).toEqual([]);
    expect(await needed()).toBe(true);
    expect((await setUp()).status).toBe(201);
  });
});

describe('the code', () => {
  it('is kept as its hash only', async () => {
    const kept = JSON.stringify(await store.records('first-start', ''));
    expect(code.length).toBeGreaterThan(40);
    expect(kept).toContain('codeHash');
    expect(kept.includes(code)).toBe(false);
  });

  it('that is wrong, or replaced by a newer one, says what to do', async () => {
    const old = code;
    code = await server.core.accounts.createFirstStartCode();
    for (const wrong of [old, 'x', 'y'.repeat(43)]) {
      const answer = await setUp({ code: wrong });
      expect(codeOf(answer)).toEqual([403, 'wrong_first_start_code']);
      expect(answer.json()['detail']).toMatch(/start it again: it prints a new one/);
    }
    expect(await made()).toEqual([]);
    expect((await setUp()).status).toBe(201);
  });

  it('cannot be guessed quickly', async () => {
    for (let guess = 0; guess < 5; guess += 1)
      expect((await setUp({ code: `guess ${guess}` })).status).toBe(403);
    const throttled = await setUp({ code: 'guess 6' });
    expect(codeOf(throttled)).toEqual([429, 'throttled']);
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('what does not do', () => {
  it('is refused with a sentence, and leaves the code as it was', async () => {
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ password: 'short' }, /password must have 8 to/],
      [{ email: 'nobody' }, /no e-mail address/],
      [{ name: '  ' }, /name must have 1 to 100/],
      [{ workspace: 'x'.repeat(101) }, /workspace's name must have 1 to 100/],
      [{ modules: [] }, /at least one module/],
      [{ modules: ['map', 'spy'] }, /is none of map, care/],
      [{ role: 'owner' }, /unknown field "role"/],
      [{ sample: 'yes' }, /not true or false/],
      [{ code: undefined }, /"code" is missing/],
      [{ code: 7 }, /not text/],
    ];
    for (const [change, sentence] of cases) {
      const answer = await setUp(change);
      expect([change, ...codeOf(answer)]).toEqual([change, 400, 'bad_request']);
      expect(answer.json()['detail']).toMatch(sentence);
    }
    expect(await made()).toEqual([]);
    expect((await setUp()).status).toBe(201);
  });

  it('comes from another site, or is not JSON', async () => {
    const cases = [
      [{ 'Sec-Fetch-Site': 'cross-site' }, 403, 'cross_origin'],
      [{ Origin: 'https://elsewhere.example' }, 403, 'cross_origin'],
      [{ 'Content-Type': 'text/plain' }, 415, 'not_json'],
    ] as const;
    for (const [headers, status, problem] of cases)
      expect(codeOf(await setUp({}, headers))).toEqual([status, problem]);
    expect(codeOf(await call(server.url, undefined, '/api/setup', '{"code":'))).toEqual([
      400,
      'bad_json',
    ]);
    expect(await made()).toEqual([]);
  });
});

it('a workspace from before modules were chosen uses all of them', async () => {
  const { accounts } = server.core;
  await accounts.createWorkspace('Old');
  const member = { email: 'ada@example.org', name: 'Ada', password: 'correct horse' };
  await accounts.addMember({ ...member, workspace: 'Old', role: 'owner' });
  const answer = await call(server.url, undefined, '/api/session', {
    email: member.email,
    password: member.password,
  });
  expect(answer.json()['modules']).toEqual(['map', 'care']);
});
