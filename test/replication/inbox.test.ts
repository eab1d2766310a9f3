import { expect, test } from 'vitest';
import type { WireDocument } from '../../replication/index.ts';
import { collections } from '../../schemas/index.ts';
import { until } from '../support/until.ts';
import { FakeServer } from './support/fake-server.ts';
import { foreign, isSynced, notes, openClient } from './support/world.ts';

const { conflicts } = collections;
const both = [notes, conflicts];

/** An entry about a note of `me`, as the server makes it. */
const entry = (op: string, more: Partial<WireDocument> = {}): WireDocument => ({
  ...conflicts.sample({
    random: { hex: () => 'me' } as unknown as Parameters<typeof conflicts.sample>[0]['random'],
    nowMs: 0,
    idOf: () => 'a',
  }),
  id: 'e1',
  collectionName: 'notes',
  op,
  clk: { '*': '000000000001000000-ffffffffff000000' },
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'me',
  ...more,
});

/** A note of which the server refuses this device's edits with a verdict. */
async function refusing(verdict: 'conflict' | 'superseded' | 'rejected', withInbox = true) {
  const server = new FakeServer(both);
  server.write('notes', foreign('a', 'theirs'));
  server.judge = ({ collection }) =>
    collection === 'notes' ? { verdict, code: 'no', message: 'No.' } : undefined;
  const client = await openClient(server, {
    collections: withInbox ? both : [notes],
    user: 'me',
    role: 'member',
  });
  await until(async () => (await client.read('a')) !== undefined && isSynced(client));
  const edit = async (title: string): Promise<void> => {
    const refused = client.refused().length;
    await (await client.notes.findOne('a').exec())?.incrementalPatch({ title });
    await until(() => client.refused().length > refused && client.status().pending === 0);
  };
  await edit('mine');
  return { server, client, edit };
}
const counts = ({ status }: Awaited<ReturnType<typeof openClient>>) => {
  const { state, refused, conflicts: open } = status();
  return { state, refused, open };
};

test.each(['conflict', 'superseded'] as const)(
  'a write with the verdict %s stays in the ledger until its entry has arrived',
  async (verdict) => {
    const { server, client } = await refusing(verdict);
    const [write] = client.refused();
    expect(write).toMatchObject({ verdict, doc: { title: 'mine' } });
    server.write('conflicts', entry('another', { id: 'e0', author: 'you', state: 'information' }));
    await until(async () => (await client.read('e0', 'conflicts')) !== undefined);
    expect(client.refused()).toHaveLength(1);
    server.write('conflicts', entry(write?.op ?? '', { state: 'information' }));
    await until(() => client.refused().length === 0);
    expect(counts(client)).toEqual({ state: 'synced', refused: 0, open: 0 });
  },
);

test('an entry that took up a later write of the same person explains the earlier one, too', async () => {
  const { server, client, edit } = await refusing('conflict');
  await edit('mine again');
  const [later] = client.refused();
  server.write('conflicts', entry(later?.op ?? ''));
  await until(() => client.refused().length === 0);
});

test('a rejected write needs a person although there is an inbox', async () => {
  const { server, client } = await refusing('rejected');
  server.write('conflicts', entry(client.refused()[0]?.op ?? '', { state: 'information' }));
  await until(async () => (await client.read('e1', 'conflicts')) !== undefined);
  expect(counts(client)).toEqual({ state: 'attention', refused: 1, open: 0 });
});

test('a program without the inbox keeps what lost as refused', async () => {
  const { client } = await refusing('conflict', false);
  expect(counts(client)).toEqual({ state: 'attention', refused: 1, open: 0 });
});

test('an open entry needs a person until it is decided here', async () => {
  const server = new FakeServer(both);
  const client = await openClient(server, { collections: both, user: 'me', role: 'member' });
  const open: (readonly string[])[] = [];
  client.sync.conflicts$.subscribe((entries) => open.push(entries.map(({ id }) => id)));
  server.write('conflicts', entry('op1'));
  await until(() => client.status().state === 'attention');
  expect(counts(client)).toEqual({ state: 'attention', refused: 0, open: 1 });
  server.fate = ({ path }) => (path === '/api/sync/push' ? 'lose request' : 'go');
  const waiting = await client.collection('conflicts').findOne('e1').exec();
  await waiting?.incrementalPatch({ resolution: { choice: 'mine' } });
  await until(() => client.status().conflicts === 0);
  expect(open.at(-1)).toEqual(['e1']);
});

test('an open entry does not need somebody who may not write what it is about', async () => {
  const server = new FakeServer(both);
  const client = await openClient(server, { collections: both, user: 'me', role: 'viewer' });
  server.write('conflicts', entry('op1'));
  await until(async () => (await client.read('e1', 'conflicts')) !== undefined);
  await until(() => isSynced(client));
  expect(client.status().conflicts).toBe(0);
});

test('a role that is taken while it runs decides what waits for a person', async () => {
  const server = new FakeServer(both);
  const client = await openClient(server, { collections: both, user: 'me', role: 'viewer' });
  server.write('conflicts', entry('op1'));
  await until(async () => (await client.read('e1', 'conflicts')) !== undefined);
  client.sync.takeRole('member');
  await until(() => client.status().conflicts === 1);
  client.sync.takeRole('viewer');
  await until(() => client.status().conflicts === 0);
});
