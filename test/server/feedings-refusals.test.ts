// What the care log's API refuses, and to whom.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { careApi, MORNING, pulled, type CareApi, type Reply } from '../support/care-api.ts';
import {
  call,
  cookieName,
  PASSWORD,
  startLiveServer,
  type LiveServer,
} from '../support/live-server.ts';

let live: LiveServer;
let ada: CareApi;
let adasKey: string;
beforeEach(async () => {
  live = await startLiveServer();
  adasKey = await live.keyFor('ada');
  ada = careApi(live.url, adasKey);
});
afterEach(() => live.stop());

type Fields = Record<string, unknown>;
const listed = async (): Promise<unknown> => (await ada('GET')).body['records'];
const documents = (key: string, name: string) => pulled(live.url, key, name);
const stateOf = async (): Promise<string> => JSON.stringify(await documents(adasKey, 'feedings'));

describe('bad input', () => {
  const WRONG: readonly (readonly [word: string, change: Fields])[] = [
    ['feeding_time', { feeding_time: '2026-03-01T06:30:00' }],
    ['feeding_time', { feeding_time: '2026-02-30T06:30:00Z' }],
    ['feeding_time', { feeding_time: 'yesterday' }],
    ['feeding_time', { feeding_time: 1_772_346_600_000 }],
    ['food_type', { food_type: 'gravel' }],
    ['amount_ml', { amount_ml: '120' }],
    ['amount_ml', { amount_ml: 5_001 }],
    ['amount_ml', { amount_ml: -1 }],
    ['amount_ml', { amount_ml: 1.5 }],
    ['notes', { notes: 'x'.repeat(2_001) }],
    ['notes', { notes: null }],
    ['createdBy', { createdBy: 'somebody' }],
    ['clk', { clk: { '*': '019c1330e840000000-5eed5eed5eabc123' } }],
    ['rev', { rev: 7 }],
    ['_deleted', { _deleted: true }],
  ];

  it('is refused with the name of the field, and changes nothing', async () => {
    await ada('POST', '', MORNING);
    const before = await stateOf();
    for (const [word, change] of WRONG) {
      const made = await ada('POST', '', { ...MORNING, client_id: 'other', ...change });
      const edited = await ada('PUT', '/morning', change);
      for (const { status, body } of [made, edited]) {
        expect([word, status, body['code']]).toEqual([word, 422, 'invalid']);
        expect(String(body['detail'])).toContain(`"${word}"`);
      }
    }
    const more: readonly (readonly [string, Reply])[] = [
      ['client_id', await ada('POST', '', { ...MORNING, client_id: '' })],
      ['client_id', await ada('POST', '', { ...MORNING, client_id: 'half \ud83d' })],
      [
        'amount_ml',
        await ada('POST', '', { ...MORNING, client_id: 'other', amount_ml: undefined }),
      ],
      ['client_id', await ada('PUT', '/morning', { client_id: 'evening' })],
      ['last_known_version', await ada('PUT', '/morning', { last_known_version: '7' })],
      ['last_known_version', await ada('DELETE', '/morning', { last_known_version: 7 })],
      ['force', await ada('DELETE', '/morning?force=1')],
      ['__proto__', await ada('PUT', '/morning', '{"__proto__": {"notes": "x"}}')],
    ];
    for (const [word, { status, body }] of more) {
      expect([word, status]).toEqual([word, 422]);
      expect(String(body['detail'])).toContain(`"${word}"`);
    }
    expect(await stateOf()).toBe(before);
  });

  it('that is no JSON object is refused before anything is looked at', async () => {
    expect((await ada('POST', '', '{"client_id": ')).status).toBe(400);
    expect((await ada('POST', '', '[]')).status).toBe(422);
    expect((await ada('POST', '', 'x', { 'Content-Type': 'text/plain' })).status).toBe(415);
    expect((await ada('DELETE', '/morning', 'x', { 'Content-Type': 'text/plain' })).status).toBe(
      415,
    );
    const huge = { ...MORNING, notes: 'x'.repeat(5 * 1024 * 1024) };
    expect((await ada('POST', '', huge)).status).toBe(413);
    expect(await documents(adasKey, 'feedings')).toEqual([]);
  });
});

describe('rights', () => {
  it('let a viewer and a key that only reads look, and change nothing', async () => {
    await ada('POST', '', MORNING);
    const before = await stateOf();
    const viewer = careApi(live.url, await live.keyFor('eve', { role: 'viewer' }));
    const reading = careApi(live.url, await live.keyFor('ada', { readOnly: true }));
    for (const api of [viewer, reading]) {
      expect((await api('GET')).body['records']).toHaveLength(1);
      const row = { ...MORNING, client_id: 'other' };
      expect((await api('POST', '', row)).status).toBe(403);
      expect((await api('PUT', '/morning', { notes: '' })).status).toBe(403);
      expect((await api('DELETE', '/morning')).status).toBe(403);
      expect((await api('POST', '/backfill-client-ids', { rows: [] })).status).toBe(403);
      expect((await api('POST', '/backfill-client-ids/0123456789abcdef-0/undo')).status).toBe(403);
    }
    expect(await stateOf()).toBe(before);
  });

  it('are asked for: nobody reads or writes without a key', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
      const path = method === 'GET' || method === 'POST' ? '' : '/morning';
      expect((await careApi(live.url, 'hf_wrong')(method, path)).status).toBe(401);
    }
  });

  it('keep two workspaces apart, also under one id', async () => {
    await live.server.core.accounts.createWorkspace('Other');
    const other = careApi(live.url, await live.keyFor('noa', { workspace: 'Other' }));
    await ada('POST', '', MORNING);
    expect((await other('GET')).body['records']).toEqual([]);
    expect((await other('PUT', '/morning', { notes: '' })).status).toBe(404);
    expect((await other('POST', '', { ...MORNING, amount_ml: 1 })).status).toBe(201);
    expect(await listed()).toMatchObject([{ amount_ml: 120 }]);
  });

  it('do not reach to a page of another site with the cookie of a session', async () => {
    const logIn = { email: 'ada@example.org', password: PASSWORD };
    const { headers } = await call(live.url, undefined, '/api/session', logIn);
    const [cookie = ''] = (headers.get('set-cookie') ?? '').split(';');
    expect(cookie).toContain(cookieName(live.url));
    const from = async (origin: string) => {
      const sent = { Cookie: cookie, Origin: origin };
      return (await call(live.url, undefined, '/api/feedings', MORNING, sent)).status;
    };
    expect(await from('https://elsewhere.example')).toBe(403);
    expect(await from(live.url)).toBe(201);
  });
});
