// `--mongo`: two servers and the commands on one database, as people run them.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEvents } from '../support/event-reader.ts';
import { holdfast, serveHoldfast, type Ended, type Running } from '../support/holdfast-process.ts';
import { startMongo, type TestMongo } from '../support/mongo.ts';
import { until } from '../support/until.ts';

const WHO = ['--email', 'ada@example.org', '--workspace', 'Field'];
const folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
const data = join(folder, 'data');
const servers: Running[] = [];
let mongo: TestMongo;

beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(async () => {
  for (const { child, ended } of servers) {
    child.kill('SIGKILL');
    await ended;
  }
  await mongo.stop();
  rmSync(folder, { recursive: true });
});

it('servers and commands with --mongo share one database and need no data folder', async () => {
  const url = mongo.urlOf('serve');
  const run = (...args: string[]): Promise<Ended> =>
    holdfast([...args, '--data', data], {
      HOLDFAST_MONGO: url,
      HOLDFAST_PASSWORD: 'correct horse',
    });
  const serve = async (): Promise<Running & { readonly url: string }> => {
    const server = await serveHoldfast(data, ['--mongo', url]);
    servers.push(server);
    return server;
  };
  const one = await serve();
  await until(() => one.out().includes('first start: '), 'the code of the first start');
  expect(await run('workspace', 'create', '--name', 'Field')).toMatchObject({ code: 0, err: '' });
  const added = await run('user', 'add', ...WHO, '--name', 'Ada', '--role', 'owner');
  expect(added).toMatchObject({ code: 0, err: '' });
  const key = (await run('token', 'create', ...WHO)).out.trim();
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };

  const other = await serve();
  const stream = await readEvents(`${other.url}/api/sync/stream?collections=pins`, headers);
  const file = join(folder, 'pins.csv');
  writeFileSync(file, 'title,lat,lng\nHarbour,54.3,10.1\nTower,48.2,16.4\n');
  const map = ['--map', 'title=title', 'position.lat=lat', 'position.lng=lng'];
  const set = ['--set', 'kind=site', 'status=open'];
  const imported = await run('import', 'pins', file, ...WHO, ...map, ...set);
  expect(imported).toMatchObject({ code: 0, out: '2 rows read, 2 imported, 0 refused\n' });
  await until(() => stream.events.some((event) => event.data.includes('Harbour')), 'the import');
  stream.stop();
  for (const server of [one, other]) {
    const response = await fetch(`${server.url}/api/sync/pull`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ collections: { pins: null }, limit: 10 }),
    });
    expect(await response.text()).toContain('Tower');
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  }

  for (const command of [['verify'], ['export', '--all', join(folder, 'all')], ['restored']])
    expect((await run(...command)).err).toContain('Stop all of them first');
  for (const command of ['backup', 'restore'])
    expect(await run(command, join(folder, 'copy'))).toMatchObject({ code: 1, out: '' });
  for (const server of [one, other]) {
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  }
  expect(await run('verify')).toMatchObject({ code: 0, out: 'Everything is as it should be.\n' });
  expect(existsSync(join(folder, 'all'))).toBe(false);
  expect(existsSync(data)).toBe(false);
});

it('serve says in a sentence that it cannot reach its database', async () => {
  const mongoUrl = 'mongodb://ada:secret-word@127.0.0.1:1/holdfast';
  const { code, err, out } = await holdfast(['serve', '--port', '0', '--mongo', mongoUrl]);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^MongoDB cannot be reached or has no primary: .+\n$/);
  expect(err).not.toContain('secret-word');
});
