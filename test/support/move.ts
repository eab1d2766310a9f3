// A whole store moves from one place to another between two visits of a client.

import { join } from 'node:path';
import { createRxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { expect } from 'vitest';
import {
  defaultPlatform,
  startSync,
  type Platform,
  type PullResponse,
  type PushRow,
  type SyncStatus,
  type WireDocument,
} from '../../replication/index.ts';
import { collections } from '../../schemas/index.ts';
import { makeDevice } from './device.ts';
import { call, cookieName, PASSWORD, WORKSPACE } from './live-server.ts';
import type { DataFolder } from './server-process.ts';
import { until } from './until.ts';

const AIRPORTS = 'node_modules/vega-datasets/data/airports.csv';
const { pins } = collections;

/** What must end after the tests, whatever becomes of them; the last one first. */
export type Ends = (() => Promise<unknown>)[];

export const portOf = (url: string): number => Number(new URL(url).port);
export const pinOf = (id: string) => ({
  id,
  title: id,
  position: { lat: 0, lng: 0 },
  kind: 'site',
  status: 'open',
  notes: '',
});

export const importAirports = (folder: DataFolder): Promise<string> => {
  const who = ['--email', 'ada@example.org', '--workspace', WORKSPACE];
  const map = ['--map', 'title=name', 'position.lat=latitude', 'position.lng=longitude'];
  const set = ['--set', 'kind=airport', 'status=open'];
  return folder.command('import', 'pins', AIRPORTS, ...who, ...map, ...set);
};

export async function pinsOn(url: string, key: string): Promise<ReadonlyMap<string, WireDocument>> {
  const body = { collections: { pins: null }, limit: 5_000 };
  const answer = (await call(url, key, '/api/sync/pull', body)).json() as unknown as PullResponse;
  const documents = answer.collections['pins']?.documents ?? [];
  return new Map(documents.map((doc) => [String(doc['id']), doc]));
}

/** A client of the plugin that notes what it pulls, and can lose the answers to its pushes. */
export async function openClient(ends: Ends, url: string, token: string) {
  const wire = { isLosing: false, lost: 0, pulled: [] as string[], asked: [] as (string | null)[] };
  const own = defaultPlatform();
  const fetch: Platform['fetch'] = async (address, request) => {
    const response = await own.fetch(address, request);
    if (address.endsWith('/push') && wire.isLosing) {
      wire.lost += 1;
      throw new TypeError('The answer was lost.');
    }
    if (!address.endsWith('/pull')) return response;
    const { collections: asked } = JSON.parse(request.body ?? '') as {
      collections: { pins: string | null };
    };
    wire.asked.push(asked.pins);
    const text = await response.text();
    const { collections: found = {} } = JSON.parse(text) as Partial<PullResponse>;
    wire.pulled.push(...(found['pins']?.documents ?? []).map((doc) => String(doc['id'])));
    return {
      ...response,
      status: response.status,
      headers: response.headers,
      text: async () => text,
    };
  };
  const database = await createRxDatabase({
    name: `move${portOf(url)}`,
    storage: getRxStorageMemory(),
    multiInstance: false,
  });
  const sync = await startSync({
    database,
    collections: [pins],
    url,
    token,
    timing: { firstRetryMs: 5, longestRetryMs: 50 },
    platform: { fetch },
  });
  ends.push(async () => {
    await sync.stop();
    await database.close();
  });
  const statuses: SyncStatus[] = [];
  sync.status$.subscribe((status) => statuses.push(status));
  const local = database.collections['pins'] ?? expect.unreachable();
  const isSynced = (): boolean => {
    const last = statuses.at(-1);
    return last?.state === 'synced' && last.pending === 0;
  };
  return { wire, statuses, local, isSynced };
}

/**
 * It goes on from its checkpoint, and its unsent work arrives once. Returns what was moved, with which
 * the new place agreed until the client came back.
 */
export async function moveBetweenVisits(
  ends: Ends,
  old: DataFolder,
  next: DataFolder,
): Promise<string> {
  const key = await old.prepare();
  let server = await old.serve();
  const { url } = server;
  await importAirports(old);
  const login = await call(url, undefined, '/api/session', {
    email: 'ada@example.org',
    password: PASSWORD,
  });
  const [cookie = ''] = (login.headers.get('set-cookie') ?? '').split(';');
  expect(cookie).toContain(cookieName(url));

  const client = await openClient(ends, url, key);
  const { wire, local } = client;
  await local.insert(pinOf('sent'));
  await until(() => client.isSynced() && wire.pulled.length >= 3_376, 'the client to be in step');
  // The server has taken it, but the client does not know.
  wire.isLosing = true;
  await local.insert(pinOf('answer lost'));
  await until(() => wire.lost > 0, 'an answer to be lost');
  const before = await pinsOn(url, key);
  expect(before.has('answer lost')).toBe(true);
  const other = makeDevice('bbbbbbbbbb');
  const pushOfOther = async (row: PushRow): Promise<void> => {
    const body = { device: other.id, schema: { pins: 0 }, rows: [row] };
    await call(url, key, '/api/sync/push', body);
  };
  const taken = before.get('answer lost') ?? {};
  await pushOfOther(other.row(pins, other.remove(taken), taken));
  await server.kill('SIGTERM');
  wire.isLosing = false;
  await local.insert(pinOf('made meanwhile'));
  const sent = await local.findOne('sent').exec(true);
  await sent.incrementalPatch({ title: 'edited meanwhile' });

  const file = join(old.path, 'everything.jsonl.gz');
  expect(await old.command('export', '--all', file)).toContain(
    ' now holds 3,377 documents of 1 workspace, ',
  );
  // Nobody has used the code of this first start.
  const { firstStart, kill } = await next.serve();
  await firstStart();
  await kill('SIGTERM');
  expect(await next.command('import', '--all', file)).toContain(
    ' now holds 3,377 documents of 1 workspace, ',
  );
  expect(await next.command('verify', '--against', file)).toBe(
    `Everything is as it should be. The same is in ${file}.\n`,
  );

  wire.pulled.length = 0;
  wire.asked.length = 0;
  server = await next.serve(portOf(url));
  await pushOfOther(other.row(pins, other.make(pins, pinOf('by another'))));
  await until(
    async () => client.isSynced() && (await local.findOne('by another').exec()) !== null,
    'the client to be in step with the new server',
  );
  const after = await pinsOn(url, key);
  expect(after.size).toBe(3_376 + 4);
  expect(after.get('sent')?.['title']).toBe('edited meanwhile');
  // The new server knows that the old one had taken the row, before somebody removed it.
  expect(after.get('answer lost')?._deleted).toBe(true);
  const inbox = await call(url, key, '/api/sync/pull', { collections: { conflicts: null } });
  expect(inbox.json()).toMatchObject({ collections: { conflicts: { documents: [] } } });
  const revs = ['sent', 'made meanwhile', 'by another'].map((id) => after.get(id)?.rev ?? 0);
  const last = Math.max(...[...before.values()].map(({ rev = 0 }) => rev));
  expect(Math.min(...revs)).toBeGreaterThan(last);
  expect(client.statuses.filter(({ resync }) => resync !== undefined)).toEqual([]);
  expect(wire.asked).not.toContain(null);
  const fresh = new Set(['sent', 'made meanwhile', 'by another', 'answer lost']);
  expect(wire.pulled.filter((id) => !fresh.has(id))).toEqual([]);
  const who = await call(url, undefined, '/api/session', undefined, { Cookie: cookie });
  expect(who.status).toBe(200);
  await server.kill('SIGTERM');
  return file;
}
