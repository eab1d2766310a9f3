// What travels compressed: pages of documents, where a client asks for that. Nothing else with data.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../schemas/index.ts';
import { sample } from '../../server/sample/sample.ts';
import { cookieName, PASSWORD, startLiveServer, type LiveServer } from '../support/live-server.ts';
import { openedText, rawAnswer, type RawAnswer } from '../support/raw-answer.ts';

let live: LiveServer;
let key: string;
beforeAll(async () => {
  live = await startLiveServer();
  key = await live.keyFor('ada', { role: 'owner' });
  const { accounts, ingest } = live.server.core;
  const ada = await accounts.commander('ada@example.org', 'Test');
  if (ada === undefined) throw new Error('Ada is gone.');
  const [pins] = sample({ random: seededRandom(1), nowMs: Date.now(), user: ada.user });
  if (pins === undefined) throw new Error('The sample is empty.');
  await ingest(ada, pins.collection, pins.documents);
});
afterAll(() => live.stop());

const ask = (path: string, encoding: string | undefined, body?: object): Promise<RawAnswer> =>
  rawAnswer(
    `${live.url}${path}`,
    {
      Authorization: `Bearer ${key}`,
      ...(encoding === undefined ? {} : { 'Accept-Encoding': encoding }),
    },
    body,
  );

const PULLS = [
  ['/api/sync/pull', (limit: number) => ({ collections: { pins: null }, limit })],
  ['/rxdb/pins/0/pull', () => undefined],
] as const;

describe.each(PULLS)('an answer of %s', (path, body) => {
  it('is compressed as the client wants it, and the same to all', async () => {
    const ways = [
      [undefined, undefined],
      ['identity', undefined],
      ['gzip;q=0, br;q=0', undefined],
      ['gzip', 'gzip'],
      ['gzip, deflate, br, zstd', 'br'],
    ] as const;
    const plain = await ask(path, undefined, body(1_000));
    const size = plain.body.length;
    expect(plain.body.toString().match(/"title"/g)?.length).toBeGreaterThan(50);
    for (const [asked, got] of ways) {
      const answer = await ask(path, asked, body(1_000));
      expect([asked, answer.headers['content-encoding']]).toEqual([asked, got]);
      expect(answer.headers.vary).toBe('Accept-Encoding');
      expect(withoutTime(openedText(answer))).toBe(withoutTime(plain.body.toString()));
      if (got !== undefined) expect(answer.body.length).toBeLessThan(size / 3);
    }
  });
});
const withoutTime = (text: string): string => text.replace(/"now":\d+/, '');

it('an answer that is small already stays as it is', async () => {
  const answer = await ask('/api/sync/pull', 'br', { collections: { sales: null } });
  expect([answer.status, answer.headers['content-encoding']]).toEqual([200, undefined]);
});

it('what tells who one is, and a stream, are never compressed', async () => {
  const logIn = { email: 'ada@example.org', password: PASSWORD };
  const session = await rawAnswer(`${live.url}/api/session`, { 'Accept-Encoding': 'br' }, logIn);
  const Cookie = session.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  expect(Cookie).toContain(cookieName(live.url));
  const asked = { Cookie, 'Accept-Encoding': 'br, gzip' };
  const me = await rawAnswer(`${live.url}/api/session`, asked);
  const setup = await rawAnswer(`${live.url}/api/setup`, asked);
  for (const { status, headers } of [session, me, setup])
    expect([status, headers['content-encoding']]).toEqual([200, undefined]);
  const stream = await fetch(`${live.url}/api/sync/stream`, { headers: asked });
  expect(stream.headers.get('content-encoding')).toBeNull();
  await stream.body?.cancel();
});
