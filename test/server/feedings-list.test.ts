// The list of feedings: by time of change, in pages, with what was deleted, on both stores.

import { afterEach, describe, expect, it } from 'vitest';
import { careApi, MORNING, type CareApi } from '../support/care-api.ts';
import { startLiveServer } from '../support/live-server.ts';
import { CHOSEN_STORE, openTestStore, type StoreKind } from '../support/store.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

interface List {
  readonly records: readonly Record<string, unknown>[];
  readonly next_cursor: string | null;
  readonly as_of: string | null;
}

/** A minute passes with each look at the clock. */
const minutes = (): (() => number) => {
  let nowMs = Date.parse('2026-03-01T08:00:00.000Z');
  return () => (nowMs += 60_000);
};

async function open(usual: StoreKind, names: readonly string[]) {
  const now = minutes();
  const live = await startLiveServer({ store: openTestStore({ usual, now }), now });
  cleanUps.push(() => live.stop());
  const api = careApi(live.url, await live.keyFor('ada'));
  for (const name of names) await api('POST', '', { ...MORNING, client_id: name });
  const list = async (query: string): Promise<List> =>
    (await api('GET', query)).body as unknown as List;
  return { api, list };
}

const idsOf = ({ records }: List) => records.map((record) => record['client_id']);
const since = (time: unknown): string => `?since=${String(time)}`;

/** All pages, with what happens after the first one. */
async function readAll(
  list: (query: string) => Promise<List>,
  query: string,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
) {
  const pages = [await list(`?limit=2${query}`)];
  await meanwhile();
  for (;;) {
    const cursor = pages.at(-1)?.next_cursor;
    if (cursor === undefined || cursor === null) return pages;
    pages.push(await list(`?limit=2&cursor=${cursor}`));
  }
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const change = (api: CareApi, id: string) => api('PUT', `/${id}`, { amount_ml: 5 });

const KINDS: readonly StoreKind[] =
  CHOSEN_STORE === undefined ? ['memory', 'sqlite'] : [CHOSEN_STORE];

describe.each(KINDS)('the list of feedings on %s', (kind) => {
  it('since any moment has what was written then and later, and nothing else', async () => {
    const { api, list } = await open(kind, NAMES);
    await change(api, 'b');
    await api('DELETE', '/d');
    const all = await list('?since=2026-01-01T00:00:00Z');
    expect(idsOf(all)).toEqual(['a', 'c', 'e', 'f', 'g', 'b', 'd']);
    expect(all.records.at(-1)).toEqual({
      client_id: 'd',
      deleted: true,
      updated_at: all.records.at(-1)?.['updated_at'],
    });
    for (const [index, { updated_at: time }] of all.records.entries()) {
      const rest = await list(since(time));
      expect(rest.records).toEqual(all.records.slice(index));
      const later = new Date(Date.parse(String(time)) + 1).toISOString();
      expect((await list(since(later))).records).toEqual(all.records.slice(index + 1));
    }
  });

  it('comes in pages that together have everything once', async () => {
    const { list } = await open(kind, NAMES);
    const pages = await readAll(list, '');
    expect(pages.map(idsOf)).toEqual([['a', 'b'], ['c', 'd'], ['e', 'f'], ['g']]);
    expect(pages.map((page) => page.as_of === null)).toEqual([true, true, true, false]);
  });

  it('has what changes or goes while its pages are read', async () => {
    const { api, list } = await open(kind, NAMES);
    await api('DELETE', '/b');
    const pages = await readAll(list, '', async () => {
      await change(api, 'a');
      await api('DELETE', '/c');
    });
    const records = new Map(
      pages.flatMap((page) => page.records.map((one) => [one['client_id'], one])),
    );
    expect([...records.keys()]).toEqual(['a', 'c', 'd', 'e', 'f', 'g']);
    expect(records.get('a')).toMatchObject({ amount_ml: 5 });
    expect(records.get('c')).toMatchObject({ deleted: true });
  });

  it('ends with the moment that asks for what comes later', async () => {
    const { api, list } = await open(kind, NAMES);
    const last = (await readAll(list, '')).at(-1);
    await change(api, 'a');
    const next = await list(since(last?.as_of));
    expect(idsOf(next)).toEqual(['g', 'a']);
    expect(next.records.at(-1)?.['updated_at']).toBe(next.as_of);
  });
});

it('a list is refused for what it cannot mean, and forgiving about a plus', async () => {
  const { api, list } = await open('memory', ['a']);
  for (const query of ['?since=yesterday', '?since=2026-03-01', '?limit=0', '?limit=x', '?sinse=x'])
    expect([query, (await api('GET', query)).status]).toEqual([query, 400]);
  expect((await api('GET', '?cursor=old.1.00000000~0')).status).toBe(410);
  expect(idsOf(await list('?since=2026-03-01T08:00:00+02:00'))).toEqual(['a']);
  expect(idsOf(await list('?since=2999-03-01T08:00:00Z'))).toEqual([]);
});
