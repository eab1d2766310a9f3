// What 300 readers cost that only listen.

import { afterAll, expect, it } from 'vitest';
import { readEvents, type EventReader } from '../support/event-reader.ts';
import { call } from '../support/live-server.ts';
import { makeDataFolder } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const STREAMS = 300;
const MAX_BYTES = 150 * 1024 * 1024;
const folder = makeDataFolder();
afterAll(() => folder.remove());

it(`${STREAMS} idle streams cost less than 150 MB`, async () => {
  const key = await folder.prepare();
  const server = await folder.serve();
  const metric = async (name: string): Promise<number> => {
    const { text } = await call(server.url, key, '/metrics');
    return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
  };
  const before = await metric('process_resident_memory_bytes');
  const readers: EventReader[] = [];
  for (let count = 0; count < STREAMS; count += 1)
    readers.push(
      await readEvents(`${server.url}/api/sync/stream?collections=pins`, {
        Authorization: `Bearer ${key}`,
      }),
    );
  await until(
    async () => (await metric('holdfast_open_streams')) === STREAMS,
    'all streams to be open',
  );
  const cost = (await metric('process_resident_memory_bytes')) - before;
  console.log(`${STREAMS} idle streams: ${Math.round(cost / 1024 / 1024)} MB more than without`);
  expect(cost).toBeLessThan(MAX_BYTES);
  for (const reader of readers) reader.stop();
  await until(
    async () => (await metric('holdfast_open_streams')) === 0,
    'all streams to be closed',
  );
  await server.kill('SIGTERM');
});
