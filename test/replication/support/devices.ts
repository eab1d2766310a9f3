// Real RxDB clients at a real server that can be restored, and what both of them have.

import type { PushRequest, PushRow, WireDocument } from '../../../replication/index.ts';
import { call } from '../../support/live-server.ts';
import { until } from '../../support/until.ts';
import type { Restorable, Wire } from './restorable.ts';
import { isSynced, note, notes, openClient, type Client } from './world.ts';

export const parts = note('parts', 100, { parent: 'notes' });

export interface Device extends Client {
  readonly wire: Wire;
  readonly stop: () => Promise<void>;
}

export async function openDevice(
  server: Restorable,
  name: string,
  given: Partial<Parameters<typeof openClient>[1]> & { readonly wire?: Wire } = {},
): Promise<Device> {
  const { wire = server.wire(), ...options } = given;
  const token = await server.live().keyFor(name);
  const client = await openClient(wire, {
    url: server.url(),
    token,
    collections: [notes, parts],
    ...options,
  });
  return { ...client, wire, stop: () => client.sync.stop() };
}

export const again = async (server: Restorable, device: Device, name: string): Promise<Device> =>
  openDevice(server, name, { database: device.database, wire: device.wire, ledger: device.ledger });
export const inStep = (...devices: readonly Device[]): Promise<unknown> =>
  Promise.all(devices.map((device) => until(() => isSynced(device), 'a device to be in step')));
/** Ada's device, with nothing that is not in the backup. */
export async function backedUp(
  server: Restorable,
  given?: Parameters<typeof openDevice>[2],
): Promise<Device> {
  const ada = await openDevice(server, 'ada', given);
  await inStep(ada);
  await server.backup();
  await inStep(ada);
  return ada;
}
/** The server is restored between the effect of a push that fits and its answer. Says whether it was. */
export function restoreOnce(
  server: Restorable,
  wire: Wire,
  fits: (rows: readonly PushRow[]) => boolean = () => true,
): () => boolean {
  let state: 'before' | 'now' | 'after' = 'before';
  wire.beforeAnswer = async (path, body, status) => {
    if (state !== 'before' || path !== '/api/sync/push' || status !== 200) return;
    if (!fits((body as PushRequest).rows)) return;
    state = 'now';
    await server.restore();
    state = 'after';
  };
  return () => state === 'after';
}
export const idsOf = async (device: Device): Promise<string[]> =>
  (await device.notes.find().exec()).map(({ primary }) => primary).toSorted();

export async function onServer(
  server: Restorable,
  collection = 'notes',
): Promise<ReadonlyMap<string, WireDocument>> {
  const key = await server.live().keyFor('reader');
  const answer = await call(server.url(), key, '/api/sync/pull', {
    collections: { [collection]: null },
    limit: 5_000,
  });
  const { collections } = answer.json() as {
    collections: Record<string, { documents: readonly WireDocument[] }>;
  };
  const documents = collections[collection]?.documents ?? [];
  return new Map(documents.map((document) => [String(document['id']), document]));
}
export const liveOnServer = async (server: Restorable, collection?: string): Promise<string[]> =>
  [...(await onServer(server, collection))]
    .filter(([, document]) => document._deleted !== true)
    .map(([id]) => id)
    .toSorted();
export const has = async (device: Device, id: string, title: string): Promise<boolean> =>
  (await device.read(id))?.['title'] === title;
export const edit = async (device: Device, id: string, title: string): Promise<void> => {
  const found = await device.notes.findOne(id).exec(true);
  await found.incrementalPatch({ title });
};
export const pendingOf = (device: Device): number => device.status().pending;
