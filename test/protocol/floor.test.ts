// Readers below the floor: what they missed has been purged, so they begin again, and say so only
// once.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { seq, type PullResponse, type WireDocument } from '../../replication/index.ts';
import { syncFraming } from '../../server/feed/framing.ts';
import { collections } from '../../schemas/index.ts';
import { makeDevice, type Device } from '../support/device.ts';
import { readEvents } from '../support/event-reader.ts';
import {
  call,
  startLiveServer,
  WORKSPACE,
  type Answer,
  type LiveServer,
} from '../support/live-server.ts';
import { responseSink } from '../support/response-sink.ts';
import { until } from '../support/until.ts';

const { pins } = collections;
const clock = { ms: Date.parse('2026-03-01T12:00:00.000Z') };
let live: LiveServer;
let key: string;
let device: Device;

beforeEach(async () => {
  live = await startLiveServer({ now: () => clock.ms });
  key = await live.keyFor('ada', { role: 'owner' });
  device = makeDevice('aaaaaaaaaa', () => clock.ms);
});
afterEach(() => live.stop());

const pinOf = (id: string): WireDocument =>
  device.make(pins, {
    id,
    title: id,
    position: { lat: 1, lng: 2 },
    kind: 'site',
    status: 'open',
    notes: '',
  });

async function push(...docs: readonly WireDocument[]): Promise<void> {
  for (const doc of docs) {
    const answer = await call(live.url, key, '/api/sync/push', {
      device: device.id,
      schema: { pins: 0 },
      rows: [device.row(pins, doc)],
    });
    expect(answer.json()['results']).toMatchObject([{ verdict: 'accepted' }]);
  }
}

const pull = (checkpoint: string | null, limit = 1_000): Promise<Answer> =>
  call(live.url, key, '/api/sync/pull', { collections: { pins: checkpoint }, limit });

async function page(checkpoint: string | null, limit?: number) {
  const answer = await pull(checkpoint, limit);
  expect(answer.status).toBe(200);
  const found = (answer.json() as unknown as PullResponse).collections['pins'];
  if (found === undefined) throw new Error('no page');
  return { ...found, ids: found.documents.map((doc) => doc['id']) };
}

/** Of all that has happened; commits of one moment count as made shortly after one another. */
function purge(): Promise<unknown> {
  clock.ms += 1_000;
  return live.server.core.retention.purge(0);
}

async function deleteOf(...ids: readonly string[]): Promise<void> {
  const { documents } = await page(null);
  for (const doc of documents) if (ids.includes(String(doc['id']))) await push(device.remove(doc));
}

it('a checkpoint below the floor is answered 410 floor, one at or above it goes on', async () => {
  await push(pinOf('a'), pinOf('b'));
  const old = (await page(null)).checkpoint;
  await deleteOf('a');
  const recent = (await page(null)).checkpoint;
  await purge();
  const refused = await pull(old);
  expect(refused.status).toBe(410);
  expect(refused.json()).toMatchObject({ code: 'resync_required', reason: 'floor' });
  expect(refused.json()).not.toHaveProperty('survives');
  expect(await page(recent)).toMatchObject({ ids: [], more: false });
  expect((await page(null)).ids).toEqual(['b']);
});

it('a checkpoint from when there was nothing is below the floor: its reader may have sent what was deleted', async () => {
  const empty = (await page(null)).checkpoint;
  await push(pinOf('a'), pinOf('b'));
  await deleteOf('a');
  await purge();
  expect((await pull(empty)).json()).toMatchObject({ reason: 'floor' });
});

it('a snapshot begun above the floor goes on below it; one that the floor overtakes does not', async () => {
  await push(...['a', 'b', 'c', 'd', 'x', 'y'].map(pinOf));
  await deleteOf('x');
  await purge();
  const first = await page(null, 2);
  expect(first).toMatchObject({ ids: ['a', 'b'], more: true });
  const second = await page(first.checkpoint, 2);
  expect(second).toMatchObject({ ids: ['c', 'd'], more: true });
  expect((await page(second.checkpoint, 2)).ids).toEqual(['y']);
  await deleteOf('y');
  await purge();
  for (const { checkpoint } of [first, second])
    expect((await pull(checkpoint)).json()).toMatchObject({ reason: 'floor' });
});

it('a stock client below the floor is served from the beginning, to the end', async () => {
  await push(...['a', 'b', 'c', 'd', 'x'].map(pinOf));
  const stock = async (id: string, limit: number) => {
    const answer = await call(live.url, key, `/rxdb/pins/0/pull?id=${id}&limit=${limit}`);
    return answer.json() as { documents: WireDocument[]; checkpoint: { id: string } };
  };
  const old = await stock('', 2);
  await deleteOf('x');
  await purge();
  const seen: unknown[] = [];
  let at = old.checkpoint.id;
  for (let count = 2; count === 2;) {
    const { documents, checkpoint } = await stock(at, 2);
    seen.push(...documents.map((doc) => doc['id']));
    at = checkpoint.id;
    count = documents.length;
  }
  expect(seen).toEqual(['a', 'b', 'c', 'd']);
});

it('a stream that begins below the floor is answered 410, too', async () => {
  await push(pinOf('a'), pinOf('b'));
  const old = (await page(null)).checkpoint;
  await deleteOf('a');
  await purge();
  const answer = await call(live.url, key, `/api/sync/stream?from=${old}`);
  expect([answer.status, answer.json()['reason']]).toEqual([410, 'floor']);
});

it('a stream whose reader is up to date goes on over a purge', async () => {
  await push(pinOf('a'));
  const { checkpoint } = await page(null);
  const reader = await readEvents(`${live.url}/api/sync/stream?from=${checkpoint}`, {
    Authorization: `Bearer ${key}`,
  });
  await deleteOf('a');
  await purge();
  await push(pinOf('b'));
  await until(() => reader.events.length >= 2, 'both events');
  expect(reader.events.map(({ name }) => name)).toEqual(['', '']);
  expect(reader.ended()).toBe(false);
  reader.stop();
});

it('a stream that the floor overtakes before it has read says resync and ends', async () => {
  await push(pinOf('a'), pinOf('b'));
  await deleteOf('a');
  await purge();
  const { accounts, hub, store } = live.server.core;
  const viewer = await accounts.commander('ada@example.org', WORKSPACE);
  if (viewer === undefined) throw new Error('nobody there');
  const open = (floor: number) => {
    const sink = responseSink();
    hub.open({
      workspace: viewer.workspace,
      viewer,
      collections: [pins],
      framing: syncFraming,
      response: sink.response,
      credential: '',
      position: seq(1),
      floor: seq(floor),
      stillAllowed: () => Promise.resolve(true),
    });
    return sink;
  };
  const { floor } = await store.head(viewer.workspace);
  const overtaken = open(0);
  const snapshot = open(floor);
  await until(() => overtaken.response.writableEnded, 'the stream to end');
  expect(overtaken.events()).toEqual(['{}']);
  await until(() => snapshot.events().length > 0, 'what lies below the floor');
  expect(snapshot.response.writableEnded).toBe(false);
});
