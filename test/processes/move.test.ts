// A whole store moves from one data folder to another: devices go on from their checkpoints, with
// their unsent work, and keys and sessions stay what they were.

import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { createRxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, expect, it } from 'vitest';
import {
  defaultPlatform,
  startSync,
  type Platform,
  type PullResponse,
  type PushRow,
  type SyncStatus,
  type WireDocument,
} from '../../replication/index.ts';
import { collections, seededRandom } from '../../schemas/index.ts';
import { makeDevice } from '../support/device.ts';
import { holdfast, startHoldfast } from '../support/holdfast-process.ts';
import { call, cookieName, PASSWORD, WORKSPACE } from '../support/live-server.ts';
import { SEED } from '../support/seed.ts';
import { makeDataFolder, type DataFolder } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const AIRPORTS = 'node_modules/vega-datasets/data/airports.csv';
const KILLS = Number(process.env['HOLDFAST_KILLS'] ?? 30) / 5;
const { pins } = collections;
const random = seededRandom(SEED);
const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});
const makeFolder = (): DataFolder => {
  const folder = makeDataFolder();
  ends.push(() => folder.remove());
  return folder;
};
const portOf = (url: string): number => Number(new URL(url).port);
const pinOf = (id: string) => ({
  id,
  title: id,
  position: { lat: 0, lng: 0 },
  kind: 'site',
  status: 'open',
  notes: '',
});

const importAirports = (folder: DataFolder): Promise<string> => {
  const who = ['--email', 'ada@example.org', '--workspace', WORKSPACE];
  const map = ['--map', 'title=name', 'position.lat=latitude', 'position.lng=longitude'];
  const set = ['--set', 'kind=airport', 'status=open'];
  return folder.command('import', 'pins', AIRPORTS, ...who, ...map, ...set);
};

async function pinsOn(url: string, key: string): Promise<ReadonlyMap<string, WireDocument>> {
  const body = { collections: { pins: null }, limit: 5_000 };
  const answer = (await call(url, key, '/api/sync/pull', body)).json() as unknown as PullResponse;
  const documents = answer.collections['pins']?.documents ?? [];
  return new Map(documents.map((doc) => [String(doc['id']), doc]));
}

/** A client of the plugin that notes what it pulls, and can lose the answers to its pushes. */
async function openClient(url: string, token: string) {
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

it('a client goes on from its checkpoint, and its unsent work arrives once', async () => {
  const [old, next] = [makeFolder(), makeFolder()];
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

  const client = await openClient(url, key);
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

  // The new server has gone on since: that is no longer what the file has.
  const { code, out } = await holdfast(['verify', '--against', file, '--data', next.path]);
  expect(code).toBe(1);
  expect(out).toContain('Test: documents of pins: 3378 in the file, 3380 in the data.\n');
});

it('a move is refused with a sentence where it would do harm, and changes nothing', async () => {
  const [full, empty] = [makeFolder(), makeFolder()];
  await full.prepare();
  const file = join(full.path, 'everything.jsonl');
  const refusal = async (folder: DataFolder, ...words: string[]): Promise<string> => {
    const { code, err } = await holdfast([...words, '--data', folder.path]);
    expect(code).toBe(1);
    return err;
  };
  const server = await full.serve();
  expect(await refusal(full, 'export', '--all', file)).toContain('Stop it first');
  await server.kill('SIGTERM');
  expect(existsSync(file)).toBe(false);

  const said = await full.command('export', '--all', file);
  expect(said).toContain('keep the file to yourself');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(full.path).toSorted()).toEqual(['everything.jsonl', 'holdfast.sqlite']);
  const packed = join(full.path, 'everything.jsonl.gz');
  await full.command('export', '--all', packed);
  expect(gunzipSync(readFileSync(packed)).equals(readFileSync(file))).toBe(true);
  expect(await refusal(full, 'export', '--all', file)).toContain('is there already');
  expect(await refusal(full, 'import', '--all', file)).toContain('Nothing was changed');

  const broken = join(empty.path, 'broken.jsonl');
  const text = readFileSync(file, 'utf8');
  for (const [content, sentence] of [
    [text.replace('"Ada"', '"Eve"'), 'something in it was changed'],
    [text.slice(0, text.length / 2), /cut off|changed/],
  ] as const) {
    writeFileSync(broken, content);
    expect(await refusal(empty, 'import', '--all', broken)).toMatch(sentence);
  }
  writeFileSync(`${broken}.gz`, readFileSync(packed).subarray(0, 300));
  expect(await refusal(empty, 'import', '--all', `${broken}.gz`)).toContain('was cut off');
  expect(await refusal(empty, 'import', '--all', 'nowhere')).toContain('cannot be read (ENOENT)');
  expect(await refusal(empty, 'import', 'pins', '--all', file)).toContain('cannot be used with');
  expect(await refusal(empty, 'import', 'pins')).toContain("missing required argument 'file'");
  expect(await refusal(empty, 'import', 'pins', file)).toContain("option '--email <email>'");
  expect(readdirSync(empty.path).toSorted()).toEqual(['broken.jsonl', 'broken.jsonl.gz']);
  const running = await empty.serve();
  expect(await refusal(empty, 'import', '--all', file)).toContain('Stop it first');
  await running.kill('SIGTERM');
});

it('an import for which the disk has no room says so, and leaves nothing', async () => {
  const [old, next] = [makeFolder(), makeFolder()];
  await old.prepare();
  await importAirports(old);
  const file = join(old.path, 'everything.jsonl');
  await old.command('export', '--all', file);
  const command = [
    process.execPath,
    'server/bin.mjs',
    'import',
    '--all',
    file,
    '--data',
    next.path,
  ];
  const limited = ['-c', 'ulimit -f 1000; exec "$@"', 'limited', ...command];
  await expect(promisify(execFile)('bash', limited)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The database failed: ') as string,
  });
  await next.command('import', '--all', file);
  expect(await next.command('verify', '--against', file)).toContain('The same is in');
});

it(
  'an import that is killed leaves nothing, and the next one works',
  { timeout: 300_000 },
  async () => {
    const old = makeFolder();
    await old.prepare();
    await importAirports(old);
    const file = join(old.path, 'everything.jsonl');
    await old.command('export', '--all', file);
    const done: number[] = [];
    let whole = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const next = makeFolder();
      const journal = join(next.path, 'holdfast.sqlite-wal');
      const sizeBytes = (): number => statSync(journal, { throwIfNoEntry: false })?.size ?? 0;
      // Every other one early: late ones may have ended by themselves.
      const enough = random.integer(1, kill % 2 === 0 ? 250_000 : 2_500_000);
      const running = startHoldfast(['import', '--all', file, '--data', next.path]);
      await until(() => sizeBytes() >= enough || running.child.exitCode !== null, 'its journal');
      running.child.kill('SIGKILL');
      await running.ended;
      done.push(sizeBytes());
      const { code, out } = await holdfast(['verify', '--against', file, '--data', next.path]);
      whole += code === 0 ? 1 : 0;
      if (code === 0) continue;
      expect(out).toContain('Test: documents of pins: 3376 in the file, 0 in the data.');
      expect(out).toContain('records of the kind "user": 1 in the file, 0 in the data.');
      await next.command('import', '--all', file);
      expect(await next.command('verify', '--against', file)).toContain('The same is in');
    }
    console.log(`killed at ${done.join(', ')} bytes of journal; ${whole} were done; seed ${SEED}`);
    expect(whole).toBeLessThan(KILLS);
  },
);
