// The dashboard's files as they are served.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../server/ops/log.ts';
import { createServer, type HoldfastServer } from '../../server/server.ts';
import { openedText, rawAnswer } from '../support/raw-answer.ts';
import { openTestStore } from '../support/store.ts';

const COAST = JSON.stringify(Array.from({ length: 2_000 }, (_, index) => [index, -index]));
const COAST_PATH = '/assets/coast-51aa.json';
let directory: string;
let server: HoldfastServer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  await mkdir(join(directory, 'client', 'assets'), { recursive: true });
  await writeFile(join(directory, 'secret.txt'), 'secret');
  await writeFile(join(directory, 'client', 'index.html'), '<p>page</p>');
  await writeFile(join(directory, 'client', 'icon.svg'), '<svg/>');
  await writeFile(join(directory, 'client', 'worker.js'), 'keep()');
  await writeFile(join(directory, 'client', 'app.webmanifest'), '{}');
  await writeFile(join(directory, 'client', 'assets', 'main-4f2a.js'), 'start()');
  await writeFile(join(directory, 'client', 'assets', 'coast-51aa.json'), COAST);
  server = createServer({
    collections: [],
    store: openTestStore(),
    clientDirectory: join(directory, 'client'),
    logger: createLog('silent'),
  });
  await server.listen({ port: 0 });
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, { headers });
const PAGE = { Accept: 'text/html,*/*;q=0.8' };

describe('the dashboard', () => {
  it('is the same page under each of its addresses, asked for anew each time', async () => {
    for (const path of ['/', '/pins', '/pins/42?tab=notes']) {
      const response = await get(path, PAGE);
      expect([response.status, await response.text()]).toEqual([200, '<p>page</p>']);
      expect(response.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('keeps files with a hash in their name for ever, and the others not', async () => {
    const hashed = await get('/assets/main-4f2a.js');
    expect(await hashed.text()).toBe('start()');
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    for (const path of ['/icon.svg', '/worker.js', '/index.html'])
      expect((await get(path)).headers.get('cache-control')).toBe('no-cache');
  });

  it('has a manifest that browsers take for one', async () => {
    const { headers } = await get('/app.webmanifest');
    expect(headers.get('content-type')).toContain('application/manifest+json');
  });

  it('travels compressed where a client asks for that, and is the same to all', async () => {
    const ways = ['br', 'gzip', 'identity'];
    const sizes = await Promise.all(
      ways.map(async (way) => {
        const answer = await rawAnswer(`${server.url}${COAST_PATH}`, { 'Accept-Encoding': way });
        const { headers } = answer;
        expect([headers['content-encoding'], headers.vary]).toEqual([
          way === 'identity' ? undefined : way,
          'Accept-Encoding',
        ]);
        expect(headers['cache-control']).toContain('immutable');
        expect(headers['content-security-policy']).toBeDefined();
        expect(openedText(answer)).toBe(COAST);
        return answer.body.length;
      }),
    );
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0);
    expect(sizes[1]).toBeLessThan((sizes[2] ?? 0) / 2);
  });

  it('is not sent again while it is the same', async () => {
    const url = `${server.url}${COAST_PATH}`;
    const asked = { 'Accept-Encoding': 'br' };
    const { headers } = await rawAnswer(url, asked);
    const again = await rawAnswer(url, { ...asked, 'If-None-Match': headers.etag });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('never sends a page in the place of a missing file or of data', async () => {
    expect((await get('/assets/old-1111.js', PAGE)).status).toBe(404);
    expect((await get('/missing.js')).status).toBe(404);
    expect((await get('/api/nothing', PAGE)).status).toBe(401);
    expect((await get('/rxdb/nothing', PAGE)).status).toBe(401);
  });

  it('sends nothing from outside its folder', async () => {
    const paths = ['/..%2fsecret.txt', '/assets/..%2f..%2fsecret.txt', '/%2e%2e%2fsecret.txt'];
    for (const path of paths) expect([(await get(path)).status, path]).toEqual([404, path]);
  });

  it('lets pages run nothing but its own scripts', async () => {
    const { headers } = await get('/', PAGE);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("worker-src 'self'");
    expect(policy).toContain("manifest-src 'self'");
    expect(policy).not.toMatch(/script-src[^-].*unsafe/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('asks browsers to stay on TLS only where they are', async () => {
    expect((await get('/', PAGE)).headers.get('strict-transport-security')).toBeNull();
    const tls = await get('/', { ...PAGE, 'X-Forwarded-Proto': 'https' });
    expect(tls.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });
});
