// Purging the inbox, looking a store through, and handing documents out.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { canonical, type WireDocument } from '../../replication/index.ts';
import { collections, type Collection, type Conflict } from '../../schemas/index.ts';
import type { Reader } from '../../server/auth/reader.ts';
import type { DataAccess } from '../../server/cli/data-access.ts';
import { exportCollection, FORMATS } from '../../server/cli/export.ts';
import { importFile } from '../../server/cli/import.ts';
import {
  runCommand,
  type CommandInput,
  type CommandName,
  type CommandResult,
} from '../../server/ops/commands.ts';
import { differencesIn } from '../../server/ops/verify.ts';
import { RETENTION_MS } from '../../server/config.ts';
import { makeDevice } from '../support/device.ts';
import { startLiveServer, WORKSPACE, type LiveServer } from '../support/live-server.ts';
import { samplesOf } from '../schemas/samples.ts';

const EMAIL = 'ada@example.org';
const clock = { ms: 0 };
let live: LiveServer;
let ada: Reader;

beforeEach(async () => {
  clock.ms = Date.parse('2026-03-01T12:00:00.000Z');
  live = await startLiveServer({ now: () => (clock.ms += 1) });
  await live.keyFor('ada', { role: 'owner' });
  const reader = await live.server.core.accounts.commander(EMAIL, WORKSPACE);
  if (reader === undefined) throw new Error('nobody there');
  ada = reader;
});
afterEach(() => live.stop());

const access: DataAccess = {
  call: async <N extends CommandName>(name: N, input: CommandInput<N>) =>
    (await runCommand(live.server.core, name, input)) as CommandResult<N>,
  close: () => Promise.resolve(),
};
const docsOf = async (collection: string): Promise<readonly WireDocument[]> =>
  (await live.store.scan(ada.workspace, collection, '', 1_000)).map(
    ({ text }) => JSON.parse(text) as WireDocument,
  );

describe('the inbox', () => {
  const { feedings, conflicts } = collections;
  const phone = makeDevice('aaaaaaaaaa', () => clock.ms);
  const desk = makeDevice('bbbbbbbbbb', () => clock.ms);
  const push = (device: typeof phone, ...rows: ReturnType<typeof device.row>[]) =>
    live.server.core.accept.push(ada, {
      device: device.id,
      schema: { feedings: 0, conflicts: 0 },
      rows,
    });
  const entry = async (): Promise<WireDocument> => (await docsOf('conflicts'))[0] ?? {};

  /** Two devices change one feeding; the second one's version waits for a person. */
  async function disagree(): Promise<void> {
    const [shared = {}] = await docsOf('feedings');
    await push(phone, phone.row(feedings, phone.edit(feedings, shared, { amountMl: 1 }), shared));
    const second = desk.edit(feedings, shared, { amountMl: clock.ms % 1_000 });
    const { results } = await push(desk, desk.row(feedings, second, shared));
    expect(results).toMatchObject([{ verdict: 'conflict' }]);
  }
  const settle = async (): Promise<void> => {
    const open = await entry();
    const settled = phone.edit(conflicts, open, { resolution: { choice: 'theirs' } });
    const { results } = await push(phone, phone.row(conflicts, settled, open));
    expect(results).toMatchObject([{ verdict: 'accepted' }]);
  };

  beforeEach(async () => {
    const [sample = {}] = samplesOf(feedings, 1, 7);
    await push(phone, phone.row(feedings, phone.make(feedings, { ...sample, amountMl: 500 })));
    await disagree();
  });

  it('keeps open entries for ever, and settled ones for the retention', async () => {
    clock.ms += 2 * RETENTION_MS;
    expect(await access.call('purge', { olderThanMs: RETENTION_MS })).toMatchObject({ entries: 0 });
    await settle();
    clock.ms += RETENTION_MS - 60_000;
    expect(await access.call('purge', { olderThanMs: RETENTION_MS })).toMatchObject({ entries: 0 });
    expect(await entry()).toMatchObject({ state: 'settled' });
    clock.ms += 120_000;
    expect(await access.call('purge', { olderThanMs: RETENTION_MS })).toMatchObject({ entries: 1 });
    const tombstone = await entry();
    expect(tombstone).toMatchObject({ _deleted: true });
    expect(Object.keys(tombstone)).not.toContain('mine');
    expect(tombstone.clk).not.toHaveProperty('-');
    expect(await access.call('purge', { olderThanMs: RETENTION_MS })).toMatchObject({ entries: 0 });
    clock.ms += 2 * RETENTION_MS;
    expect(await access.call('purge', { olderThanMs: RETENTION_MS })).toMatchObject({
      tombstones: 1,
    });
    expect(await docsOf('conflicts')).toEqual([]);
  });

  it.each(['as a tombstone', 'purged'])('opens an entry again that is %s', async (state) => {
    await settle();
    clock.ms += 2 * RETENTION_MS;
    await access.call('purge', { olderThanMs: RETENTION_MS });
    clock.ms += 2 * RETENTION_MS;
    if (state === 'purged') await access.call('purge', { olderThanMs: RETENTION_MS });
    expect(await docsOf('conflicts')).toHaveLength(state === 'purged' ? 0 : 1);
    await disagree();
    expect(await entry()).toMatchObject({ state: 'open' } satisfies Partial<Conflict>);
    expect(await entry()).not.toHaveProperty('_deleted');
  });

  it('is purged by one at a time', async () => {
    const both = await Promise.allSettled([
      access.call('purge', { olderThanMs: 0 }),
      access.call('purge', { olderThanMs: 0 }),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await access.call('purge', { olderThanMs: 0 })).toBeDefined();
    const unknown = access.call('purge', { olderThanMs: 0, workspace: 'Nowhere' });
    await expect(unknown).rejects.toThrow('There is no workspace "Nowhere".');
  });
});

const differences = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const one of differencesIn(live.store, live.server.core.collections)) found.push(one);
  return found;
};

async function ingest(collection: Collection, count: number): Promise<readonly object[]> {
  const documents = samplesOf(collection, count, 11);
  await live.server.core.ingest(
    ada,
    collection.name,
    documents.map(({ [collection.primaryKey]: id, ...fields }) => ({ id: String(id), fields })),
  );
  return documents;
}

describe('verify', () => {
  it('finds nothing in what the server wrote, deletes and sums among it', async () => {
    const { products, movements, pins } = collections;
    await ingest(pins, 20);
    await ingest(products, 1);
    const phone = makeDevice('aaaaaaaaaa', () => clock.ms);
    const [pin = {}] = await docsOf('pins');
    const move = phone.make(movements, {
      id: 'm1',
      product: 'products-0',
      amount: 5,
      reason: 'delivery',
    });
    const { results } = await live.server.core.accept.push(ada, {
      device: phone.id,
      schema: { pins: 0, movements: 0 },
      rows: [phone.row(pins, phone.remove(pin), pin), phone.row(movements, move)],
    });
    expect(results.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
    expect((await docsOf('products'))[0]).toMatchObject({ stock: 5 });
    expect(await differences()).toEqual([]);
  });

  it('names each document that is not kept as its text says', async () => {
    await ingest(collections.products, 1);
    const [product = {}] = await docsOf('products');
    const write = async (id: string, more: object, changes: object = {}): Promise<void> => {
      await live.store.commit(
        ada.workspace,
        { documents: [], operations: [], stamps: [] },
        (_known, { seq: rev }) => ({
          result: 0,
          write: {
            documents: [
              {
                collection: 'products',
                id,
                deleted: false,
                text: JSON.stringify({ ...product, id, rev, stock: 0, ...changes }),
                scopeKeys: ['workspace'],
                indexed: { name: product['name'] as string },
                ...more,
              },
            ],
            operations: [],
            fates: [],
          },
        }),
      );
    };
    const indexes = collections.products.schema.indexes;
    const indexed = Object.fromEntries(indexes.map((field) => [field, product[field] as string]));
    await write('right', { indexed });
    await write('values', { indexed: { wrong: 1 } });
    await write('keys', { indexed, scopeKeys: ['other'] });
    await write('rev', { indexed }, { rev: 99 });
    await write('name', { indexed }, { id: 'other' });
    await write('flag', { indexed, deleted: true });
    await write('sum', { indexed }, { stock: 3 });
    await write('text', { indexed, text: '{"id":' });
    const found = await differences();
    expect(found.map((line) => line.replace(/^Test: products\/(\w+).*$/, '$1'))).toEqual([
      'flag',
      'keys',
      'name',
      'rev',
      'text',
      'values',
      'sum',
    ]);
    expect(found.at(-1)).toBe('Test: products/sum: stock is 3; it should be 0.');
  });
});

describe('export', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-export-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const clean = (docs: readonly object[]): readonly string[] => docs.map(canonical).toSorted();
  const write = (collection: string, out: string) =>
    exportCollection(access, Object.values(collections), { collection, out });

  it.each(FORMATS)(
    'writes %s that import reads, with nothing that only syncing needs',
    async (format) => {
      const { pins, feedings } = collections;
      vi.spyOn(process.stdout, 'write').mockReturnValue(true);
      vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      for (const collection of [pins, feedings]) {
        const out = join(folder, `${collection.name}.${format}`);
        const made = await ingest(collection, 250);
        await write(collection.name, out);
        const other = await startLiveServer();
        await other.keyFor('ada', { role: 'owner' });
        const there: DataAccess = {
          ...access,
          call: async <N extends CommandName>(name: N, input: CommandInput<N>) =>
            (await runCommand(other.server.core, name, input)) as CommandResult<N>,
        };
        await importFile(there, Object.values(collections), {
          collection: collection.name,
          file: out,
          email: EMAIL,
          workspace: WORKSPACE,
          map: ['id=id'],
        });
        const again = join(folder, `${collection.name}-${format}.jsonl`);
        await exportCollection(there, Object.values(collections), {
          collection: collection.name,
          out: again,
        });
        const lines = readFileSync(again, 'utf8').trim().split('\n');
        expect(clean(lines.map((line) => JSON.parse(line) as object))).toEqual(clean(made));
        await other.stop();
      }
    },
  );

  it('leaves a file that is there as it is, and says what it does not know', async () => {
    await expect(write('pins', 'README.md')).rejects.toThrow('is there already');
    await expect(write('nothing', join(folder, 'x.json'))).rejects.toThrow('no collection');
    await live.server.core.accounts.createWorkspace('Second');
    await expect(write('pins', join(folder, 'x.json'))).rejects.toThrow('several workspaces');
  });
});
