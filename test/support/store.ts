// The stores of tests. HOLDFAST_TEST_STORE puts all of them on one kind: memory, sqlite or mongo.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryStore } from '../../server/store/memory/store.ts';
import type { Store } from '../../server/store/port/port.ts';
import { openSqliteStore } from '../../server/store/sqlite/store.ts';
import { startMongo, type TestMongo } from './mongo.ts';

export type StoreKind = 'memory' | 'sqlite' | 'mongo';
const isKind = (text: string): text is StoreKind => ['memory', 'sqlite', 'mongo'].includes(text);

const given = process.env['HOLDFAST_TEST_STORE'] ?? '';
if (given !== '' && !isKind(given))
  throw new Error(`HOLDFAST_TEST_STORE is "${given}", not memory, sqlite or mongo.`);

/** The kind that all tests shall take, if one was named. */
export const CHOSEN_STORE: StoreKind | undefined = isKind(given) ? given : undefined;

interface Options {
  readonly now?: () => number;
  /** Where no kind was named for all tests. */
  readonly usual?: StoreKind;
}

const opened: Store[] = [];
let folder: string | undefined;
let mongo: Promise<TestMongo> | undefined;

/** An empty store; it is closed and removed with the test file (`store-setup.ts`). */
export function openTestStore({ usual = 'memory', ...options }: Options = {}): Store {
  const kind = CHOSEN_STORE ?? usual;
  if (kind === 'memory') return openMemoryStore(options);
  const store = kind === 'sqlite' ? sqliteStore(options) : soon(mongoStore(options));
  opened.push(store);
  return store;
}

export async function closeTestStores(): Promise<void> {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await (await mongo)?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  mongo = undefined;
  folder = undefined;
}

function sqliteStore(options: Options): Store {
  folder ??= mkdtempSync(join(tmpdir(), 'holdfast-stores-'));
  const store = openSqliteStore({ directory: join(folder, `${opened.length}`), ...options });
  // The server that it is given to closes it, too.
  let closing: Promise<void> | undefined;
  return { ...store, close: () => (closing ??= store.close()) };
}

async function mongoStore(options: Options): Promise<Store> {
  mongo ??= startMongo();
  const name = `store-${opened.length}`;
  const { openMongoStore } = await import('../../server/store/mongo/store.ts');
  return openMongoStore({ url: (await mongo).urlOf(name), ...options });
}

/** A store that is being opened: whoever asks it something waits for that. */
function soon(opening: Promise<Store>): Store {
  let closing: Promise<void> | undefined;
  return {
    head: async (...asked) => (await opening).head(...asked),
    commit: async (...asked) => (await opening).commit(...asked),
    pages: async (...asked) => (await opening).pages(...asked),
    get: async (...asked) => (await opening).get(...asked),
    scan: async (...asked) => (await opening).scan(...asked),
    purge: async (...asked) => (await opening).purge(...asked),
    dump: async function* () {
      yield* (await opening).dump();
    },
    load: async (...asked) => (await opening).load(...asked),
    record: async (...asked) => (await opening).record(...asked),
    records: async (...asked) => (await opening).records(...asked),
    writeRecords: async (...asked) => (await opening).writeRecords(...asked),
    onCommit: (listener) => {
      const stop = opening.then((store) => store.onCommit(listener));
      return () => void stop.then((end) => end());
    },
    close: () => (closing ??= opening.then((store) => store.close())),
  };
}
