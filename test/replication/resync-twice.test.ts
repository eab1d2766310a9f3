// Everything has to be received again while it is being received again.

import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import {
  edit,
  has,
  inStep,
  onServer,
  openDevice,
  parts,
  pendingOf,
  type Device,
} from './support/devices.ts';
import { door } from './support/feed.ts';
import { startRestorable } from './support/restorable.ts';
import { isSynced, notes } from './support/world.ts';

const notesIn = (body: unknown): unknown =>
  (body as { collections: Record<string, unknown> }).collections['notes'];

/** The pull for the second page of the next snapshot of notes is answered so. */
function atSecondPage({ wire }: Device, reason: string): { readonly wasAsked: () => boolean } {
  let at: 'start' | 'first page' | 'done' = 'start';
  wire.instead = (path, body) => {
    if (path !== '/api/sync/pull') return undefined;
    if (at === 'start' && notesIn(body) === null) at = 'first page';
    if (at !== 'first page' || typeof notesIn(body) !== 'string') return undefined;
    at = 'done';
    return { status: 410, body: { code: 'resync_required', reason } };
  };
  return { wasAsked: () => at === 'done' };
}

test('a change of role while a restored server is followed leaves an edit of what it has lost as it is', async () => {
  const server = await startRestorable([notes, parts]);
  const ada = await openDevice(server, 'ada');
  const bob = await openDevice(server, 'bob');
  const rows = Array.from({ length: 1_500 }, (_, index) => ({ id: `n${index}`, title: 'x' }));
  await bob.notes.bulkInsert(rows);
  await until(async () => (await ada.notes.count().exec()) === rows.length);
  await inStep(ada, bob);
  await server.backup();
  await inStep(ada, bob);
  await bob.notes.insert({ id: 'lost', title: 'of bob' });
  await until(() => has(ada, 'lost', 'of bob'));
  await inStep(ada, bob);
  await bob.stop();
  ada.wire.isOnline = false;
  await server.restore();
  const order = atSecondPage(ada, 'scope');
  const [asked, gate] = [door(), door()];
  ada.wire.beforeAnswer = async (path, body) => {
    if (path !== '/api/sync/pull' || notesIn(body) !== null || !order.wasAsked()) return;
    asked.open();
    await gate.opened;
  };
  ada.wire.isOnline = true;
  ada.sync.syncNow();
  await asked.opened;
  await edit(ada, 'lost', 'of ada');
  await until(() => pendingOf(ada) === 0);
  gate.open();
  await until(() => isSynced(ada));
  expect(ada.refused()).toEqual([]);
  expect((await onServer(server)).get('lost')).toMatchObject({ title: 'of ada' });
  expect(await has(ada, 'lost', 'of ada')).toBe(true);
});
