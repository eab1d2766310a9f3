// What is true of every request: who is let in, how it fails, what is logged and counted.

import { request } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createServer } from '../../server/server.ts';
import {
  CommitUnknownError,
  StoreLimitError,
  StoreUnavailableError,
} from '../../server/store/port/port.ts';
import { collections } from '../../schemas/index.ts';
import { call, startLiveServer, type LiveServer } from '../support/live-server.ts';
import { until } from '../support/until.ts';
import { openTestStore } from '../support/store.ts';

let live: LiveServer;
beforeEach(async () => {
  live = await startLiveServer();
});
afterEach(() => live.stop());

describe('without a session or key', () => {
  it('nothing of the API answers, not even what does not exist', async () => {
    const places = [
      ['GET', '/api/session'],
      ['POST', '/api/sync/push'],
      ['POST', '/api/sync/pull'],
      ['GET', '/api/sync/stream?collections=pins'],
      ['GET', '/api/pins'],
      ['GET', '/api/'],
      ['GET', '/API/session'],
      ['DELETE', '/api/nothing'],
      ['GET', '/metrics'],
      ['GET', '/rxdb/pins/0/pull'],
      ['POST', '/rxdb/pins/0/push'],
      ['GET', '/rxdb/pins/0/pullStream'],
    ] as const;
    for (const [method, path] of places) {
      const response = await fetch(`${live.url}${path}`, { method });
      expect([response.status, path]).toEqual([401, path]);
      expect(await response.text()).toContain('not_signed_in');
    }
  });

  it('health does', async () => {
    expect((await call(live.url, undefined, '/healthz')).text).toBe('ok\n');
    expect((await call(live.url, undefined, '/readyz')).text).toBe('ready\n');
  });
});

describe('a failure', () => {
  it('is a problem with a stable code, and plain text for stock RxDB clients', async () => {
    const key = await live.keyFor('ada');
    const problem = await call(live.url, key, '/api/nothing');
    expect(problem.type).toMatch('application/problem+json');
    expect(problem.json()).toEqual({
      type: 'urn:holdfast:problem:not_found',
      title: 'Not found',
      status: 404,
      code: 'not_found',
      detail: 'There is nothing at this address.',
    });
    const text = await call(live.url, key, '/rxdb/nothing/0/pull');
    expect([text.status, text.type]).toEqual([404, 'text/plain; charset=utf-8']);
    expect(text.text).toMatch(/^not_found: /);
  });

  it('of the server itself says nothing of its inside', async () => {
    const store = openTestStore();
    const broken = await startLiveServer({
      store: { ...store, record: () => Promise.reject(new Error('disk 7')) },
    });
    const answer = await call(broken.url, `hf_${'A'.repeat(43)}`, '/api/session');
    expect([answer.status, answer.json()['code']]).toEqual([500, 'internal']);
    expect(answer.text).not.toContain('disk');
    const ready = await call(broken.url, undefined, '/readyz');
    expect(ready.status).toBe(503);
    await broken.stop();
  });

  it('of the store says whether and when to come again', async () => {
    const store = openTestStore();
    let failure: Error | undefined;
    const failing = await startLiveServer({
      store: {
        ...store,
        pages: (...asked) =>
          failure === undefined ? store.pages(...asked) : Promise.reject(failure),
      },
    });
    const headers = {
      Authorization: `Bearer ${await failing.keyFor('ada')}`,
      'Content-Type': 'application/json',
    };
    const answers = [];
    for (failure of [
      new StoreUnavailableError(),
      new CommitUnknownError(),
      new StoreLimitError(),
    ]) {
      const body = JSON.stringify({ collections: { pins: null }, limit: 1 });
      const answer = await fetch(`${failing.url}/api/sync/pull`, { method: 'POST', headers, body });
      answers.push([answer.status, answer.headers.get('Retry-After')]);
    }
    expect(answers).toEqual([
      [503, '5'],
      [503, '5'],
      [413, null],
    ]);
    await failing.stop();
  });

  it('is the answer to a body that is too large or a path that is malformed', async () => {
    const key = await live.keyFor('ada');
    const large = await call(live.url, key, '/api/sync/push', `"${'x'.repeat(5 * 1024 * 1024)}"`);
    expect([large.status, large.json()['code']]).toEqual([413, 'too_large']);
    const malformed = await call(live.url, key, '/rxdb/%ff/0/pull');
    expect(malformed.status).toBe(400);
  });
});

describe('metrics', () => {
  it('are for owners', async () => {
    const member = await live.keyFor('ada');
    const owner = await live.keyFor('olga', { role: 'owner' });
    expect((await call(live.url, member, '/metrics')).status).toBe(403);
    await call(live.url, member, '/api/session?secret=1');
    const { text } = await call(live.url, owner, '/metrics');
    expect(text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/api/session",status="200"} 1',
    );
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).toContain('holdfast_open_streams 0');
  });
});

describe('a log line', () => {
  it('has the route, not the address, and no secret', async () => {
    const lines: string[] = [];
    const note = (fields: object, message: string): void => {
      lines.push(JSON.stringify({ ...fields, message }));
    };
    const server = createServer({
      collections: Object.values(collections),
      store: openTestStore(),
      logger: { debug: note, info: note, warn: note, error: note },
    });
    const url = await server.listen({ port: 0 });
    const key = `hf_${'B'.repeat(43)}`;
    const answer = await call(url, key, '/api/session?token=hidden', { password: 'hidden' });
    await until(() => lines.length > 0);
    expect(lines.join('\n')).not.toMatch(/hidden|hf_/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      method: 'POST',
      route: '/api/session',
      status: 400,
      request: answer.headers.get('x-request-id'),
    });
    await server.close();
  });
});

describe('stopping', () => {
  it('answers what is in flight, ends streams and then closes the store', async () => {
    const key = await live.keyFor('ada');
    const headers = { Authorization: `Bearer ${key}` };
    const stream = await fetch(`${live.url}/api/sync/stream?collections=pins`, { headers });
    // A request whose body is half sent when the server is told to stop.
    const body = JSON.stringify({ collections: { pins: null } });
    const slow = request(`${live.url}/api/sync/pull`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': body.length },
    });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      slow.on('response', (response) => {
        resolve(response.resume().statusCode);
      });
      slow.on('error', reject);
    });
    slow.write(body.slice(0, 5));
    await until(() => slow.socket?.bytesWritten);
    await call(live.url, key, '/api/session');

    const stopped = live.stop();
    expect(await stream.text()).toContain('bye');
    await expect(fetch(`${live.url}/healthz`)).rejects.toThrow('fetch failed');
    await turn();
    slow.end(body.slice(5));
    expect(await answered).toBe(200);
    await stopped;
  });

  it('says that it is not ready to whoever still has a connection', async () => {
    live.server.core.stop();
    expect((await call(live.url, undefined, '/readyz')).status).toBe(503);
    expect((await call(live.url, undefined, '/healthz')).status).toBe(200);
  });

  it('may be asked for twice', async () => {
    await Promise.all([live.stop(), live.stop()]);
    await expect(fetch(`${live.url}/healthz`)).rejects.toThrow('fetch failed');
  });
});
