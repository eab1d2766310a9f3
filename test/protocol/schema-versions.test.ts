// Requests of a client whose collections have other versions than the server's.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { versionsFromText, versionsToText } from '../../replication/core.ts';
import { lists, tasksAfter } from '../support/changed-schema.ts';
import { makeDevice } from '../support/device.ts';
import { call, startLiveServer, type LiveServer } from '../support/live-server.ts';

const device = makeDevice('bbbbbbbbbb');
let live: LiveServer;
let key: string;
beforeAll(async () => {
  live = await startLiveServer({ collections: [tasksAfter, lists] });
  key = await live.keyFor('ada');
});
afterAll(() => live.stop());

const row = () => {
  const list = device.make(lists, { id: `l${Math.random()}`, title: 'x' });
  return device.row(lists, list);
};
const asked = {
  push: (schema: Record<string, number>) =>
    call(live.url, key, '/api/sync/push', { device: device.id, schema, rows: [row()] }),
  pull: (schema: Record<string, number>) =>
    call(live.url, key, '/api/sync/pull', { schema, collections: { tasks: null } }),
  stream: (schema: Record<string, number>) =>
    call(live.url, key, `/api/sync/stream?collections=tasks&schema=${versionsToText(schema)}`),
};

describe.each(Object.entries(asked))('a %s', (_name, ask) => {
  it('of an older client is answered 426, says to reload, and changes nothing', async () => {
    const answer = await ask({ tasks: 0, lists: 0 });
    expect(answer.status).toBe(426);
    expect(answer.json()).toMatchObject({
      code: 'outdated',
      detail:
        'This app is older than the server. Reload the page; what you saved is kept and sent afterwards.',
    });
    const after = await call(live.url, key, '/api/sync/pull', { collections: { lists: null } });
    expect(after.json()).toMatchObject({ upTo: 0 });
  });

  it('of a newer client is answered 426 with another code', async () => {
    const answer = await ask({ tasks: 2, lists: 0 });
    expect(answer.status).toBe(426);
    expect(answer.json()).toMatchObject({ code: 'server_outdated' });
  });

  it('of one that is older here and newer there is told to reload', async () => {
    expect((await ask({ tasks: 0, lists: 1 })).json()).toMatchObject({ code: 'outdated' });
  });
});

it('a client that names no versions reads what there is', async () => {
  const answer = await call(live.url, key, '/api/sync/pull', { collections: { tasks: null } });
  expect(answer.status).toBe(200);
});

it('collections that the server does not have are no matter of versions', async () => {
  const answer = await call(live.url, key, '/api/sync/pull', {
    schema: { tasks: 1, others: 7 },
    collections: { tasks: null },
  });
  expect(answer.status).toBe(200);
});

it.each(['', 'tasks', 'tasks:x', 'tasks:1,', ':1', 'tasks:-1'])(
  'a stream that names its versions as "%s" is refused',
  async (text) => {
    const answer = await call(live.url, key, `/api/sync/stream?collections=tasks&schema=${text}`);
    expect(answer.status).toBe(400);
  },
);

it('versions come back from their text as they were', () => {
  const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);
  const versions = fc.dictionary(names, fc.integer({ min: 0, max: 1_000_000 }), { minKeys: 1 });
  fc.assert(
    fc.property(versions, (one) => {
      expect(versionsFromText(versionsToText(one))).toEqual({ ...one });
    }),
  );
});
