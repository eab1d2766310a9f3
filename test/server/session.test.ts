// Logging in and out over HTTP, and what happens to those who guess or come from elsewhere.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, startLiveServer, WORKSPACE, type LiveServer } from '../support/live-server.ts';

const EMAIL = 'ada@example.org';
let live: LiveServer;
let nowMs = 0;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 1);
  live = await startLiveServer({ now: () => nowMs });
  await live.keyFor('ada');
});
afterEach(() => live.stop());

const logIn = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${live.url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const signIn = async (): Promise<string> => {
  const response = await logIn({ email: EMAIL, password: PASSWORD });
  expect(response.status).toBe(200);
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
};

const session = (cookie: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${live.url}/api/session`, { headers: { Cookie: cookie, ...headers } });

const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { code?: unknown }).code;

describe('logging in', () => {
  it('answers with user, workspace and role, whatever the case of the address', async () => {
    const response = await logIn({ email: ' ADA@example.org', password: PASSWORD });
    expect(await response.json()).toMatchObject({
      user: { name: 'ada', email: EMAIL },
      workspace: { name: WORKSPACE },
      role: 'member',
    });
  });

  it('names the members of this workspace, and nobody else', async () => {
    await live.server.core.accounts.createWorkspace('Other');
    await live.keyFor('bea');
    await live.keyFor('eve', { workspace: 'Other' });
    const { members } = (await (await session(await signIn())).json()) as { members: unknown[] };
    expect(members).toEqual([
      { id: expect.any(String), name: 'ada' },
      { id: expect.any(String), name: 'bea' },
    ]);
  });

  it('sets a cookie that scripts cannot read and other sites cannot send', async () => {
    const cookie = (await logIn({ email: EMAIL, password: PASSWORD })).headers.getSetCookie()[0];
    expect(cookie).toMatch(
      /^holdfast-\d+=[\w-]{43}; Max-Age=2592000; Path=\/; .*HttpOnly; SameSite=Lax$/,
    );
  });

  it('sets a __Host- cookie with Secure where a proxy on this machine has TLS', async () => {
    const tls = { 'X-Forwarded-Proto': 'https' };
    const cookie =
      (await logIn({ email: EMAIL, password: PASSWORD }, tls)).headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(/^__Host-holdfast-\d+=.*; Secure/);
    const token = cookie.split(';')[0] ?? '';
    expect((await session(token, tls)).status).toBe(200);
    expect((await session(token)).status).toBe(401);
  });

  it('gives an unknown address and a wrong password the same answer', async () => {
    const wrong = await logIn({ email: EMAIL, password: 'not this one' });
    const unknown = await logIn({ email: 'nobody@example.org', password: PASSWORD });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const body = await wrong.json();
    expect(body).toMatchObject({ code: 'wrong_credentials' });
    expect(await unknown.json()).toEqual(body);
  });

  it('makes whoever guesses wait, and says how long', async () => {
    for (let guess = 0; guess < 5; guess += 1)
      expect((await logIn({ email: EMAIL, password: `guess ${guess}` })).status).toBe(401);
    const throttled = await logIn({ email: EMAIL, password: PASSWORD });
    expect(throttled.status).toBe(429);
    expect(await codeOf(throttled)).toBe('throttled');
    nowMs += Number(throttled.headers.get('retry-after')) * 1_000;
    expect((await logIn({ email: EMAIL, password: PASSWORD })).status).toBe(200);
    expect((await logIn({ email: EMAIL, password: PASSWORD })).status).toBe(200);
  });

  it('counts guesses that come at once', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 8 }, (_, index) => logIn({ email: EMAIL, password: `guess ${index}` })),
    );
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(3);
  });

  it('keeps of attempts neither who nor where, and nothing once they count no more', async () => {
    const attempts = () => live.store.records('attempts', '');
    await logIn({ email: EMAIL, password: 'a guess' });
    const kept = JSON.stringify(await attempts());
    expect([kept.includes('ada'), kept.includes('127.0.0.1')]).toEqual([false, false]);
    nowMs += 20 * 60_000;
    await logIn({ email: 'bea@example.org', password: 'a guess' });
    nowMs += 10 * 60_000;
    await live.server.core.accounts.sweep();
    // The network's, which both count for, and the two of the later one.
    expect(await attempts()).toHaveLength(3);
    nowMs += 20 * 60_000;
    await live.server.core.accounts.sweep();
    expect(await attempts()).toEqual([]);
  });

  it('keeps nothing of an attempt that has to wait', async () => {
    for (let guess = 0; guess < 5; guess += 1) await logIn({ email: EMAIL, password: 'a guess' });
    const kept = await live.store.records('attempts', '');
    expect((await logIn({ email: EMAIL, password: 'a guess' })).status).toBe(429);
    expect(await live.store.records('attempts', '')).toEqual(kept);
  });

  it('refuses what is not a log-in, each with its code', async () => {
    const good = { email: EMAIL, password: PASSWORD };
    const cases: readonly (readonly [unknown, number, string, Record<string, string>?])[] = [
      ['{"email":', 400, 'bad_json'],
      [[], 400, 'bad_request'],
      ['null', 400, 'bad_json'],
      [{ email: EMAIL }, 400, 'bad_request'],
      [{ email: 1, password: [] }, 400, 'bad_request'],
      [{ ...good, role: 'owner' }, 400, 'bad_request'],
      ['{"email":"a","password":"b","__proto__":{"workspace":"x"}}', 400, 'bad_request'],
      [{ ...good, password: 'x'.repeat(2_000) }, 400, 'bad_request'],
      [{ ...good, password: 'x'.repeat(20_000) }, 413, 'too_large'],
      [good, 415, 'not_json', { 'Content-Type': 'text/plain' }],
      [good, 403, 'cross_origin', { 'Sec-Fetch-Site': 'cross-site' }],
      [good, 403, 'cross_origin', { Origin: 'https://elsewhere.example' }],
      [{ ...good, workspace: 'Another' }, 403, 'not_a_member'],
    ];
    for (const [body, status, code, headers] of cases) {
      const response = await logIn(body, headers);
      expect([body, response.status, await codeOf(response)]).toEqual([body, status, code]);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(response.headers.get('content-type')).toMatch('application/problem+json');
    }
  });
});

describe('a session', () => {
  it('tells who one is, until it is ended', async () => {
    const cookie = await signIn();
    expect(await (await session(cookie)).json()).toMatchObject({ user: { email: EMAIL } });
    const ended = await fetch(`${live.url}/api/session`, {
      method: 'DELETE',
      headers: { Cookie: cookie },
    });
    expect(ended.status).toBe(204);
    expect(ended.headers.getSetCookie()[0]).toMatch(/^holdfast-\d+=;/);
    const after = await session(cookie);
    expect([after.status, await codeOf(after)]).toEqual([401, 'not_signed_in']);
  });

  it('ends thirty days after its last use, and not before', async () => {
    const cookie = await signIn();
    const dayMs = 24 * 60 * 60 * 1_000;
    nowMs += 29 * dayMs;
    const used = await session(cookie);
    expect(used.status).toBe(200);
    expect(used.headers.getSetCookie()[0]).toContain(cookie);
    nowMs += 29 * dayMs;
    expect((await session(cookie)).status).toBe(200);
    nowMs += 31 * dayMs;
    expect((await session(cookie)).status).toBe(401);
  });

  it('does not come back by a use that was under way when it was ended', async () => {
    const cookie = await signIn();
    nowMs += 2 * 24 * 60 * 60 * 1_000;
    await Promise.all([
      session(cookie),
      fetch(`${live.url}/api/session`, { method: 'DELETE', headers: { Cookie: cookie } }),
      session(cookie),
    ]);
    expect((await session(cookie)).status).toBe(401);
  });

  it('is swept away after its end, with nothing else', async () => {
    const cookie = await signIn();
    nowMs += 20 * 24 * 60 * 60 * 1_000;
    const later = await signIn();
    nowMs += 20 * 24 * 60 * 60 * 1_000;
    await live.server.core.accounts.sweep();
    expect(await live.store.records('session', '')).toHaveLength(1);
    expect((await session(cookie)).status).toBe(401);
    expect((await session(later)).status).toBe(200);
  });

  it('leaves nothing in the store that opens a door', async () => {
    const token = (await signIn()).split('=')[1] ?? '';
    const kinds = ['user', 'session', 'session-use', 'key', 'member'];
    const kept = await Promise.all(kinds.map((kind) => live.store.records(kind, '')));
    expect(JSON.stringify(kept)).not.toContain(token);
    expect(JSON.stringify(kept)).not.toContain(PASSWORD);
  });

  it('changes something only for pages of this server, and only with JSON', async () => {
    const cookie = await signIn();
    const push = async (headers: Record<string, string>, body = '{}'): Promise<unknown> => {
      const response = await fetch(`${live.url}/api/sync/push`, {
        method: 'POST',
        headers: { Cookie: cookie, 'Content-Type': 'application/json', ...headers },
        body,
      });
      return codeOf(response);
    };
    const { host } = new URL(live.url);
    expect(await push({ 'Sec-Fetch-Site': 'same-site' })).toBe('cross_origin');
    expect(await push({ 'Sec-Fetch-Site': 'none' })).toBe('cross_origin');
    expect(await push({ Origin: 'null' })).toBe('cross_origin');
    expect(await push({ Origin: `http://${host}.elsewhere.example` })).toBe('cross_origin');
    expect(await push({ 'Content-Type': 'text/plain' })).toBe('not_json');
    expect(await push({ 'Content-Type': 'multipart/form-data' })).toBe('not_json');
    expect(await push({ 'Sec-Fetch-Site': 'same-origin' })).toBe('bad_request');
    expect(await push({ Origin: `http://${host}` })).toBe('bad_request');
  });
});
