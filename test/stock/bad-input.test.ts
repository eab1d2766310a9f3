// What a stock client may get wrong, and how it is told.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, startLiveServer, type LiveServer } from '../support/live-server.ts';

let live: LiveServer;
let key = '';
beforeAll(async () => {
  live = await startLiveServer();
  key = await live.keyFor('ada');
});
afterAll(() => live.stop());

describe('the endpoints for stock clients', () => {
  it('answer errors in plain text', async () => {
    const answers = [
      await call(live.url, key, '/rxdb/pots/0/pull'),
      await call(live.url, key, '/rxdb/pins/9/pull'),
      await call(live.url, key, '/rxdb/pins/0/push', '{'),
      await call(live.url, key, '/rxdb/pins/0/push', { no: 'rows' }),
      await call(live.url, undefined, '/rxdb/pins/0/pull'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 426, 400, 400, 401]);
    for (const { type } of answers) expect(type).toContain('text/plain');
  });

  it('answer a refused edit with the stored document and a refused insert with a tombstone', async () => {
    const fields = {
      title: 'T',
      position: { lat: 1, lng: 2 },
      kind: 'site',
      status: 'open',
      notes: '',
    };
    const good = { id: 'stock-1', ...fields, _deleted: false };
    const rows = (newDocumentState: object, assumedMasterState?: object) => [
      { newDocumentState, assumedMasterState },
    ];
    const send = async (body: object): Promise<unknown> =>
      (await call(live.url, key, '/rxdb/pins/0/push', body)).json();
    expect(await send(rows(good))).toEqual([]);
    expect(await send(rows({ ...good, kind: 'castle' }, good))).toEqual([good]);
    expect(await send(rows({ ...good, id: 'stock-2', kind: 'castle' }))).toEqual([
      { ...good, id: 'stock-2', kind: 'castle', _deleted: true },
    ]);
  });
});

const fields = {
  title: 'T',
  position: { lat: 1, lng: 2 },
  kind: 'site',
  status: 'open',
  notes: '',
};
const send = async (body: unknown, query = ''): Promise<unknown> => {
  const answer = await call(live.url, key, `/rxdb/pins/0/push${query}`, body);
  expect(answer.status).toBe(200);
  return answer.json();
};

it('a refused edit with clocks never looks like a delete, however odd what it assumes', async () => {
  const doc = { id: 'odd', ...fields, _deleted: false };
  await send([{ newDocumentState: doc }]);
  const pulled = await call(live.url, key, '/rxdb/pins/0/pull?clocks&limit=5000');
  const { documents } = pulled.json() as { documents: Record<string, unknown>[] };
  const known = documents.find(({ id }) => id === 'odd') ?? {};
  for (const lie of [{ rev: 1.5 }, { rev: '1' }, { clk: null }, { clk: { '*': 'x'.repeat(50) } }]) {
    const rows = [
      {
        newDocumentState: { ...known, kind: 'castle' },
        assumedMasterState: { ...known, ...lie },
      },
    ];
    for (const conflict of (await send(rows, '?clocks')) as { _deleted?: boolean }[])
      expect(conflict._deleted).not.toBe(true);
  }
});

it('a state nested beyond all bounds is refused alone, and its neighbours are stored', async () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const good = JSON.stringify({ id: 'good', ...fields });
  const body = `[{"newDocumentState":{"id":"deep","notes":${deep}}},
    {"newDocumentState":{"id":"other","title":"T","position":{"lat":1,"lng":2},"kind":"site","status":"open","notes":""},"assumedMasterState":{"id":"other","x":${deep}}},
    {"newDocumentState":${good}}]`;
  const answer = await call(live.url, key, '/rxdb/pins/0/push', body);
  expect(answer.status).toBe(200);
  expect(answer.json()).toMatchObject([{ id: 'deep', _deleted: true }]);
  const pulled = await call(live.url, key, '/rxdb/pins/0/pull?limit=5000');
  const { documents } = pulled.json() as { documents: { id: string }[] };
  expect(documents.some(({ id }) => id === 'good')).toBe(true);
});
