// HTTPS by the server itself: requests, the session's cookie, streams, and stopping.

import { readFileSync } from 'node:fs';
import https from 'node:https';
import { afterEach, expect, it } from 'vitest';
import { collections } from '../../schemas/index.ts';
import { createLog } from '../../server/ops/log.ts';
import { createServer, type HoldfastServer } from '../../server/server.ts';
import { PASSWORD, WORKSPACE } from '../support/live-server.ts';
import { openTestStore } from '../support/store.ts';

/** Made for these tests; it stands for localhost and protects nothing. */
const pem = (name: string): string =>
  readFileSync(new URL(`../support/tls/${name}.pem`, import.meta.url), 'utf8');
let server: HoldfastServer | undefined;
afterEach(() => server?.close());

interface Answer {
  readonly status: number | undefined;
  readonly cookie: string;
  readonly transport: string | undefined;
}

const ask = (url: string, method: string, body?: object): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    const request = https.request(url, { method, headers, ca: pem('cert') }, (response) => {
      response.resume();
      response.on('end', () => {
        const { statusCode: status, headers: answered } = response;
        const cookie = answered['set-cookie']?.[0] ?? '';
        resolve({ status, cookie, transport: answered['strict-transport-security'] });
      });
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });

it('a server with a certificate speaks HTTPS and keeps its cookie to that', async () => {
  server = createServer({
    collections: Object.values(collections),
    store: openTestStore(),
    logger: createLog('silent'),
    tls: { cert: pem('cert'), key: pem('key') },
  });
  const { accounts } = server.core;
  const member = {
    email: 'ada@example.org',
    name: 'Ada',
    role: 'owner',
    password: PASSWORD,
  } as const;
  await accounts.createWorkspace(WORKSPACE);
  await accounts.addMember({ ...member, workspace: WORKSPACE });
  const url = (await server.listen({ port: 0 })).replace('127.0.0.1', 'localhost');
  expect(url).toMatch(/^https:/);
  expect((await ask(`${url}/healthz`, 'GET')).status).toBe(200);
  const { email, password } = member;
  const signedIn = await ask(`${url}/api/session`, 'POST', { email, password });
  expect(signedIn).toMatchObject({ status: 200 });
  expect(signedIn.cookie).toMatch(/^__Host-holdfast-\d+=.*; Secure/);
  await server.close();
  await expect(ask(`${url}/healthz`, 'GET')).rejects.toThrow();
});
