// Two viewers of one workspace with different scope keys: each sees what is theirs, through every
// channel, and loses sight of what is taken away.

import { expect, it } from 'vitest';
import { seq, userId, workspaceId, type StreamEvent } from '../../replication/index.ts';
import { defineCollection, fieldLww, text } from '../../schemas/index.ts';
import { Accept, type Pusher } from '../../server/accept/accept.ts';
import { syncFraming } from '../../server/feed/framing.ts';
import { Hub } from '../../server/feed/hub.ts';
import { answerPull } from '../../server/feed/pull.ts';
import { makeDevice } from '../support/device.ts';
import { responseSink } from '../support/response-sink.ts';
import { until } from '../support/until.ts';
import { openTestStore } from '../support/store.ts';

const rooms = defineCollection({
  name: 'rooms',
  label: { one: 'room', many: 'rooms' },
  version: 0,
  fields: { team: text(20, 1), note: text(100) },
  policy: fieldLww(),
  scopeKeys: ({ team }) => [team],
  sample: () => ({ team: 'a', note: '' }),
});
const collections = new Map([['rooms', rooms]]);
const workspace = workspaceId('w');
const viewer = (key: string): Pusher => ({
  workspace,
  user: userId(key),
  role: 'member',
  readOnly: false,
  scopeKeys: [key],
  belowFloor: 'flag',
});

it('a document is seen by those who hold its key, and is gone for those who lose it', async () => {
  const store = openTestStore();
  const accept = new Accept({ store, collections, now: Date.now });
  const hub = new Hub({ store, onError: (error) => expect.unreachable(String(error)) });
  const device = makeDevice('aaaaaaaaaa');
  const sinks = { red: responseSink(), blue: responseSink() };
  for (const [key, { response }] of Object.entries(sinks))
    hub.open({
      workspace,
      viewer: viewer(key),
      collections: [rooms],
      framing: syncFraming,
      response,
      credential: key,
      position: seq(0),
      floor: seq(0),
      stillAllowed: () => Promise.resolve(true),
    });
  const push = (doc: ReturnType<typeof device.make>, base?: typeof doc) =>
    accept.push(viewer('red'), {
      device: device.id,
      schema: { rooms: 0 },
      rows: [device.row(rooms, doc, base)],
    });
  const seenBy = (key: keyof typeof sinks) =>
    sinks[key].events().flatMap((data) => {
      const { documents } = JSON.parse(data) as StreamEvent;
      return (documents['rooms'] ?? []).map((doc) => [doc['id'], doc['note'], doc._deleted]);
    });
  const pulledBy = async (key: string, checkpoint: string | null) => {
    const context = { store, workspace, viewer: viewer(key), nowMs: 0 };
    const asked = [{ collection: rooms, checkpoint }];
    const { body } = await answerPull(asked, { limit: 100 }, context);
    const { collections: pages } = JSON.parse(Buffer.concat(body).toString()) as {
      collections: { rooms: { documents: { id: string; note?: string }[]; checkpoint: string } };
    };
    return pages.rooms;
  };

  const made = device.make(rooms, { id: 'r1', team: 'red', note: 'secret of red' });
  await push(made);
  await until(() => seenBy('red').length === 1, 'the red team to see the room');
  const start = await pulledBy('red', null);
  expect(start.documents).toMatchObject([{ id: 'r1', note: 'secret of red' }]);
  expect((await pulledBy('blue', null)).documents).toEqual([]);

  const [stored] = await store.get(workspace, [{ collection: 'rooms', id: 'r1' }]);
  const shared = JSON.parse(stored?.text ?? '') as typeof made;
  const moved = await push(device.edit(rooms, shared, { team: 'blue', note: 'for blue' }), shared);
  expect(JSON.parse(moved.results[0]?.current ?? '')).toEqual({ id: 'r1', _deleted: true });
  await until(() => seenBy('blue').length === 1, 'the blue team to see the room');
  expect(seenBy('blue')).toEqual([['r1', 'for blue', undefined]]);
  expect(seenBy('red')).toEqual([
    ['r1', 'secret of red', undefined],
    ['r1', undefined, true],
  ]);
  expect((await pulledBy('red', start.checkpoint)).documents).toEqual([
    { id: 'r1', _deleted: true },
  ]);
  expect((await pulledBy('red', null)).documents).toEqual([]);
  hub.close();
});
