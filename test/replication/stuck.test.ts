// What can't be sent keeps back its own collection: the others are received again without it.

import { expect, test } from 'vitest';
import type { PushRequest } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import { has, inStep, openDevice, type Device } from './support/devices.ts';
import { startRestorable } from './support/restorable.ts';
import { note, notes } from './support/world.ts';

const parts = note('parts', 100, { parent: 'notes' });
const others = note('others');

/** The next pull is answered so, as after a change of role. Says whether it was. */
function receiveAgain({ wire }: Device): () => boolean {
  let isDone = false;
  const before = wire.instead;
  wire.instead = (path, body) => {
    if (path !== '/api/sync/pull' || isDone) return before(path, body);
    isDone = true;
    return { status: 410, body: { code: 'resync_required', reason: 'scope' } };
  };
  return () => isDone;
}
const expectOthers = async (device: Device, from: Device): Promise<void> => {
  await from.collection('others').insert({ id: 'later', title: 'x' });
  await until(async () => (await device.read('later', 'others')) !== undefined, 'the other one');
};

test('a row at which the server breaks', async () => {
  const collections = [notes, others];
  const server = await startRestorable(collections);
  const ada = await openDevice(server, 'ada', { collections });
  const bob = await openDevice(server, 'bob', { collections });
  await inStep(ada, bob);
  ada.wire.instead = (path, body) => {
    if (path !== '/api/sync/push') return undefined;
    const breaks = (body as PushRequest).rows.some(({ doc }) => doc['id'] === 'poison');
    return breaks ? { status: 500, body: { code: 'internal' } } : undefined;
  };
  await ada.notes.insert({ id: 'poison', title: 'x' });
  await until(() => ada.status().failed === 1, 'the failure');
  const isOrdered = receiveAgain(ada);
  ada.sync.syncNow();
  await until(isOrdered);
  await expectOthers(ada, bob);
  expect(ada.status().failed).toBe(1);
});

test.each(['a change of role', 'a restore'])(
  'a group that waits for a tab with more collections, after %s',
  async (why) => {
    const server = await startRestorable([notes, parts, others]);
    const collections = [notes, others];
    const ada = await openDevice(server, 'ada', { collections });
    const bob = await openDevice(server, 'bob', { collections });
    await bob.notes.insert({ id: 'n', title: 'one' });
    await until(() => has(ada, 'n', 'one'));
    await inStep(ada, bob);
    await server.backup();
    await inStep(ada, bob);
    const before = await ada.read('n');
    if (before === undefined) throw new Error('It is gone.');
    const nowMs = Date.now().toString(16).padStart(12, '0');
    const stamp = `${nowMs}000000-${ada.sync.device()}000000`;
    const doc = { ...before, title: 'two', clk: { ...before.clk, title: stamp } };
    const part = { id: 'p', title: 'p', _deleted: false, clk: { '*': stamp } };
    await ada.ledger.putGroup({
      id: 'g',
      createdAtMs: 0,
      label: 'A note and its part',
      members: [
        { collection: 'notes', id: 'n', doc, before },
        { collection: 'parts', id: 'p', doc: part },
      ],
    });
    await until(() => has(ada, 'n', 'two'), 'the completion');
    const isOrdered = why === 'a restore' ? () => true : receiveAgain(ada);
    if (why === 'a restore') await server.restore();
    ada.sync.syncNow();
    await until(isOrdered);
    await expectOthers(ada, bob);
    expect(await has(ada, 'n', 'two')).toBe(true);
  },
);
