// Backups of the SQLite store: made under writes, restored with a new epoch that knows the old ones.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, expect, it } from 'vitest';
import { damageOf, restoreBackup } from '../../server/store/sqlite/backup.ts';
import { closeDatabase, openDatabase, prepare } from '../../server/store/sqlite/database.ts';
import { BadBackupError, StoreInUseError } from '../../server/store/sqlite/errors.ts';
import { openSqliteStore } from '../../server/store/sqlite/store.ts';
import type { Store } from '../../server/store/port/port.ts';
import { HERE, put, read } from './place.ts';

const root = mkdtempSync(join(tmpdir(), 'holdfast-backup-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let places = 0;
const fresh = (): string => join(root, `place-${(places += 1)}`);

const fill = async (store: Store, from: number, to: number): Promise<void> => {
  for (let index = from; index <= to; index += 1) await put(store, [{ id: `d-${index}` }]);
};
const inStore = async <T>(file: string, work: (store: Store) => Promise<T>): Promise<T> => {
  const store = openSqliteStore({ file });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};
const headIn = (file: string) => inStore(file, (store) => store.head(HERE));

it('a backup that is made while the store is written to is one moment of it, whole', async () => {
  const file = join(fresh(), 'some.sqlite');
  const copy = `${file}.copy`;
  await inStore(file, async (store) => {
    await put(
      store,
      Array.from({ length: 3_000 }, (_, index) => ({
        id: `big-${index}`,
        text: `"${'x'.repeat(800)}"`,
      })),
    );
    await store.writeRecords([{ kind: 'user', id: 'ada', value: 1 }]);
    const copying = { isUnderWay: true };
    void store.backup?.(copy).then(() => (copying.isUnderWay = false));
    let written = 0;
    while (copying.isUnderWay) {
      await put(store, [{ id: `d-${(written += 1)}` }]);
      await new Promise(setImmediate);
    }
    expect(written).toBeGreaterThan(1);
  });
  expect(readdirSync(join(file, '..')).toSorted()).toEqual(['some.sqlite', 'some.sqlite.copy']);
  expect(damageOf(copy)).toEqual([]);
  await inStore(copy, async (store) => {
    const { seq } = await store.head(HERE);
    expect(await store.record('user', 'ada')).toBe(1);
    const { rows } = await read(store, { after: 1, limit: 10_000 });
    expect(rows.map(({ rev }) => rev)).toEqual(Array.from({ length: seq - 1 }, (_, at) => at + 2));
  });
});

it('restoring begins an epoch that knows how much of each earlier one survives', async () => {
  const file = join(fresh(), 'some.sqlite');
  const [early, late] = [`${file}.early`, `${file}.late`];
  const first = await inStore(file, async (store) => {
    await fill(store, 1, 3);
    await store.backup?.(early);
    await fill(store, 4, 5);
    return store.head(HERE);
  });
  restoreBackup(early, file, 'one');
  const second = await inStore(file, async (store) => {
    const head = await store.head(HERE);
    await fill(store, 4, 6);
    await store.backup?.(late);
    return head;
  });
  expect(second).toMatchObject({ seq: 3 });
  expect(second.epoch).not.toBe(first.epoch);
  expect([...second.survives]).toEqual([[first.epoch, 3]]);
  restoreBackup(late, file, 'two');
  const third = await headIn(file);
  // Of the first epoch only what survived the first restore.
  expect(new Map(third.survives)).toEqual(
    new Map([
      [first.epoch, 3],
      [second.epoch, 6],
    ]),
  );
  // The early backup again: of the second epoch's history it knows nothing.
  restoreBackup(early, file, 'three');
  expect([...(await headIn(file)).survives]).toEqual([[first.epoch, 3]]);
});

it('restoring keeps what it replaces, complete', async () => {
  const file = join(fresh(), 'some.sqlite');
  const copy = `${file}.copy`;
  await inStore(file, async (store) => {
    await fill(store, 1, 2);
    await store.backup?.(copy);
    await fill(store, 3, 4);
  });
  const { aside = '' } = restoreBackup(copy, file, 'now');
  expect(await headIn(file)).toMatchObject({ seq: 2 });
  expect(await headIn(aside)).toMatchObject({ seq: 4 });
  expect(() => restoreBackup(copy, file, 'now')).toThrow(/EEXIST/);
  expect(readdirSync(join(file, '..')).toSorted()).toEqual([
    'some.sqlite',
    'some.sqlite.before-now',
    'some.sqlite.copy',
  ]);
});

it('restoring is refused while a process has the store, and nothing is changed', async () => {
  const file = join(fresh(), 'some.sqlite');
  const copy = `${file}.copy`;
  await inStore(file, async (store) => {
    await fill(store, 1, 2);
    await store.backup?.(copy);
    expect(() => restoreBackup(copy, file, 'now')).toThrow(StoreInUseError);
    await fill(store, 3, 3);
  });
  expect(await headIn(file)).toMatchObject({ seq: 3, survives: new Map() });
});

it('what is no whole backup is refused with the reason, and nothing is changed', async () => {
  const file = join(fresh(), 'some.sqlite');
  const copy = `${file}.copy`;
  await inStore(file, async (store) => {
    await fill(store, 1, 300);
    await store.backup?.(copy);
  });
  const whole = readFileSync(copy);
  const broken = Buffer.from(whole);
  broken.fill(0x7f, 3 * 4_096, 8 * 4_096);
  const bad = `${file}.bad`;
  for (const content of ['', 'These are notes. '.repeat(100), whole.subarray(0, 9_000), broken]) {
    writeFileSync(bad, content);
    expect(() => restoreBackup(bad, file, 'now')).toThrow(BadBackupError);
  }
  const other = `${file}.other`;
  const db = new DatabaseSync(other);
  db.exec('CREATE TABLE notes (text); PRAGMA user_version = 2');
  db.close();
  expect(() => restoreBackup(other, file, 'now')).toThrow(/no such table: store/);
  expect(existsSync(`${file}.restoring`)).toBe(false);
  expect(await headIn(file)).toMatchObject({ seq: 300 });
});

it('a store too damaged to be opened is replaced, and kept', async () => {
  const file = join(fresh(), 'some.sqlite');
  const copy = `${file}.copy`;
  await inStore(file, async (store) => {
    await fill(store, 1, 2);
    await store.backup?.(copy);
  });
  writeFileSync(file, 'Nothing of it is left.');
  const { aside = '' } = restoreBackup(copy, file, 'now');
  expect(await headIn(file)).toMatchObject({ seq: 2 });
  expect(readFileSync(aside, 'utf8')).toBe('Nothing of it is left.');
});

it('a file of the first layout is brought to the present one with all that it has', async () => {
  const file = join(fresh(), 'some.sqlite');
  await inStore(file, (store) => fill(store, 1, 2));
  const db = openDatabase(file);
  db.exec(`DROP TABLE purged; DROP TABLE marks; DROP TABLE epochs; DROP INDEX tombstones;
    DROP INDEX operations_by_seq; DROP INDEX fates_by_seq;
    ALTER TABLE workspaces DROP COLUMN floor; ALTER TABLE operations DROP COLUMN seq;
    ALTER TABLE fates DROP COLUMN seq; PRAGMA user_version = 1`);
  const [epoch] = prepare<[string]>(db, 'SELECT epoch FROM store').get() ?? [];
  closeDatabase(db);
  expect(await headIn(file)).toMatchObject({ seq: 2, epoch, floor: 0 });
  await inStore(file, async (store) => {
    await put(store, [{ id: 'd-1', deleted: true }]);
    expect(await store.purge(HERE, Number.MAX_SAFE_INTEGER)).toMatchObject({ documents: 1 });
  });
});
