// Promises 8 and 9 in single cases; paging.ts has them in random ones.

import { expect, it } from 'vitest';
import { openerOf, type Contract } from './opener.ts';
import { put, read } from './place.ts';

const gone = (id: string): { readonly id: string; readonly _deleted: true } => ({
  id,
  _deleted: true,
});

export function pagesContract(contract: Contract): void {
  cutContract(contract);
  scopeContract(contract);
  leftContract(contract);
}

function cutContract(contract: Contract): void {
  const open = openerOf(contract);

  it('promise 9: documents come in the order of their latest seq and pos, of one collection', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'c' }, { id: 'a' }, { id: 'x', collection: 'forms' }, { id: 'b' }]);
    await put(store, [{ id: 'z' }, { id: 'a' }]);
    expect((await read(store)).ids).toEqual(['c', 'b', 'z', 'a']);
    expect((await read(store, { collection: 'forms' })).ids).toEqual(['x']);
    expect(await read(store, { collection: 'none' })).toMatchObject({
      ids: [],
      count: 0,
      reached: 2,
    });
  });

  it('promise 9: a page ends before the commit that does not fit whole', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a' }, { id: 'b' }]);
    await put(store, [{ id: 'c' }, { id: 'd' }]);
    await put(store, [{ id: 'e' }]);
    const first = await read(store, { limit: 3 });
    expect(first).toMatchObject({ ids: ['a', 'b'], count: 2, reached: 1, more: true });
    const second = await read(store, { limit: 3, after: first.reached });
    expect(second).toMatchObject({ ids: ['c', 'd', 'e'], reached: 3, more: false });
    expect(await read(store, { limit: 4 })).toMatchObject({
      ids: ['a', 'b', 'c', 'd'],
      more: true,
    });
    expect(await read(store, { limit: 5 })).toMatchObject({ count: 5, reached: 3, more: false });
  });

  it('promise 9: a page that is asked for it says how many documents lie behind it', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a' }, { id: 'b' }]);
    await put(store, [{ id: 'c' }, { id: 'd' }]);
    await put(store, [{ id: 'e' }]);
    expect(await read(store, { limit: 3, counts: true })).toMatchObject({ count: 2, left: 3 });
    expect(await read(store, { limit: 3, counts: true, upTo: 2 })).toMatchObject({ left: 2 });
    expect(await read(store, { limit: 9, counts: true })).toMatchObject({ left: 0 });
    expect(await read(store, { collection: 'none', counts: true })).toMatchObject({ left: 0 });
    expect(await read(store, { limit: 3 })).not.toHaveProperty('left');
  });

  it('promise 9: a commit larger than the limit comes whole', async () => {
    const store = await open(open.fresh());
    const many = Array.from({ length: 7 }, (_, index) => ({ id: `${index}` }));
    await put(store, many);
    expect(await read(store, { limit: 2 })).toMatchObject({ count: 7, reached: 1, more: false });
    await put(store, [{ id: 'more' }]);
    expect(await read(store, { limit: 2 })).toMatchObject({ count: 7, reached: 1, more: true });
  });

  it('promise 9: a page that begins at its end is empty and does not go back', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a' }]);
    await put(store, [{ id: 'a' }]);
    expect(await read(store, { after: 2 })).toMatchObject({ ids: [], reached: 2, more: false });
    expect(await read(store, { after: 2, upTo: 1 })).toMatchObject({
      ids: [],
      reached: 2,
      more: false,
    });
  });
}

function scopeContract(contract: Contract): void {
  const open = openerOf(contract);

  it('promise 9: a reader sees the documents that share a key with it, and no others', async () => {
    const store = await open(open.fresh());
    await put(store, [
      { id: 'x', keys: ['x'] },
      { id: 'both', keys: ['y', 'x'] },
      { id: 'y', keys: ['y'] },
      { id: 'nobody', keys: [] },
      { id: 'odd', keys: ['user:"a"', '%', "'); --", '😀'] },
    ]);
    const seenBy = async (...scopeKeys: readonly string[]): Promise<readonly string[]> =>
      (await read(store, { scopeKeys })).ids;
    expect(await seenBy('x')).toEqual(['x', 'both']);
    expect(await seenBy('y', 'none')).toEqual(['both', 'y']);
    expect(await seenBy('x', 'y', 'x')).toEqual(['x', 'both', 'y']);
    expect(await seenBy('😀')).toEqual(['odd']);
    expect(await seenBy('user:"a"', 'x')).toEqual(['x', 'both', 'odd']);
    expect(await seenBy()).toEqual([]);
    expect(await seenBy('X', 'user', '', 'workspace')).toEqual([]);
  });

  it('promise 9: a page is filled after filtering', async () => {
    const store = await open(open.fresh());
    for (let index = 0; index < 12; index += 1)
      await put(store, [{ id: `${index}`, keys: [index % 4 === 3 ? 'rare' : 'common'] }]);
    const page = await read(store, { scopeKeys: ['rare'], limit: 2 });
    expect(page).toMatchObject({ ids: ['3', '7'], more: true });
    const rest = await read(store, { scopeKeys: ['rare'], limit: 2, after: page.reached });
    expect(rest).toMatchObject({ ids: ['11'], reached: 12, more: false });
  });

  it('promise 9: what a reader may not see is nothing more to read', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a' }]);
    await put(store, [{ id: 'b', keys: ['other'] }]);
    expect(await read(store, { limit: 1 })).toMatchObject({ ids: ['a'], reached: 2, more: false });
  });
}

function leftContract(contract: Contract): void {
  const open = openerOf(contract);

  it('promise 8: who loses sight of a document gets its bare tombstone, who keeps it gets the document', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a', keys: ['x', 'y'] }]);
    await put(store, [{ id: 'a', keys: ['y', 'z'] }]);
    const seenBy = async (...scopeKeys: readonly string[]): Promise<unknown> =>
      (await read(store, { scopeKeys, after: 1 })).rows;
    const document = { id: 'a', rev: 2 };
    expect(await seenBy('x')).toEqual([gone('a')]);
    expect(await seenBy('x', 'none')).toEqual([gone('a')]);
    expect(await seenBy('x', 'y')).toEqual([document]);
    expect(await seenBy('x', 'z')).toEqual([document]);
    expect(await seenBy('z')).toEqual([document]);
    expect(await seenBy('none')).toEqual([]);
  });

  it('promise 9: a page from the beginning has no tombstone of what a reader never had', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a', keys: ['x'] }]);
    await put(store, [
      { id: 'a', keys: ['y'] },
      { id: 'b', keys: ['x'] },
    ]);
    expect(await read(store, { scopeKeys: ['x'] })).toMatchObject({ ids: ['b'], count: 1 });
    expect((await read(store, { scopeKeys: ['x'], after: 2 })).rows).toEqual([]);
  });

  it('promise 9: tombstones stand where their documents left, carry the primary key and count', async () => {
    const store = await open(open.fresh());
    const id = 'odd "id" \\ \t 😀';
    await put(store, [{ id, keys: ['x', 'w'] }]);
    await put(store, [
      { id: 'b', keys: ['x'] },
      { id, keys: [] },
      { id: 'c', keys: ['x'] },
    ]);
    await put(store, [{ id: 'd', keys: ['x'] }]);
    const ask = { scopeKeys: ['w', 'x'], after: 1, primaryKey: 'key' };
    const all = await read(store, ask);
    expect(all.rows).toEqual([
      { id: 'b', rev: 2 },
      { key: id, _deleted: true },
      { id: 'c', rev: 2 },
      { id: 'd', rev: 3 },
    ]);
    expect(all.count).toBe(4);
    expect(await read(store, { ...ask, limit: 3 })).toMatchObject({
      count: 3,
      reached: 2,
      more: true,
    });
    expect(await read(store, { ...ask, limit: 1 })).toMatchObject({
      count: 3,
      reached: 2,
      more: true,
    });
  });

  it('promise 9: a document that came back has no tombstone, one that left twice has one', async () => {
    const store = await open(open.fresh());
    for (const keys of [['x'], ['y'], ['x'], ['y'], ['x']]) await put(store, [{ id: 'a', keys }]);
    expect((await read(store, { scopeKeys: ['x'], after: 1 })).rows).toEqual([{ id: 'a', rev: 5 }]);
    await put(store, [{ id: 'a', keys: ['y'], deleted: true }]);
    expect(await read(store, { scopeKeys: ['x'], after: 1 })).toMatchObject({
      rows: [gone('a')],
      count: 1,
      reached: 6,
    });
    expect((await read(store, { scopeKeys: ['x'], after: 5 })).rows).toEqual([gone('a')]);
    expect((await read(store, { scopeKeys: ['x'], after: 6 })).rows).toEqual([]);
  });

  it('promise 9: a page below the commit in which a document left says nothing of it', async () => {
    const store = await open(open.fresh());
    await put(store, [{ id: 'a', keys: ['x'] }]);
    await put(store, [{ id: 'b', keys: ['x'] }]);
    await put(store, [{ id: 'a', keys: ['y'] }]);
    expect(await read(store, { scopeKeys: ['x'], after: 1, upTo: 2 })).toMatchObject({
      ids: ['b'],
    });
  });
}
