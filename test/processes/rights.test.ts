// Rights that are taken back by a command, beside a running server: at once, also on open streams.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { call, PASSWORD, WORKSPACE } from '../support/live-server.ts';
import { makeDataFolder, type DataFolder } from '../support/server-process.ts';

const IN = ['--workspace', WORKSPACE];
const WHO = ['--email', 'ada@example.org', ...IN];
const PULL = { collections: { pins: null } };

let folder: DataFolder;
let key: string;
let url: string;
beforeEach(async () => {
  folder = makeDataFolder();
  key = await folder.prepare();
  ({ url } = await folder.serve());
});
afterEach(() => folder.remove());

const newKey = async (...options: string[]): Promise<string> =>
  (await folder.command('token', 'create', ...WHO, ...options)).trim();
const listed = (): Promise<string> => folder.command('token', 'list', ...IN);
const open = (secret: string): Promise<Response> =>
  fetch(`${url}/api/sync/stream?collections=pins`, {
    headers: { Authorization: `Bearer ${secret}` },
  });
const pullStatus = async (secret: string): Promise<number> =>
  (await call(url, secret, '/api/sync/pull', PULL)).status;

it('a key is found in the list and revoked, and ends with its streams at once', async () => {
  const lost = await newKey('--name', 'lost', '--read-only');
  const [, since] = /^\w{12} {2}ada@example\.org {2}(\d{4}-\d\d-\d\d)$/m.exec(await listed()) ?? [];
  const [, id = '', day] =
    /^(\w{12}) {2}ada@example\.org {2}(\S+) {2}read-only {2}lost$/m.exec(await listed()) ?? [];
  expect(day).toBe(since);
  const stream = await open(lost);
  expect(await folder.command('token', 'revoke', id)).toBe(
    `The key ${id} opens nothing any more.\n`,
  );
  // Until the server ends it.
  await stream.text();
  expect([(await open(lost)).status, await pullStatus(lost)]).toEqual([401, 401]);
  expect(await pullStatus(key)).toBe(200);
  expect(await listed()).not.toContain('lost');
  await expect(folder.command('token', 'revoke', id)).rejects.toThrow(
    `There is no key "${id}". See: holdfast token list --workspace NAME`,
  );
});

it('a member is removed at once, and a new membership does not bring back the keys', async () => {
  const logIn = { email: 'ada@example.org', password: PASSWORD };
  const session = await call(url, undefined, '/api/session', logIn);
  const headers = { Cookie: session.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
  const status = async (): Promise<number> =>
    (await fetch(`${url}/api/session`, { headers })).status;
  const stream = await open(key);
  expect(await status()).toBe(200);
  expect(await folder.command('user', 'remove', ...WHO)).toBe(
    `ada@example.org is no longer a member of "${WORKSPACE}".\n`,
  );
  await stream.text();
  expect([await pullStatus(key), await status()]).toEqual([401, 401]);
  await expect(folder.command('user', 'remove', ...WHO)).rejects.toThrow('is no member of');

  await folder.command('user', 'add', ...WHO, '--name', 'Ada', '--role', 'viewer');
  expect(await pullStatus(key)).toBe(401);
  expect(await pullStatus(await newKey())).toBe(200);
});

it('what a workspace does with a sale of more than there is takes effect at once', async () => {
  const movement = (id: string, amount: number) => ({
    newDocumentState: { id, product: 'tea', amount, reason: 'sale', _deleted: false },
  });
  const product = { id: 'tea', name: 'Tea', sku: 'T', priceMinor: 1, stock: 0, reorderLevel: 0 };
  await call(url, key, '/rxdb/products/0/push', [{ newDocumentState: product }]);
  const push = async (id: string): Promise<unknown> =>
    (await call(url, key, '/rxdb/movements/0/push', [movement(id, -1)])).json();
  expect(await push('m1')).toEqual([]);
  await folder.command('workspace', 'set', ...IN, '--oversold', 'reject');
  expect(await push('m2')).toMatchObject([{ id: 'm2', _deleted: true }]);
  const pulled = (
    await call(url, key, '/api/sync/pull', { collections: { products: null } })
  ).json();
  expect(pulled).toMatchObject({ collections: { products: { documents: [{ stock: -1 }] } } });
});
