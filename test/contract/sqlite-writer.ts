// A process that writes to a SQLite store until it is killed, or until its disk is full, and prints a
// line for each fact that sqlite.test.ts holds it to.

import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../server/store/sqlite/store.ts';
import { HERE, put } from './place.ts';

const [directory = '', mode = ''] = process.argv.slice(2);
const store = openSqliteStore({ directory });
const say = (fact: unknown): void => void writeSync(1, `${JSON.stringify(fact)}\n`);

/** Says every seq after it was acknowledged. */
async function writeForever(): Promise<void> {
  for (;;) {
    const { result, head } = await put(store, [{ id: 'last' }, { id: `id-${Math.random()}` }]);
    say({ head, updatedAt: result.updatedAt });
  }
}

/** With a limit on the size of files: a commit that is too large, between two that are not. */
async function fillDisk(): Promise<void> {
  const heard: number[] = [];
  store.onCommit(({ seq }) => heard.push(seq));
  await put(store, [{ id: 'first' }]);
  const before = await store.head(HERE);
  const text = JSON.stringify({ id: 'large', text: 'x'.repeat(1_000_000) });
  const large = Array.from({ length: 20 }, (_, index) => ({ id: `large-${index}`, text }));
  const error: unknown = await put(store, [{ id: 'first', keys: ['other'] }, ...large]).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const after = await store.head(HERE);
  await put(store, [{ id: 'second', keys: ['other'] }]);
  say({ refused: error instanceof Error, before, after, heard });
  await store.close();
}

await (mode === 'fill' ? fillDisk() : writeForever());
