// What only a store in a file can get wrong: killed writers, full disks, second owners, newer files.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import {
  closeDatabase,
  inTransaction,
  openDatabase,
  prepare,
  type Cell,
} from '../../server/store/sqlite/database.ts';
import { StoreInUseError } from '../../server/store/sqlite/errors.ts';
import { openSqliteStore } from '../../server/store/sqlite/store.ts';
import { HERE, put, read } from './place.ts';

const root = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let places = 0;
const fresh = (): string => join(root, `place-${(places += 1)}`);

const WRITER = fileURLToPath(new URL('./sqlite-writer.ts', import.meta.url));
const NODE = [process.execPath, '--import', 'tsx', WRITER] as const;

interface Writer {
  readonly child: ChildProcess;
  readonly lines: AsyncIterable<string>;
}
function startWriter(command: readonly string[], directory: string, mode: string): Writer {
  const [program = '', ...rest] = command;
  const child = spawn(program, [...rest, directory, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output: Readable = child.stdout;
  return { child, lines: createInterface({ input: output }) };
}

/** Reads a writer's lines to their end; `each` may kill it on the way. */
async function linesOf<T>(writer: Writer, each?: (count: number) => void): Promise<readonly T[]> {
  const facts: T[] = [];
  for await (const line of writer.lines) {
    facts.push(JSON.parse(line) as T);
    each?.(facts.length);
  }
  return facts;
}

describe('the SQLite store', () => {
  it('promise 3: what a writer acknowledged before `kill -9` is there, and its lock is not', async () => {
    const directory = fresh();
    for (const kills of [15, 40]) {
      const writer = startWriter(NODE, directory, 'write');
      const facts = await linesOf<{ head: number; updatedAt: string }>(writer, (count) => {
        if (count === 5) expect(() => openSqliteStore({ directory })).toThrow(StoreInUseError);
        if (count === kills) writer.child.kill('SIGKILL');
      });
      const last = facts.at(-1);
      expect(facts.length).toBeGreaterThanOrEqual(kills);
      expect(facts.map(({ head }) => head)).toEqual(
        facts.map((_, index) => (facts[0]?.head ?? 0) + index),
      );

      const store = openSqliteStore({ directory });
      const head = await store.head(HERE);
      // One commit more may have been made and not yet acknowledged.
      expect([last?.head, (last?.head ?? 0) + 1]).toContain(head.seq);
      expect(head.updatedAt >= (last?.updatedAt ?? '')).toBe(true);
      const { rows } = await read(store, { limit: 100_000 });
      expect(rows).toHaveLength(head.seq + 1);
      expect(rows.at(-2)).toEqual({ id: 'last', rev: head.seq });
      expect(rows.slice(0, -2).map(({ rev }) => rev)).toEqual(
        Array.from({ length: head.seq - 1 }, (_, index) => index + 1),
      );
      await store.close();
    }
  });

  it('promise 5: a commit for which the disk has no room changes nothing, and the next one works', async () => {
    const directory = fresh();
    const limited = ['bash', '-c', 'ulimit -f 6000; exec "$@"', 'limited', ...NODE];
    const [fact] = await linesOf<Record<string, unknown>>(startWriter(limited, directory, 'fill'));
    expect(fact).toMatchObject({ refused: true, after: fact?.['before'], heard: [1, 2] });
    const store = openSqliteStore({ directory });
    expect(await read(store)).toMatchObject({ rows: [{ id: 'first', rev: 1 }], reached: 2 });
    expect((await read(store, { scopeKeys: ['other'] })).rows).toEqual([{ id: 'second', rev: 2 }]);
    expect((await read(store, { after: 1 })).rows).toEqual([]);
    await store.close();
  });

  it('has one owner, which gives it back when it closes', async () => {
    const file = join(fresh(), 'some.sqlite');
    const store = openSqliteStore({ file });
    await put(store, [{ id: 'a' }]);
    expect(() => openSqliteStore({ file })).toThrow(StoreInUseError);
    expect((await read(store)).ids).toEqual(['a']);
    await store.close();
    await store.close();
    await expect(put(store, [{ id: 'b' }])).rejects.toThrow(/not open/);
    expect(existsSync(`${file}-wal`)).toBe(false);
    const again = openSqliteStore({ file });
    expect((await read(again)).ids).toEqual(['a']);
    await again.close();
  });

  it('syncs every commit to the disk, on every connection', () => {
    const file = join(fresh(), 'some.sqlite');
    for (let opened = 0; opened < 2; opened += 1) {
      const db = openDatabase(file);
      const ask = (pragma: string): unknown => prepare<[Cell]>(db, `PRAGMA ${pragma}`).get()?.[0];
      expect([ask('synchronous'), ask('journal_mode'), ask('locking_mode')]).toEqual([
        2,
        'wal',
        'exclusive',
      ]);
      closeDatabase(db);
    }
  });

  it('refuses a file of a newer version, with its number', () => {
    const file = join(fresh(), 'some.sqlite');
    const db = openDatabase(file);
    db.exec('PRAGMA user_version = 99');
    closeDatabase(db);
    const open = (): unknown => openSqliteStore({ file });
    expect(open).toThrow(
      expect.objectContaining({
        code: 'store_too_new',
        message: expect.stringContaining('layout 99') as string,
      }) as Error,
    );
  });

  it('refuses a file that is no database with what SQLite says', () => {
    const file = join(root, 'notes.txt');
    writeFileSync(file, 'These are notes, and no database at all. '.repeat(100));
    expect(() => openSqliteStore({ file })).toThrow(/not a database/);
  });

  it('undoes a transaction whose work throws, and says so', () => {
    const db = openDatabase(join(fresh(), 'some.sqlite'));
    const undone: string[] = [];
    const fail = (): void => {
      db.exec("UPDATE store SET epoch = 'other'");
      throw new RangeError('no');
    };
    expect(() => inTransaction(db, fail, () => undone.push('undone'))).toThrow(RangeError);
    expect(undone).toEqual(['undone']);
    expect(prepare<[string]>(db, 'SELECT epoch FROM store').get()).not.toEqual(['other']);
    closeDatabase(db);
  });
});
