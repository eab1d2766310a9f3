// Pushes to one workspace share commits: those that come while a commit is under way make the next.

import { expect, it } from 'vitest';
import { workspaceId } from '../../replication/core.ts';
import { collections } from '../../schemas/index.ts';
import { makeDevice, type Device } from '../support/device.ts';
import { call, startLiveServer } from '../support/live-server.ts';
import { openTestStore } from '../support/store.ts';

const { pins } = collections;
const CLIENTS = 32;

it('32 clients that push a document each while a commit is under way need one more', async () => {
  const store = openTestStore();
  let before = Promise.resolve();
  const live = await startLiveServer({
    store: {
      ...store,
      commit: async (...asked) => {
        await before;
        return store.commit(...asked);
      },
    },
  });
  const key = await live.keyFor('ada');
  const [workspace] = await store.records('workspace', '');
  const head = async (): Promise<number> =>
    (await store.head(workspaceId(workspace?.id ?? ''))).seq;
  const push = async (device: Device, id: string): Promise<void> => {
    const position = { lat: 1, lng: 2 };
    const pin = { id, title: id, position, kind: 'site', status: 'open', notes: '' };
    const rows = [device.row(pins, device.make(pins, pin))];
    const body = { device: device.id, schema: { pins: 0 }, rows };
    const answer = await call(live.url, key, '/api/sync/push', body);
    expect(answer.json()).toMatchObject({ results: [{ verdict: 'accepted' }] });
  };
  const devices = Array.from({ length: CLIENTS }, (_, index) =>
    makeDevice(`${index}`.padStart(10, 'a')),
  );
  // The server learns once whose device it is.
  for (const device of devices) await push(device, `first-${device.id}`);
  const start = await head();

  let arrived = 0;
  before = new Promise((resolve) => {
    const { accept } = live.server.core;
    const judge = accept.push.bind(accept);
    accept.push = (...asked) => {
      arrived += 1;
      if (arrived === CLIENTS) setImmediate(resolve);
      return judge(...asked);
    };
  });
  await Promise.all(devices.map((device) => push(device, `second-${device.id}`)));
  expect((await head()) - start).toBe(2);
  await live.stop();
});
