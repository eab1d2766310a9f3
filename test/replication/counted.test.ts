// What the server has refused, merged or let lose is not sent again. Real RxDB clients, a real server.

import { expect, test } from 'vitest';
import { INBOX, collections } from '../../schemas/index.ts';
import { until } from '../support/until.ts';
import { startRestorable, type Restorable, type Wire } from './support/restorable.ts';
import { isSynced, openClient, type Client } from './support/world.ts';

const { pins, products, conflicts } = collections;

interface Device extends Client {
  readonly wire: Wire;
}
async function openDevice(server: Restorable, name: string): Promise<Device> {
  const wire = server.wire();
  const token = await server.live().keyFor(name, { role: 'manager' });
  const options = { url: server.url(), token, collections: [pins, products, conflicts] };
  return { ...(await openClient(wire, options)), wire };
}
const edit = async (device: Device, collection: string, change: object): Promise<void> => {
  await (await device.collection(collection).findOne('a').exec(true)).incrementalPatch(change);
};
const pushedRows = ({ wire }: Device): readonly string[] =>
  wire.pushed.map(({ collection, doc }) => `${collection}/${String(doc['id'])}`);

test('each row is sent once, whatever becomes of it', async () => {
  const server = await startRestorable(Object.values(collections));
  const ada = await openDevice(server, 'ada');
  const bob = await openDevice(server, 'bob');
  await ada.collection('pins').insert({
    id: 'a',
    title: 'pin',
    position: { lat: 1, lng: 1 },
    kind: 'site',
    status: 'open',
    notes: '',
  });
  const made = products.sample({ random: fixed, nowMs: Date.now(), idOf: () => 'a' });
  const fields = Object.fromEntries(
    Object.entries(made).filter(([field]) => !products.derived.includes(field)),
  );
  await ada.collection('products').insert({ ...fields, stock: 0, id: 'a' });
  await until(async () => (await bob.read('a', 'products')) && (await bob.read('a', 'pins')));
  await until(() => isSynced(ada) && isSynced(bob));
  bob.wire.isOnline = false;
  await edit(bob, 'pins', { title: 'of bob', notes: 'of bob' });
  await edit(bob, 'products', { name: 'of bob' });
  await edit(ada, 'pins', { title: 'of ada' });
  await edit(ada, 'products', { name: 'of ada' });
  await until(() => isSynced(ada) && ada.wire.pushed.length >= 4);
  bob.wire.pushed.length = 0;
  bob.wire.isOnline = true;
  bob.sync.syncNow();
  // Merged or lost, by the policy; an entry of one's own making is refused.
  await until(async () => bob.wire.pushed.length >= 2 && bob.status().pending === 0);
  const entry = conflicts.sample({ random: fixed, nowMs: Date.now(), idOf: () => 'a' });
  await bob.collection(INBOX).insert({ ...entry, id: 'forged' });
  await until(() => bob.refused().some(({ collection }) => collection === INBOX));
  await until(async () => (await bob.read('forged', INBOX))?._deleted === true);
  expect((await bob.read('a', 'products'))?.['name']).toBe('of ada');
  // What lost stands in the inbox, and no longer among what was refused.
  const isLost = { selector: { collectionName: 'products' } };
  const lost = await until(() => bob.collection(INBOX).findOne(isLost).exec(), 'what lost');
  expect(lost.toJSON()).toMatchObject({ mine: { name: 'of bob' } });
  await until(() => bob.refused().every(({ collection }) => collection === INBOX));

  // Pulling, and a new session, send nothing more.
  bob.sync.syncNow();
  await until(() => bob.status().pending === 0);
  expect(pushedRows(bob).toSorted(byText)).toEqual(['conflicts/forged', 'pins/a', 'products/a']);
  const found = await until(() => bob.collection(INBOX).findOne().exec(), 'an entry of the inbox');
  await found.incrementalRemove();
  await until(() => bob.refused().filter(({ collection }) => collection === INBOX).length === 2);
  await until(async () => (await bob.read(found.primary, INBOX))?._deleted !== true);
  expect(pushedRows(bob)).toHaveLength(4);
});

const fixed = {
  integer: (least: number) => least,
  pick: <T>(from: readonly T[]) => from[0] as T,
  hex: (digits: number) => 'a'.repeat(digits),
} as never;
const byText = (left: string, right: string): number => (left < right ? -1 : 1);
