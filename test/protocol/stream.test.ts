// The event stream: every commit once, in order, without a gap, whoever comes when.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collections } from '../../schemas/index.ts';
import type { StreamEvent } from '../../replication/index.ts';
import { makeDevice } from '../support/device.ts';
import { readEvents, type EventReader } from '../support/event-reader.ts';
import { call, startLiveServer, type LiveServer } from '../support/live-server.ts';
import { until } from '../support/until.ts';

const { pins, stories } = collections;
const device = makeDevice('aaaaaaaaaa');
let live: LiveServer;
let key = '';
let readers: EventReader[] = [];
beforeEach(async () => {
  live = await startLiveServer();
  key = await live.keyFor('ada');
});
afterEach(async () => {
  for (const reader of readers) reader.stop();
  readers = [];
  await live.stop();
});

const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });
const open = async (names: string, from?: string): Promise<EventReader> => {
  const reader = await readEvents(`${live.url}/api/sync/stream?collections=${names}`, {
    ...bearer(key),
    ...(from === undefined ? {} : { 'Last-Event-ID': from }),
  });
  readers.push(reader);
  return reader;
};
const eventsOf = (reader: EventReader): readonly StreamEvent[] =>
  reader.events
    .filter(({ name }) => name === '')
    .map(({ data }) => JSON.parse(data) as StreamEvent);
const idsOf = (reader: EventReader, name = 'pins'): readonly unknown[] =>
  eventsOf(reader).flatMap(({ documents }) => (documents[name] ?? []).map((doc) => doc['id']));

const pinOf = (id: string) => ({
  id,
  title: id,
  position: { lat: 1, lng: 2 },
  kind: 'site',
  status: 'open',
  notes: '',
});
const makePin = (id: string) => device.row(pins, device.make(pins, pinOf(id)));
const makeStory = (id: string) =>
  device.row(
    stories,
    device.make(stories, { id, text: id, expiresAt: '2026-03-02T00:00:00.000Z' }),
  );
const push = (...rows: readonly object[]) =>
  call(live.url, key, '/api/sync/push', {
    device: device.id,
    schema: { pins: 0, stories: 0 },
    rows,
  });

describe('the event stream', () => {
  it('carries each commit to every reader, from where it stood to where it reaches', async () => {
    const both = [await open('pins'), await open('pins')];
    await push(makePin('a'));
    await push(makePin('b'), makePin('c'));
    for (const reader of both) {
      await until(() => idsOf(reader).length === 3, 'three pins');
      expect(idsOf(reader)).toEqual(['a', 'b', 'c']);
      expect(eventsOf(reader).map(({ from, to }) => [from, to])).toEqual([
        [0, 1],
        [1, 2],
      ]);
      expect(reader.events.map(({ id }) => id)).toEqual(
        eventsOf(reader).map((event) => event.checkpoint),
      );
    }
  });

  it('says nothing of other collections, and the next event reaches over them', async () => {
    const reader = await open('pins');
    await push(makeStory('s'));
    await push(makePin('a'));
    await until(() => idsOf(reader).length === 1, 'the pin');
    expect(eventsOf(reader)).toMatchObject([{ from: 0, to: 2 }]);
    expect(eventsOf(reader)[0]?.documents['stories']).toBeUndefined();
  });

  it('goes on after the last event that a reader has seen', async () => {
    const first = await open('pins');
    await push(makePin('a'));
    await until(() => first.events.length === 1, 'the first event');
    first.stop();
    await push(makePin('b'));
    await push(makePin('c'));
    const second = await open('pins', first.events[0]?.id ?? '');
    await push(makePin('d'));
    await until(() => idsOf(second).includes('d'), 'the newest pin');
    expect(idsOf(second)).toEqual(['b', 'c', 'd']);
    expect(eventsOf(second)[0]?.from).toBe(1);
  });

  it('leaves no gap where readers come in the middle of many pushes', async () => {
    const start = await open('pins');
    await push(makePin('first'));
    await until(() => start.events.length === 1, 'the first event');
    const from = start.events[0]?.id ?? '';
    const late: EventReader[] = [];
    for (let round = 0; round < 30; round += 1) {
      const pushes = [push(makePin(`x${round}`)), push(makePin(`y${round}`))];
      late.push(await open('pins', from));
      await Promise.all(pushes);
    }
    for (const reader of late) {
      await until(() => new Set(idsOf(reader)).size === 60, 'all sixty pins');
      expect(idsOf(reader).length).toBe(60);
      let position = 1;
      for (const event of eventsOf(reader)) {
        expect(event.from).toBeLessThanOrEqual(position);
        expect(event.to).toBeGreaterThan(position);
        position = event.to;
      }
    }
  });

  it('reads a long way back in stretches that cut no commit', async () => {
    const rows = (batch: number) =>
      Array.from({ length: 700 }, (_, index) => makePin(`${batch}-${index}`));
    for (let batch = 0; batch < 4; batch += 1) await push(...rows(batch));
    await push(makeStory('s'));
    const pulled = await call(live.url, key, '/api/sync/pull', {
      collections: { pins: null },
      upTo: 0,
    });
    const { checkpoint } = (pulled.json() as { collections: { pins: { checkpoint: string } } })
      .collections.pins;
    const reader = await open('pins,stories', checkpoint);
    await until(() => idsOf(reader, 'stories').length === 1, 'the story at the end');
    expect(new Set(idsOf(reader)).size).toBe(2_800);
    expect(idsOf(reader).length).toBe(2_800);
    expect(eventsOf(reader).length).toBeGreaterThan(1);
  });

  it('answers HEAD with its headers alone', async () => {
    const response = await fetch(`${live.url}/api/sync/stream?collections=pins`, {
      method: 'HEAD',
      headers: bearer(key),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
  });

  it('waits for a reader that is slow, and then gives it everything', async () => {
    const abort = new AbortController();
    const response = await fetch(`${live.url}/api/sync/stream?collections=pins`, {
      headers: bearer(key),
      signal: abort.signal,
    });
    const notes = 'x'.repeat(9_000);
    for (let batch = 0; batch < 16; batch += 1)
      await push(
        ...Array.from({ length: 100 }, (_, index) => {
          const made = device.make(pins, { ...pinOf(`${batch}-${index}`), notes });
          return device.row(pins, made);
        }),
      );
    const seen = new Set<string>();
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      for (const [, id = ''] of text.matchAll(/"id":"(\d+-\d+)"/g)) seen.add(id);
      text = text.slice(-200);
      if (seen.size === 1_600) break;
    }
    expect(seen.size).toBe(1_600);
    abort.abort();
  });

  it('ends with a word when the server stops, and at once when the session ends', async () => {
    await live.keyFor('bea');
    const login = await fetch(`${live.url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' },
      body: JSON.stringify({ email: 'bea@example.org', password: 'correct horse' }),
    });
    expect(login.status).toBe(200);
    const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const session = await readEvents(`${live.url}/api/sync/stream?collections=pins`, {
      Cookie: cookie,
    });
    const keyed = await open('pins');
    await fetch(`${live.url}/api/session`, {
      method: 'DELETE',
      headers: {
        Cookie: cookie,
        'Content-Type': 'application/json',
        'Sec-Fetch-Site': 'same-origin',
      },
    });
    await until(() => session.ended(), 'the end of the session’s stream');
    expect(keyed.ended()).toBe(false);
    await live.stop();
    await until(() => keyed.ended(), 'the end of the other stream');
    expect(keyed.events.at(-1)?.name).toBe('bye');
  });
});
