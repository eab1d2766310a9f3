// The commands of the README, as processes: beside a running server, without one, and after a kill.

import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  holdfast,
  serveHoldfast,
  startHoldfast,
  type Ended,
  type Running,
} from '../support/holdfast-process.ts';
import { until } from '../support/until.ts';

const AIRPORTS = 'node_modules/vega-datasets/data/airports.csv';
const MAP = ['--map', 'title=name', 'position.lat=latitude', 'position.lng=longitude'];
const SET = ['--set', 'kind=airport', 'status=open'];
const PASSWORD = { HOLDFAST_PASSWORD: 'correct horse' };
const WHO = ['--email', 'ada@example.org', '--workspace', 'Field'];

let data: string;
let servers: Running[];
// Says on stderr what it builds, which later processes then have no need to.
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const server = await serveHoldfast(directory);
  server.child.kill('SIGTERM');
  await server.ended;
  await rm(directory, { recursive: true });
});
beforeEach(async () => {
  data = join(await mkdtemp(join(tmpdir(), 'holdfast-')), 'data');
  servers = [];
});
afterEach(async () => {
  for (const { child, ended } of servers) {
    child.kill('SIGKILL');
    await ended;
  }
  await rm(join(data, '..'), { recursive: true, force: true });
});

const run = (...args: string[]): Promise<Ended> => holdfast([...args, '--data', data], PASSWORD);
const serve = async (...args: string[]) => {
  const server = await serveHoldfast(data, args);
  servers.push(server);
  return server;
};
const addAda = async (): Promise<void> => {
  expect((await run('workspace', 'create', '--name', 'Field')).code).toBe(0);
  expect((await run('user', 'add', ...WHO, '--name', 'Ada', '--role', 'owner')).code).toBe(0);
};
const keyOf = async (...args: string[]): Promise<string> => {
  const { out, err } = await run('token', 'create', ...WHO, ...args);
  expect(err).toBe('');
  expect(out).toMatch(/^hf_[\w-]{43}\n$/);
  return out.trim();
};
const pull = async (
  url: string,
  key: string,
): Promise<{ documents: unknown[]; checkpoint: string }> => {
  const response = await fetch(`${url}/api/sync/pull`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ collections: { pins: null }, limit: 5_000 }),
  });
  const { collections } = (await response.json()) as { collections: { pins: never } };
  return collections.pins;
};

describe('a data folder', () => {
  it('takes the same commands with and without a running server', async () => {
    await addAda();
    const before = await keyOf();
    const server = await serve();
    const during = await keyOf('--read-only', '--name', 'script');
    for (const key of [before, during]) expect((await pull(server.url, key)).documents).toEqual([]);
    expect((await run('workspace', 'create', '--name', 'field')).err).toBe(
      'There is a workspace "field" already.\n',
    );
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(await readdir(data)).toEqual(['holdfast.sqlite']);
    await keyOf();
  });

  it('is open to no other user of the machine', async () => {
    await addAda();
    await serve();
    for (const name of ['.', ...(await readdir(data))])
      expect([name, (await stat(join(data, name))).mode & 0o077]).toEqual([name, 0]);
  });

  it('has one server at a time', async () => {
    await addAda();
    const server = await serve();
    const second = await run('serve', '--port', '0');
    expect([second.code, second.out]).toEqual([1, '']);
    expect(second.err).toBe('A server runs on this data folder already. Stop it first.\n');
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  it('is usable after its server was killed, socket left over and all', async () => {
    await addAda();
    const first = await serve();
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await readdir(data)).toContain('holdfast.sock');
    const key = await keyOf();
    const second = await serve();
    expect((await pull(second.url, key)).documents).toEqual([]);
    await keyOf();
  });

  it('may lie under a path that is too long for a socket', async () => {
    data = join(data, 'x'.repeat(120));
    await addAda();
    const server = await serve();
    const key = await keyOf();
    expect((await pull(server.url, key)).documents).toEqual([]);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(await readdir(data)).toEqual(['holdfast.sqlite']);
  });
});

describe('import', () => {
  it('brings the airports to a connected client while the server runs', async () => {
    await addAda();
    const server = await serve();
    const key = await keyOf();
    const stream = await fetch(`${server.url}/api/sync/stream?collections=pins`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    const done = await run('import', 'pins', AIRPORTS, ...WHO, ...MAP, ...SET);
    expect(done).toMatchObject({ code: 0, out: '3,376 rows read, 3,376 imported, 0 refused\n' });
    expect((await pull(server.url, key)).documents).toHaveLength(3_376);

    let heard = '';
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await until(async () => {
      heard += (await reader?.read())?.value ?? '';
      return (heard.match(/"kind":"airport"/g) ?? []).length === 3_376;
    }, 'all airports on the stream');
    await reader?.cancel();

    const head = (await pull(server.url, key)).checkpoint;
    const again = await run('import', 'pins', AIRPORTS, ...WHO, ...MAP, ...SET);
    expect(again).toMatchObject({
      code: 0,
      out: '3,376 rows read, 0 imported, 3,376 already there, 0 refused\n',
    });
    expect((await pull(server.url, key)).checkpoint).toBe(head);
  });

  it('works without a server, and lists what it refuses on stderr', async () => {
    await addAda();
    const file = join(data, 'rows.csv');
    await writeFile(file, 'name,latitude,longitude\nA,1,2\nB,100,2\n');
    const done = await run('import', 'pins', file, ...WHO, ...MAP, ...SET);
    expect(done).toMatchObject({ code: 1, out: '2 rows read, 1 imported, 1 refused\n' });
    expect(done.err).toContain(
      'line 3: "position.lat" is more than 90; column "latitude" has "100".\n',
    );
  });

  it('fails where nothing goes in, with a sentence and no stack', async () => {
    await addAda();
    const missing = await run('import', 'pins', join(data, 'none.csv'), ...WHO);
    expect(missing.code).toBe(1);
    expect(missing.err).toMatch(/^The file .*none\.csv cannot be read \(ENOENT\)\.\n$/);
    const nothing = await run('import', 'pins', AIRPORTS, ...WHO);
    expect(nothing).toMatchObject({ code: 1, out: '3,376 rows read, 0 imported, 3,376 refused\n' });
  });
});

describe('a command', () => {
  it('that cannot be done says why in one sentence', async () => {
    await addAda();
    const add = ['user', 'add', '--name', 'Bob', '--role', 'member', '--workspace', 'Field'];
    const cases: readonly (readonly [readonly string[], Record<string, string>, string])[] = [
      [[...add, '--email', 'bob@example.org'], {}, 'variable HOLDFAST_PASSWORD'],
      [
        [...add, '--email', 'bob@example.org'],
        { HOLDFAST_PASSWORD: 'short' },
        '8 to 1024 characters',
      ],
      [[...add, '--email', 'ada@example.org'], {}, 'already'],
      [['user', 'add', '--role', 'boss'], {}, 'Allowed choices are owner, manager, member, viewer'],
      [['token', 'create', '--email', 'x@y.z', '--workspace', 'Field'], {}, 'no member'],
      [['token', 'create', '--email', 'x@y.z', '--workspace', 'Moon'], {}, 'no workspace "Moon"'],
      [['serve', '--port', '65536'], {}, 'from 0 to 65535'],
      [['serve', '--host', '203.0.113.1', '--port', '0'], {}, 'cannot listen on 203.0.113.1'],
    ];
    for (const [args, environment, sentence] of cases) {
      const { code, out, err } = await holdfast([...args, '--data', data], environment);
      expect([args, code, out]).toEqual([args, 1, '']);
      expect(err).toContain(sentence);
      expect(err).not.toMatch(/^\s+at /m);
    }
  });

  it('to serve on a taken port says which', async () => {
    const server = await serve();
    const { port } = new URL(server.url);
    const other = await holdfast(['serve', '--port', port, '--data', join(data, 'other')]);
    expect(other.code).toBe(1);
    expect(other.err).toContain(`Port ${port} is taken. Choose another one with --port.`);
  });
});

describe('stopping', () => {
  it('by a signal ends streams and answers nothing half', async () => {
    await addAda();
    const key = await keyOf();
    const server = await serve();
    const stream = await fetch(`${server.url}/api/sync/stream?collections=pins`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    server.child.kill('SIGINT');
    expect(await stream.text()).toContain('bye');
    expect(await server.ended).toBe(0);
  });

  it('leaves nothing but lines of JSON in the log, without secrets', async () => {
    await addAda();
    const key = await keyOf();
    const server = startHoldfast(['serve', '--port', '0', '--data', data]);
    servers.push(server);
    const url = await until(() => /listening on (\S+)\n/.exec(server.out())?.[1]);
    await pull(url, key);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    const lines = server.err().trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'request',
      'stopping',
    ]);
    expect(server.err()).not.toContain(key);
    expect(server.out()).toBe(`listening on ${url}\n`);
  });
});
