// A client on RxDB's memory storage against the fake server, closed after each test.

import { createRxDatabase, type RxCollection, type RxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { afterEach } from 'vitest';
import {
  createMemoryLedger,
  startSync,
  type Ledger,
  type Platform,
  type RefusedWrite,
  type Sync,
  type SyncOptions,
  type SyncStatus,
  type WireDocument,
} from '../../../replication/index.ts';
import {
  defineCollection,
  fieldLww,
  optional,
  text,
  type Collection,
} from '../../../schemas/index.ts';
import type { FakeServer } from './fake-server.ts';

export const note = (
  name: string,
  pushPriority = 100,
  references: Record<string, string> = {},
): Collection =>
  defineCollection({
    name,
    label: { one: 'note', many: 'notes' },
    version: 0,
    fields: { title: text(200), body: optional(text(6_000_000)), parent: optional(text(128)) },
    policy: fieldLww(),
    pushPriority,
    maxBytes: 8_000_000,
    references,
    sample: () => ({ title: 'x' }),
  });
export const notes = note('notes');

export type Notes = RxCollection<Record<string, unknown>>;
export interface Client {
  readonly database: RxDatabase;
  readonly sync: Sync;
  readonly ledger: Ledger;
  readonly status: () => SyncStatus;
  readonly statuses: readonly SyncStatus[];
  readonly refused: () => readonly RefusedWrite[];
  readonly notes: Notes;
  readonly collection: (name: string) => Notes;
  readonly read: (id: string, collection?: string) => Promise<WireDocument | undefined>;
}

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});
export const atEnd = (end: () => Promise<unknown>): void => void ends.push(end);

/** One for all tabs of a test, and validating: what the server sends must fit the schema, too. */
const storage = wrappedValidateAjvStorage({ storage: getRxStorageMemory() });

let count = 0;
export const newName = (): string => `db${process.pid}x${(count += 1)}`;

/** Short waits, so that a retry takes no time; a test that looks at times gives its own. */
export const QUICK = { firstRetryMs: 5, longestRetryMs: 20 } as const;
/** Waits that end only because somebody asks for it. */
export const UNTIL_ASKED = { firstRetryMs: 60_000, longestRetryMs: 60_000 } as const;

export async function openClient(
  server: Pick<FakeServer, 'fetch'>,
  given: Partial<SyncOptions> & { readonly name?: string; readonly multiInstance?: boolean } = {},
): Promise<Client> {
  const { name = newName(), multiInstance = false, database: known, ...options } = given;
  const database =
    known ??
    (await createRxDatabase({
      name,
      storage,
      multiInstance,
      ignoreDuplicate: multiInstance,
    }));
  if (known === undefined) atEnd(() => database.close());
  const ledger = options.ledger ?? createMemoryLedger();
  const platform: Partial<Platform> = { fetch: server.fetch, ...options.platform };
  const sync = await startSync({
    database,
    collections: [notes],
    url: 'http://server',
    ledger,
    ...options,
    timing: { ...QUICK, ...options.timing },
    platform,
  });
  atEnd(() => sync.stop());
  const statuses: SyncStatus[] = [];
  let refused: readonly RefusedWrite[] = [];
  sync.status$.subscribe((status) => statuses.push(status));
  sync.refused$.subscribe((writes) => (refused = writes));
  const collection = (wanted: string): Notes => database.collections[wanted] as unknown as Notes;
  return {
    database,
    sync,
    ledger,
    statuses,
    status: () => statuses.at(-1) as SyncStatus,
    refused: () => refused,
    notes: collection('notes'),
    collection,
    read: async (id, wanted = 'notes') => {
      const [stored] = await collection(wanted).storageInstance.findDocumentsById([id], true);
      return stored;
    },
  };
}

/** Everything sent, judged and settled. */
export const isSynced = (client: Client): boolean => client.status().state === 'synced';

/** A document as another device would have made it. */
export const foreign = (id: string, title: string, timeMs = Date.now()): WireDocument => ({
  id,
  title,
  clk: { '*': `${timeMs.toString(16).padStart(12, '0')}000000-ffffffffff000000` },
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'u2',
});
