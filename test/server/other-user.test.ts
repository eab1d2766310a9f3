import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  call,
  cookieName,
  PASSWORD,
  startLiveServer,
  type LiveServer,
} from '../support/live-server.ts';

let live: LiveServer;
beforeAll(async () => {
  live = await startLiveServer();
  for (const name of ['ada', 'bea']) await live.keyFor(name);
});
afterAll(() => live.stop());

const logIn = async (name: string) => {
  const body = { email: `${name}@example.org`, password: PASSWORD };
  const answer = await call(live.url, undefined, '/api/session', body);
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  expect(cookie).toContain(cookieName(live.url));
  return { id: (answer.json()['user'] as { id: string }).id, cookie };
};
const push = (Cookie: string, user: string) =>
  call(live.url, undefined, '/api/sync/push', { rows: [] }, { Cookie, 'X-User': user });

test('a session takes only the work of its own person', async () => {
  const [ada, bea] = [await logIn('ada'), await logIn('bea')];
  const refused = await push(bea.cookie, ada.id);
  expect([refused.status, refused.json()['code']]).toEqual([401, 'not_signed_in']);
  expect((await push(ada.cookie, ada.id)).status).not.toBe(401);
});
