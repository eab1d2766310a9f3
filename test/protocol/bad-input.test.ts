// What a client may get wrong: each has its status or verdict, a stable code and a sentence, changes
// nothing, and never blocks a good neighbour.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collections } from '../../schemas/index.ts';
import type { PushRow, WireDocument } from '../../replication/index.ts';
import { makeDevice } from '../support/device.ts';
import { call, startLiveServer, type LiveServer } from '../support/live-server.ts';

const { pins, forms } = collections;
const device = makeDevice('aaaaaaaaaa');
let live: LiveServer;
let key = '';
let count = 0;
beforeAll(async () => {
  live = await startLiveServer();
  key = await live.keyFor('ada');
});
afterAll(() => live.stop());

const makePin = (fields: object = {}): WireDocument =>
  device.make(pins, {
    id: `pin-${(count += 1)}`,
    title: 'North gate',
    position: { lat: 1, lng: 2 },
    kind: 'site',
    status: 'open',
    notes: '',
    ...fields,
  });
const schema = { pins: 0, forms: 0 };
const push = (rows: readonly unknown[], more: object = {}) =>
  call(live.url, key, '/api/sync/push', { device: device.id, schema, rows, ...more });
const head = async (): Promise<unknown> =>
  (await call(live.url, key, '/api/sync/pull', { collections: { pins: null } })).json()['upTo'];

interface Results {
  readonly results: readonly { verdict: string; code?: string; message?: string; doc?: object }[];
}
const resultsOf = (answer: { json: () => unknown }): Results['results'] =>
  (answer.json() as Results).results;

const nested = (depth: number): object => (depth === 0 ? {} : { in: nested(depth - 1) });
const badRows: readonly (readonly [name: string, code: string, row: () => unknown])[] = [
  ['no object', 'bad_row', () => 'row'],
  ['without an operation id', 'bad_row', () => ({ collection: 'pins', doc: makePin() })],
  ['with an unknown field', 'bad_row', () => ({ ...device.row(pins, makePin()), extra: 1 })],
  [
    'of an unknown collection',
    'unknown_collection',
    () => ({ ...device.row(pins, makePin()), collection: 'pots' }),
  ],
  [
    'of a collection named like a JavaScript member',
    'unknown_collection',
    () => ({ ...device.row(pins, makePin()), collection: 'constructor' }),
  ],
  [
    'with another operation id',
    'bad_operation',
    () => ({ ...device.row(pins, makePin()), op: 'x~1' }),
  ],
  ['of a wrong type', 'invalid', () => device.row(pins, makePin({ title: 7 }))],
  ['with a field missing', 'invalid', () => device.row(pins, makePin({ title: undefined }))],
  ['out of range', 'invalid', () => device.row(pins, makePin({ position: { lat: 91, lng: 0 } }))],
  ['with a field too many', 'invalid', () => device.row(pins, makePin({ colour: 'red' }))],
  ['with too long an id', 'invalid', () => device.row(pins, makePin({ id: 'x'.repeat(129) }))],
  ['with an empty id', 'invalid', () => device.row(pins, makePin({ id: '' }))],
  [
    'with a control character in its id',
    'invalid',
    () => device.row(pins, makePin({ id: 'a\u0000b' })),
  ],
  [
    'with a malformed stamp',
    'bad_stamp',
    () => ({ ...device.row(pins, makePin()), doc: { ...makePin(), clk: { '*': 'now' } } }),
  ],
  ['without a creation stamp', 'bad_stamp', () => device.row(pins, { ...makePin(), clk: {} })],
  [
    'with a stamp for an unknown field',
    'bad_stamp',
    () => {
      const pin = makePin();
      return device.row(pins, { ...pin, clk: { ...pin.clk, colour: pin.clk?.['*'] ?? '' } });
    },
  ],
  [
    'deleted without a stamp for it',
    'bad_stamp',
    () => device.row(pins, { ...makePin(), _deleted: true }),
  ],
  [
    'over its limit',
    'too_large',
    () =>
      device.row(
        forms,
        device.make(forms, {
          id: `form-${(count += 1)}`,
          pin: 'p',
          template: 't',
          answers: Object.fromEntries(
            Array.from({ length: 100 }, (_, index) => [`q${index}`, 'x'.repeat(3_900)]),
          ),
        }),
      ),
  ],
  ['nested too deep', 'forbidden_key', () => device.row(pins, makePin({ position: nested(40) }))],
];

describe('a row', () => {
  it.each(badRows)('%s is rejected as %s and its neighbours stand', async (_name, code, row) => {
    const before = makePin();
    const after = makePin();
    const answer = await push([device.row(pins, before), row(), device.row(pins, after)]);
    expect(answer.status).toBe(200);
    const results = resultsOf(answer);
    expect(results.map(({ verdict }) => verdict)).toEqual(['accepted', 'rejected', 'accepted']);
    expect(results[1]?.code).toBe(code);
    expect(results[1]?.message).toMatch(/^.{10,}\.$/);
  });

  it.each(['__proto__', 'constructor', 'prototype'])(
    'with the key %s is rejected',
    async (name) => {
      const row = JSON.stringify(device.row(pins, makePin())).replace(
        '"position":{',
        `"position":{"${name}":{"x":1},`,
      );
      const body = `{"device":"${device.id}","schema":{"pins":0},"rows":[${row}]}`;
      const results = resultsOf(await call(live.url, key, '/api/sync/push', body));
      expect(results).toMatchObject([{ verdict: 'rejected', code: 'forbidden_key' }]);
      expect(Object.keys({})).toEqual([]);
    },
  );

  it('of a collection whose version the push does not name is rejected', async () => {
    const answer = await push([device.row(pins, makePin())], { schema: {} });
    expect(resultsOf(answer)).toMatchObject([{ verdict: 'rejected', code: 'schema_version' }]);
  });
});

describe('a request', () => {
  const good = (): PushRow => device.row(pins, makePin());
  const requests: readonly (readonly [string, number, string, () => unknown])[] = [
    ['that is no JSON', 400, 'bad_json', () => '{"rows":['],
    ['without rows', 400, 'bad_request', () => ({ device: device.id, schema })],
    ['whose rows are no list', 400, 'bad_request', () => ({ device: device.id, schema, rows: {} })],
    [
      'of a malformed device',
      400,
      'bad_request',
      () => ({ device: 'AAAAAAAAAA', schema, rows: [good()] }),
    ],
    [
      'in the name of the server',
      400,
      'bad_request',
      () => ({ device: '0000000000', schema, rows: [good()] }),
    ],
    [
      'with too many rows',
      413,
      'too_large',
      () => ({ device: device.id, schema, rows: Array.from({ length: 1_001 }, () => 0) }),
    ],
    ['with too many bytes', 413, 'too_large', () => `{"x":"${'x'.repeat(4_200_000)}"}`],
  ];
  it.each(requests)(
    '%s is answered %i %s and changes nothing',
    async (_name, status, code, body) => {
      const before = await head();
      const answer = await call(live.url, key, '/api/sync/push', body());
      expect(answer.status).toBe(status);
      expect(answer.type).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({ status, code });
      expect(await head()).toBe(before);
    },
  );

  it.each([
    ['an older', '1', 'outdated'],
    ['a newer', '999', 'server_outdated'],
    ['an unknown', 'x', 'outdated'],
  ])('of a client that speaks %s protocol is answered 426', async (_name, spoken, code) => {
    const headers = { 'X-Holdfast-Protocol': spoken };
    const answer = await call(live.url, key, '/api/sync/pull', { collections: {} }, headers);
    expect(answer.status).toBe(426);
    expect(answer.json()).toMatchObject({ code });
  });

  it('of another content type is answered 415', async () => {
    const answer = await call(live.url, key, '/api/sync/push', 'x', {
      'Content-Type': 'text/plain',
    });
    expect(answer.status).toBe(415);
  });

  it.each([
    ['no key', undefined],
    ['a wrong key', 'hf_wrong'],
  ])('with %s is answered 401 everywhere but health and log-in', async (_name, wrong) => {
    for (const path of [
      '/api/sync/stream?collections=pins',
      '/rxdb/pins/0/pull',
      '/metrics',
      '/api/nothing',
    ])
      expect((await call(live.url, wrong, path)).status).toBe(401);
    for (const path of ['/api/sync/push', '/api/sync/pull', '/rxdb/pins/0/push'])
      expect((await call(live.url, wrong, path, {})).status).toBe(401);
    expect((await call(live.url, wrong, '/healthz')).status).toBe(200);
  });

  it('with a read-only key may read but not write', async () => {
    const reader = await live.keyFor('bea', { readOnly: true });
    const answer = await call(live.url, reader, '/api/sync/push', {
      device: device.id,
      schema,
      rows: [device.row(pins, makePin())],
    });
    expect(resultsOf(answer)).toMatchObject([{ verdict: 'rejected', code: 'read_only' }]);
    const pulled = await call(live.url, reader, '/api/sync/pull', { collections: { pins: null } });
    expect(pulled.status).toBe(200);
  });
});

describe('a checkpoint', () => {
  const pull = (checkpoint: unknown) =>
    call(live.url, key, '/api/sync/pull', { collections: { pins: checkpoint } });

  it.each([
    ['malformed', 'x'],
    ['a number', 7],
    ['an object', {}],
    ['of another epoch', 'abc.1.00000000'],
  ])('that is %s asks to start again', async (_name, forged) => {
    const answer = await pull(forged);
    expect(answer.status).toBe(410);
    expect(answer.json()).toMatchObject({ code: 'resync_required', reason: 'epoch' });
  });

  it('from the future or of another scope asks to start again', async () => {
    const { collections: answered } = (await pull(null)).json() as {
      collections: { pins: { checkpoint: string } };
    };
    const [epoch = '', at = '', scope = ''] = answered.pins.checkpoint.split('.');
    expect((await pull(`${epoch}.${Number(at) + 1}.${scope}`)).json()).toMatchObject({
      reason: 'ahead',
    });
    expect((await pull(`${epoch}.${at}.ffffffff`)).json()).toMatchObject({ reason: 'scope' });
    const stream = await call(live.url, key, '/api/sync/stream?collections=pins', undefined, {
      'Last-Event-ID': `${epoch}.${Number(at) + 1}.${scope}`,
    });
    expect(stream.status).toBe(410);
  });

  it('of a stock client is served from the beginning, whatever it is', async () => {
    for (const id of ['', 'x', 'abc.1.00000000', '%00']) {
      const answer = await call(live.url, key, `/rxdb/pins/0/pull?updatedAt=0&id=${id}&limit=3`);
      expect((answer.json() as { documents: object[] }).documents.length).toBeGreaterThanOrEqual(3);
    }
  });
});
