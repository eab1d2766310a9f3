// HTTPS from the command line, and what is said about files that do not do.

import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  holdfast,
  serveHoldfast,
  startHoldfast,
  type Running,
} from '../support/holdfast-process.ts';
import { until } from '../support/until.ts';

const pem = (name: string): string =>
  fileURLToPath(new URL(`../support/tls/${name}.pem`, import.meta.url));
const TLS = ['--tls-cert', pem('cert'), '--tls-key', pem('key')];

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

async function statusOf(url: string): Promise<number | undefined> {
  const asked = https.get(url, { ca: readFileSync(pem('cert')) });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

it('a server and a demo with certificate and key speak HTTPS, and say so', async () => {
  const server = await serveHoldfast(join(directory, 'data'), TLS);
  running.push(server);
  expect(server.url).toMatch(/^https:\/\/localhost:\d+$/);
  expect(await statusOf(`${server.url}/healthz`)).toBe(200);
  await until(() => server.out().includes(`first start: ${server.url}/setup#`), 'the first start');

  const demo = startHoldfast(['demo', '--port', '0', ...TLS], { TMPDIR: directory });
  running.push(demo);
  const url = await until(
    () => /^listening on (https:\/\/localhost:\d+)$/m.exec(demo.out())?.[1],
    'the demo to listen',
  );
  expect(await statusOf(`${url}/healthz`)).toBe(200);
  expect(demo.out()).toContain(`Log in at ${url} as`);
});

it('files that do not do are told in a sentence, before anything is made', async () => {
  const data = join(directory, 'data');
  const other = join(directory, 'other.pem');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(other, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const text = join(directory, 'text.pem');
  writeFileSync(text, 'no certificate');
  const missing = join(directory, 'none.pem');
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['--tls-cert', pem('cert')], 'HTTPS needs both --tls-cert and --tls-key.\n'],
    [['--tls-key', pem('key')], 'HTTPS needs both --tls-cert and --tls-key.\n'],
    [
      ['--tls-cert', missing, '--tls-key', pem('key')],
      `The certificate ${missing} cannot be read (ENOENT).\n`,
    ],
    [
      ['--tls-cert', pem('cert'), '--tls-key', missing],
      `The key ${missing} cannot be read (ENOENT).\n`,
    ],
    [['--tls-cert', pem('cert'), '--tls-key', other], 'are no pair in PEM: '],
    [['--tls-cert', text, '--tls-key', pem('key')], 'are no pair in PEM: '],
  ];
  for (const [args, sentence] of cases) {
    const { code, out, err } = await holdfast(['serve', '--port', '0', '--data', data, ...args]);
    expect([args, code, out]).toEqual([args, 1, '']);
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/^\s+at /m);
  }
  expect(existsSync(data)).toBe(false);
});
