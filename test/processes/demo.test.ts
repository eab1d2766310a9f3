// `demo` and the first start as processes: what they print, what one can do with it, what stays.

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  holdfast,
  serveHoldfast,
  startHoldfast,
  type Running,
} from '../support/holdfast-process.ts';
import { call } from '../support/live-server.ts';
import { until } from '../support/until.ts';

let directory: string;
let running: Running[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  running = [];
});
afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(directory, { recursive: true, force: true });
});

const serve = async () => {
  const server = await serveHoldfast(join(directory, 'data'));
  running.push(server);
  return server;
};
const firstStart = (server: Running): Promise<RegExpExecArray> =>
  until(
    () => /^first start: (http:\/\/\S+)\/setup#(\S+)$/m.exec(server.out()) ?? undefined,
    'the address of the first start',
  );
const setUp = (url: string, code: string) =>
  call(url, undefined, '/api/setup', {
    code,
    name: 'Mara',
    email: 'mara@example.org',
    password: 'correct horse',
    workspace: 'Harbour',
    modules: ['map', 'care'],
    sample: true,
  });

it('a first start prints a new code each time, until one is used, and logs none', async () => {
  const first = await serve();
  const [, , old = ''] = await firstStart(first);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);

  const second = await serve();
  const [, address, code = ''] = await firstStart(second);
  expect(address).toMatch(/^http:\/\/localhost:\d+$/);
  expect(address).toBe(second.url);
  expect(code).not.toBe(old);
  expect((await setUp(second.url, old)).status).toBe(403);
  expect((await setUp(second.url, code)).status).toBe(201);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  expect(second.err()).not.toContain(code);

  const third = await serve();
  expect((await call(third.url, undefined, '/api/setup')).json()).toEqual({ needed: false });
  expect(third.out()).not.toContain('first start');
});

it('a workspace made by command ends a first start whose page is open', async () => {
  const server = await serve();
  const [, , code = ''] = await firstStart(server);
  const owner = ['--email', 'ada@example.org', '--name', 'Ada', '--role', 'owner'];
  for (const command of [
    ['workspace', 'create', '--name', 'Field'],
    ['user', 'add', '--workspace', 'Field', ...owner],
  ]) {
    const args = [...command, '--data', join(directory, 'data')];
    expect((await holdfast(args, { HOLDFAST_PASSWORD: 'correct horse' })).code).toBe(0);
  }
  const late = await setUp(server.url, code);
  expect([late.status, late.json()['code']]).toEqual([409, 'already_set_up']);
  const logIn = { email: 'mara@example.org', password: 'correct horse' };
  expect((await call(server.url, undefined, '/api/session', logIn)).status).toBe(401);
  const ada = await call(server.url, undefined, '/api/session', {
    ...logIn,
    email: 'ada@example.org',
  });
  expect(ada.json()).toMatchObject({ workspace: { name: 'Field' }, role: 'owner' });
});

it('a demo prints log-ins that work, has sample data, and leaves nothing behind', async () => {
  const environment = { TMPDIR: directory };
  const demo = startHoldfast(['demo', '--port', '0'], environment);
  running.push(demo);
  const url = await until(() => {
    if (demo.child.exitCode !== null) throw new Error(`demo ended: ${demo.err()}`);
    return /^listening on (http:\/\/\S+)$/m.exec(demo.out())?.[1];
  }, 'the demo to listen');
  expect(readdirSync(directory)).toHaveLength(1);
  const logIns = [...demo.out().matchAll(/^ {2}(\S+) {2}password (\S+) {2}\((\w+)\)$/gm)];
  expect(logIns.map(([, , , role]) => role)).toEqual(['owner', 'member']);
  for (const [, email, password, role] of logIns) {
    const session = await call(url, undefined, '/api/session', { email, password });
    expect(session.json()).toMatchObject({ workspace: { name: 'Demo' }, role });
    const Cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const wanted = { collections: { feedings: null }, limit: 5_000 };
    const pulled = await call(url, undefined, '/api/sync/pull', wanted, { Cookie });
    const { feedings } = pulled.json()['collections'] as { feedings: { documents: unknown[] } };
    expect(feedings.documents.length).toBeGreaterThan(200);
  }
  demo.child.kill('SIGINT');
  expect(await demo.ended).toBe(0);
  expect(existsSync(directory)).toBe(true);
  expect(readdirSync(directory)).toEqual([]);
});
