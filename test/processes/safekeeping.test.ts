// Backup, restore and purge of a real data folder, with a server at work and with kills in between.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { collections, seededRandom } from '../../schemas/index.ts';
import { workspaceId, type PullResponse, type WireDocument } from '../../replication/index.ts';
import { closeDatabase, openDatabase } from '../../server/store/sqlite/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/store.ts';
import { makeDevice } from '../support/device.ts';
import { holdfast, startHoldfast } from '../support/holdfast-process.ts';
import { call } from '../support/live-server.ts';
import { SEED } from '../support/seed.ts';
import { makeDataFolder, type DataFolder } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const KILLS = Number(process.env['HOLDFAST_KILLS'] ?? 30) / 5;
const { pins } = collections;
const random = seededRandom(SEED);
const folders: DataFolder[] = [];
const makeFolder = (): DataFolder => {
  const folder = makeDataFolder();
  folders.push(folder);
  return folder;
};
afterAll(() => Promise.all(folders.map((folder) => folder.remove())));

const device = makeDevice('aaaaaaaaaa');
const pinOf = (id: string): WireDocument =>
  device.make(pins, {
    id,
    title: id,
    position: { lat: 0, lng: 0 },
    kind: 'site',
    status: 'open',
    notes: '',
  });

async function push(url: string, key: string, docs: readonly WireDocument[]): Promise<void> {
  const rows = docs.map((doc) => device.row(pins, doc));
  const body = { device: device.id, schema: { pins: 0 }, rows };
  const { results } = (await call(url, key, '/api/sync/push', body)).json() as {
    results: readonly { verdict: string }[];
  };
  expect(results.every(({ verdict }) => verdict === 'accepted')).toBe(true);
}

async function everything(url: string, key: string) {
  const documents: WireDocument[] = [];
  let checkpoint: string | null = null;
  for (;;) {
    const answer = await call(url, key, '/api/sync/pull', { collections: { pins: checkpoint } });
    const { collections: found, epoch } = answer.json() as unknown as PullResponse;
    const page = found['pins'];
    if (page === undefined) throw new Error('no page');
    documents.push(...page.documents);
    ({ checkpoint } = page);
    if (!page.more) return { documents, checkpoint, epoch };
  }
}

/** Kills a command once it has come so far; says whether it was still at work. */
async function killedAt(args: readonly string[], isThere: () => boolean): Promise<boolean> {
  const running = startHoldfast(args);
  await until(() => isThere() || running.child.exitCode !== null, 'the command to come so far');
  running.child.kill('SIGKILL');
  return (await running.ended) === 'SIGKILL';
}

const live = ({ documents }: { readonly documents: readonly WireDocument[] }) =>
  documents.filter((doc) => doc._deleted !== true).map((doc) => String(doc['id']));

/** How many tombstones there are of each commit. */
async function tombstonesIn(directory: string) {
  const store = openSqliteStore({ directory });
  const [workspace] = await store.records('workspace', '');
  const here = workspaceId(workspace?.id ?? '');
  const { floor } = await store.head(here);
  const deleted = new Map<number, number>();
  const found = await store.scan(here, 'pins', '', 10_000);
  for (const one of found.toSorted((left, right) => left.seq - right.seq))
    if (one.deleted) deleted.set(one.seq, (deleted.get(one.seq) ?? 0) + 1);
  await store.close();
  return { floor, deleted };
}

it(
  'a backup made under load has all that was acknowledged before it, in another folder too',
  { timeout: 300_000 },
  async () => {
    const folder = makeFolder();
    const key = await folder.prepare();
    const server = await folder.serve();
    const before: string[] = [];
    const all: string[] = [];
    const load = { isOn: true };
    const write = async (): Promise<void> => {
      for (let count = 0; load.isOn; count += 1) {
        const docs = Array.from({ length: 20 }, (_, index) => pinOf(`p-${count}-${index}`));
        await push(server.url, key, docs);
        all.push(...docs.map((doc) => String(doc['id'])));
      }
    };
    const writing = write();
    await until(() => all.length >= 1_000, 'a thousand acknowledged pins');
    before.push(...all);
    const file = join(folder.path, 'some.backup');
    expect(await folder.command('backup', file)).toContain('The backup is in');
    const atBackup = all.length;
    load.isOn = false;
    await writing;
    expect(atBackup).toBeGreaterThan(before.length);
    const old = await everything(server.url, key);
    await expect(folder.command('restore', file)).rejects.toThrow('Stop it first');
    await expect(folder.command('backup', file)).rejects.toThrow('Choose another name');
    await server.kill('SIGTERM');

    const other = makeFolder();
    await other.command('restore', file);
    expect(await other.command('verify')).toBe('Everything is as it should be.\n');
    const restored = await other.serve();
    const now = await everything(restored.url, key);
    const held = new Set(live(now));
    expect(before.filter((id) => !held.has(id))).toEqual([]);
    expect(now.epoch).not.toBe(old.epoch);
    const refused = await call(restored.url, key, '/api/sync/pull', {
      collections: { pins: old.checkpoint },
    });
    expect(refused.status).toBe(410);
    const survives = Math.max(...now.documents.map(({ rev = 0 }) => rev));
    expect(refused.json()).toMatchObject({ reason: 'epoch', survives });
    await push(restored.url, key, [pinOf('later')]);
    expect(live(await everything(restored.url, key))).toContain('later');
    await restored.kill('SIGTERM');
  },
);

it(
  'verify names what differs, ends with 1 and leaves nothing behind',
  { timeout: 300_000 },
  async () => {
    const folder = makeFolder();
    const key = await folder.prepare();
    const server = await folder.serve();
    await push(server.url, key, [pinOf('right'), pinOf('wrong')]);
    expect(await folder.command('verify')).toBe('Everything is as it should be.\n');
    await server.kill('SIGTERM');
    const db = openDatabase(join(folder.path, 'holdfast.sqlite'));
    db.exec(`UPDATE documents SET indexed = '{}' WHERE id = 'wrong'`);
    closeDatabase(db);
    const { code, out } = await holdfast(['verify', '--data', folder.path]);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^Test: pins\/wrong has the values \{\} for queries/) as string,
      expect.stringMatching(/^1 differences?\. Nothing was changed\./) as string,
      '',
    ]);
    expect(readdirSync(folder.path)).toEqual(['holdfast.sqlite']);
  },
);

it(
  'a purge that is killed leaves floor and tombstones as one, and the next one ends it',
  { timeout: 300_000 },
  async () => {
    const folder = makeFolder();
    const key = await folder.prepare();
    const server = await folder.serve();
    for (let batch = 0; batch < 6; batch += 1) {
      const docs = Array.from({ length: 1_000 }, (_, index) => pinOf(`p-${batch}-${index}`));
      await push(server.url, key, docs);
    }
    const { documents } = await everything(server.url, key);
    const kept = documents.slice(0, 10).map((doc) => String(doc['id']));
    for (let from = 10; from < documents.length; from += 500)
      await push(
        server.url,
        key,
        documents.slice(from, from + 500).map((doc) => device.remove(doc)),
      );
    await server.kill('SIGTERM');

    const journal = join(folder.path, 'holdfast.sqlite-wal');
    const sizeBytes = (): number => statSync(journal, { throwIfNoEntry: false })?.size ?? 0;
    const floors = new Set<number>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const enough = random.integer(1, 300_000);
      await killedAt(
        ['purge', '--older-than', '0s', '--data', folder.path],
        () => sizeBytes() >= enough,
      );
      const { floor, deleted } = await tombstonesIn(folder.path);
      floors.add(floor);
      // Commits 7 to 18 deleted 500 pins each, the last one ten less.
      const above = Array.from({ length: 18 - Math.max(floor, 6) }, (_, index) => 18 - index);
      expect(deleted).toEqual(
        new Map(above.toReversed().map((rev) => [rev, rev === 18 ? 490 : 500])),
      );
    }
    console.log(`killed purges left the floors ${[...floors].join(', ')}, seed ${SEED}`);
    await folder.command('purge', '--older-than', '0s');
    expect(await folder.command('verify')).toBe('Everything is as it should be.\n');
    const again = await folder.serve();
    const left = await everything(again.url, key);
    expect(left.documents.map((doc) => doc['id'])).toEqual(kept);
    await again.kill('SIGTERM');
  },
);

const asidesIn = (directory: string): number =>
  readdirSync(directory).filter((name) => name.includes('.before-')).length;

it(
  'a restore that is killed leaves the old data or the new ones, whole',
  { timeout: 300_000 },
  async () => {
    const folder = makeFolder();
    const key = await folder.prepare();
    let server = await folder.serve();
    const file = join(folder.path, 'some.backup');
    for (let batch = 0; batch < 5; batch += 1)
      await push(
        server.url,
        key,
        Array.from({ length: 1_000 }, (_, index) => pinOf(`p-${batch}-${index}`)),
      );
    await folder.command('backup', file);
    await push(server.url, key, [pinOf('later')]);
    let { epoch } = await everything(server.url, key);
    const ends = { old: 0, restored: 0 };
    const next = join(folder.path, 'holdfast.sqlite.restoring');
    const stages: readonly ((asides: number) => boolean)[] = [
      () => existsSync(next),
      () => existsSync(`${next}-wal`),
      (asides) => asidesIn(folder.path) > asides,
    ];
    for (let kill = 0; kill < KILLS; kill += 1) {
      await server.kill('SIGTERM');
      const [isThere = () => true] = [stages[kill % stages.length]];
      const asides = asidesIn(folder.path);
      await killedAt(['restore', file, '--data', folder.path], () => isThere(asides));
      expect(existsSync(join(folder.path, 'holdfast.sqlite'))).toBe(true);
      server = await folder.serve();
      const now = await everything(server.url, key);
      expect(now.documents).toHaveLength(now.epoch === epoch ? 5_001 : 5_000);
      ends[now.epoch === epoch ? 'old' : 'restored'] += 1;
      if (now.epoch !== epoch) await push(server.url, key, [pinOf('later')]);
      ({ epoch } = now);
    }
    console.log(`killed restores: ${JSON.stringify(ends)}, seed ${SEED}`);
    await server.kill('SIGTERM');
    await folder.command('restore', file);
    expect(asidesIn(folder.path)).toBeGreaterThan(0);
    expect(readdirSync(folder.path)).not.toContain('holdfast.sqlite.restoring');
  },
);
