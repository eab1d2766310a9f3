// Sample data: what it is like, and how it gets into a workspace, once and wholly.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collections, seededRandom, type Collection } from '../../schemas/index.ts';
import { validatorOf } from '../../schemas/validate.ts';
import { userId } from '../../replication/core.ts';
import { throughCore } from '../../server/cli/data-access.ts';
import { importFile } from '../../server/cli/import.ts';
import type { IngestDocument } from '../../server/ops/ingest.ts';
import { createLog } from '../../server/ops/log.ts';
import type { Sample } from '../../server/ops/sample.ts';
import { sample } from '../../server/sample/sample.ts';
import { createServer, type HoldfastServer } from '../../server/server.ts';
import { call, type Answer } from '../support/live-server.ts';
import { openTestStore } from '../support/store.ts';

const NOW_MS = Date.UTC(2026, 4, 20, 15, 30);
const DAY_MS = 86_400_000;
const user = userId('mara');
const stepsFor = (seed: number) => sample({ random: seededRandom(seed), nowMs: NOW_MS, user });

const byCollection = (steps: ReturnType<Sample>): ReadonlyMap<string, readonly IngestDocument[]> =>
  steps.reduce(
    (map, { collection, documents }) =>
      map.set(collection, [...(map.get(collection) ?? []), ...documents]),
    new Map<string, IngestDocument[]>(),
  );
const known: ReadonlyMap<string, Collection> = new Map(Object.entries(collections));

describe('the sample', () => {
  const found = byCollection(stepsFor(7));
  const of = (name: string): readonly IngestDocument[] => found.get(name) ?? [];
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

  it('is the same for the same seed, and another one for another', () => {
    expect(stepsFor(7)).toEqual(stepsFor(7));
    expect(stepsFor(8)).not.toEqual(stepsFor(7));
  });

  it('fits the schemas and refers only to what comes before it', () => {
    const ids = new Map<string, Set<unknown>>();
    for (const { collection: name, documents } of stepsFor(7)) {
      const collection = known.get(name);
      if (collection === undefined) throw new Error(name);
      for (const { id, fields } of documents) {
        expect(validatorOf(collection)({ ...fields, id })).toBeUndefined();
        for (const [field, target] of Object.entries(collection.references))
          if (field in fields) expect([...(ids.get(target) ?? [])]).toContain(fields[field]);
      }
      const seen = ids.get(name) ?? new Set();
      for (const { id } of documents) seen.add(id);
      ids.set(name, seen);
    }
    for (const [name, documents] of found) expect(ids.get(name)?.size).toBe(documents.length);
  });

  it('goes in commits of at most 1,000 documents', () => {
    for (const { documents } of stepsFor(7)) expect(documents.length).toBeLessThanOrEqual(1_000);
  });

  it('has every airport once, at its place', () => {
    const airports = of('pins').filter(({ fields }) => fields['kind'] === 'airport');
    expect(airports).toHaveLength(3_376);
    expect(new Set(airports.map(({ id }) => id)).size).toBe(3_376);
    expect(airports.map(({ fields }) => fields)).toContainEqual({
      title: 'Baton Rouge Metropolitan, Ryan',
      position: { lat: 30.53316083, lng: -91.14963444 },
      kind: 'airport',
      status: 'open',
      notes: 'Baton Rouge, LA (BTR)',
    });
  });

  it('has 8 to 12 feedings on each day of a month that ends now, of 60 to 180 ml', () => {
    const times = of('feedings').map(({ fields }) => Date.parse(String(fields['feedingTime'])));
    expect(Math.max(...times)).toBeLessThan(NOW_MS);
    expect(NOW_MS - Math.min(...times)).toBeGreaterThan(29 * DAY_MS);
    expect(NOW_MS - Math.max(...times)).toBeLessThan(DAY_MS / 4);
    const perDay = of('feedings').length / 30;
    expect(perDay >= 8 && perDay <= 12).toBe(true);
    for (const { fields } of of('feedings')) {
      const amount = Number(fields['amountMl']);
      expect(amount >= 60 && amount <= 180 ? '' : `${amount} ml`).toBe('');
    }
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it('has a movement for everything sold, and stock left of every product', () => {
    const items = of('sales').flatMap(
      ({ fields }) => fields['items'] as { quantity: number; priceMinor: number }[],
    );
    const movements = of('movements').map(({ fields }) => fields);
    const sold = movements.filter(({ reason }) => reason === 'sale');
    expect(sum(sold.map(({ amount }) => Number(amount)))).toBe(
      -sum(items.map(({ quantity }) => quantity)),
    );
    const totals = of('sales').map(({ fields }) => Number(fields['totalMinor']));
    expect(sum(totals)).toBe(sum(items.map(({ quantity, priceMinor }) => quantity * priceMinor)));
    for (const { id } of of('products')) {
      const own = movements.filter(({ product }) => product === id);
      expect(sum(own.map(({ amount }) => Number(amount)))).toBeGreaterThan(0);
    }
  });
});

describe('loading it', () => {
  let server: HoldfastServer;
  let key: string;
  let nowMs = NOW_MS;
  const load = (secret = key): Promise<Answer> => call(server.url, secret, '/api/sample', {});
  const rights = { workspace: 'Harbour', password: 'correct horse' } as const;

  beforeEach(async () => {
    nowMs = NOW_MS;
    server = createServer({
      store: openTestStore({ now: () => nowMs }),
      collections: [...known.values()],
      logger: createLog('silent'),
      sample,
      now: () => nowMs,
    });
    const { accounts } = server.core;
    await accounts.createWorkspace('Harbour');
    await accounts.addMember({ ...rights, email: 'ada@example.org', name: 'Ada', role: 'owner' });
    const of = { email: 'ada@example.org', workspace: 'Harbour', name: '', readOnly: false };
    key = await accounts.createKey(of);
    await server.listen({ port: 0 });
  });
  afterEach(() => server.close());

  const documents = async (): Promise<number> => {
    const names = Object.fromEntries([...known.keys()].map((name) => [name, null]));
    const pulled = await call(server.url, key, '/api/sync/pull', {
      collections: names,
      limit: 5_000,
    });
    const pages = pulled.json()['collections'] as Record<string, { documents: unknown[] }>;
    return Object.values(pages).reduce((count, page) => count + page.documents.length, 0);
  };
  const loadAll = async (): Promise<readonly number[]> => {
    const counts: number[] = [];
    for (;;) {
      const answer = await load();
      expect(answer.status).toBe(200);
      const { done, total } = answer.json();
      counts.push(Number(done));
      if (done === total) return counts;
    }
  };

  it('says how many of how many are there, as many as really are', async () => {
    const counts = await loadAll();
    expect(counts.length).toBeGreaterThan(5);
    expect(counts).toEqual(counts.toSorted((one, other) => one - other));
    expect(await documents()).toBe(counts.at(-1));
  });

  it('goes on after a break, hours later and twice at once, without doubles', async () => {
    await Promise.all([load(), load()]);
    nowMs += 5 * 3_600_000;
    await load();
    const counts = await loadAll();
    expect(await documents()).toBe(counts.at(-1));
    expect(await loadAll()).toEqual([counts.at(-1)]);
    expect(await documents()).toBe(counts.at(-1));
  });

  it('and importing the airports as the README does brings none twice', async () => {
    const counts = await loadAll();
    const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await importFile(throughCore(server.core), [...known.values()], {
      collection: 'pins',
      file: 'node_modules/vega-datasets/data/airports.csv',
      email: 'ada@example.org',
      workspace: 'Harbour',
      map: ['title=name', 'position.lat=latitude', 'position.lng=longitude'],
      set: ['kind=airport', 'status=open', 'notes='],
    });
    expect(said).toHaveBeenCalledWith(
      '3,376 rows read, 0 imported, 3,376 already there, 0 refused\n',
    );
    vi.restoreAllMocks();
    expect(await documents()).toBe(counts.at(-1));
  });

  it('is for owners, and for workspaces that are empty', async () => {
    const { accounts, ingest } = server.core;
    await accounts.addMember({ ...rights, email: 'bob@example.org', name: 'Bob', role: 'manager' });
    const bob = await accounts.createKey({
      email: 'bob@example.org',
      workspace: 'Harbour',
      name: '',
      readOnly: false,
    });
    expect((await load(bob)).json()).toMatchObject({ code: 'forbidden' });
    expect((await call(server.url, undefined, '/api/sample', {})).status).toBe(401);
    const ada = await accounts.commander('ada@example.org', 'Harbour');
    if (ada === undefined) throw new Error('Ada is gone.');
    const [pin] = byCollection(stepsFor(1)).get('pins') ?? [];
    if (pin === undefined) throw new Error('The sample has no pin.');
    await ingest(ada, 'pins', [pin]);
    expect((await load()).json()).toMatchObject({ status: 409, code: 'not_empty' });
    expect(await documents()).toBe(1);
  });
});
