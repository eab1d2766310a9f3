// A list that is read once and then follows changes, with a source in hand.

import { describe, expect, it } from 'vitest';
import { LiveList, type Change, type Source } from '../../client/queries/live-list.ts';
import { until } from '../support/until.ts';

interface Item {
  readonly id: string;
  readonly title: string;
}
const put = (id: string, title: string): Change<Item> => ({
  id,
  doc: { id, title },
  foreign: true,
});
const gone = (id: string): Change<Item> => ({ id, doc: undefined, foreign: true });

const open = (pages: readonly (readonly Change<Item>[])[]) => {
  let tell: (changes: readonly Change<Item>[]) => void = () => undefined;
  const source: Source<Item> = {
    async *pages() {
      yield* pages;
    },
    follow(listener) {
      tell = listener;
      return () => undefined;
    },
  };
  const list = new LiveList<Item, Item>(
    source,
    (item) => item,
    (one, other) => (one.title < other.title ? -1 : one.title > other.title ? 1 : 0),
  );
  let told = 0;
  list.subscribe(() => (told += 1));
  const titles = (): string =>
    list
      .snapshot()
      .rows.map(({ title }) => title)
      .join(' ');
  return { list, titles, told: () => told, tell: (...changes: Change<Item>[]) => tell(changes) };
};

describe('a live list', () => {
  it('is sorted across pages and ready after the last', async () => {
    const { list, titles } = open([
      [put('1', 'd'), put('2', 'b')],
      [put('3', 'c'), put('4', 'a')],
    ]);
    await until(() => list.snapshot().state === 'ready');
    expect(titles()).toBe('a b c d');
  });

  it('puts what comes, changes and goes where it belongs', async () => {
    const { list, titles, tell } = open([[put('1', 'b'), put('2', 'd')]]);
    await until(() => list.snapshot().state === 'ready');
    tell(put('3', 'c'), put('1', 'e'));
    tell(gone('2'), put('3', 'a'));
    await until(() => titles() === 'a e');
    expect([...list.snapshot().byId.keys()].toSorted()).toEqual(['1', '3']);
  });

  it('does not take an older version from a page over a change that came meanwhile', async () => {
    const { list, titles, tell } = open([[put('1', 'old')]]);
    tell(put('1', 'new'));
    await until(() => list.snapshot().state === 'ready');
    expect(titles()).toBe('new');
  });

  it('tells many changes at once as one', async () => {
    const { list, told, tell } = open([]);
    await until(() => list.snapshot().state === 'ready');
    const before = told();
    for (let bulk = 0; bulk < 10; bulk += 1)
      tell(...Array.from({ length: 100 }, (_, at) => put(`${bulk} ${at}`, `${at}`)));
    await until(() => list.snapshot().rows.length === 1_000);
    expect(told() - before).toBe(1);
  });
});
