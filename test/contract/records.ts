// Promise 12: accounts, keys and settings.

import { expect, it } from 'vitest';
import { openerOf, type Contract } from './opener.ts';

export function recordsContract(contract: Contract): void {
  const open = openerOf(contract);

  it('promise 12: a record comes back as it was written, until it is replaced or deleted', async () => {
    const store = await open(open.fresh());
    const values = [{ $a: { 'b.c': [1, null, '😀'] } }, null, 0, '', false, []];
    expect(await store.record('user', 'a')).toBeUndefined();
    for (const value of values) {
      expect(await store.writeRecords([{ kind: 'user', id: 'a', value }])).toBe(true);
      expect(await store.record('user', 'a')).toEqual(value);
    }
    await store.writeRecords([{ kind: 'user', id: 'a', value: undefined }]);
    expect(await store.record('user', 'a')).toBeUndefined();
    expect(await store.records('user', '')).toEqual([]);
  });

  it('promise 12: what a reader does to a value changes no record', async () => {
    const store = await open(open.fresh());
    const written = { roles: ['owner'] };
    await store.writeRecords([{ kind: 'user', id: 'a', value: written }]);
    written.roles.push('written');
    const got = (await store.record('user', 'a')) as typeof written;
    got.roles.push('got');
    expect(await store.record('user', 'a')).toEqual({ roles: ['owner'] });
  });

  it('promise 12: records are listed by kind and prefix, in the order of code points', async () => {
    const store = await open(open.fresh());
    const ids = ['b/1', 'a/\u{1f600}', 'a/\uffee', 'a/2', 'a/10', 'a', 'A/1', 'a%', 'a_', 'a/'];
    await store.writeRecords([
      ...ids.map((id) => ({ kind: 'member', id, value: { id } })),
      { kind: 'members', id: 'a/3', value: 1 },
      { kind: 'memb', id: 'a/4', value: 1 },
    ]);
    const listed = async (prefix: string): Promise<readonly string[]> =>
      (await store.records('member', prefix)).map(({ id }) => id);
    expect(await listed('a/')).toEqual(['a/', 'a/10', 'a/2', 'a/\uffee', 'a/\u{1f600}']);
    expect(await listed('a%')).toEqual(['a%']);
    expect(await listed('a_')).toEqual(['a_']);
    expect(await listed('c')).toEqual([]);
    expect(await listed('')).toHaveLength(ids.length);
    expect((await store.records('member', 'b'))[0]).toEqual({ id: 'b/1', value: { id: 'b/1' } });
  });

  it('promise 12: where a record is that should not be there, the whole write is refused', async () => {
    const store = await open(open.fresh());
    await store.writeRecords([
      { kind: 'user', id: 'a', value: 1 },
      { kind: 'user', id: 'd', value: 1 },
    ]);
    const refused = await store.writeRecords([
      { kind: 'user', id: 'b', value: 2 },
      { kind: 'user', id: 'd', value: undefined },
      { kind: 'user', id: 'a', value: 2, onlyIf: { was: undefined } },
      { kind: 'user', id: 'c', value: 2 },
    ]);
    expect(refused).toBe(false);
    const left = [
      { id: 'a', value: 1 },
      { id: 'd', value: 1 },
    ];
    expect(await store.records('user', '')).toEqual(left);
    const other = [{ kind: 'other', id: 'a', value: 3, onlyIf: { was: undefined } }];
    expect(await store.writeRecords(other)).toBe(true);
  });

  it('promise 12: of many who claim a record at once, one gets it', async () => {
    const store = await open(open.fresh());
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, value) =>
        store.writeRecords([
          { kind: 'claim', id: 'by', value, onlyIf: { was: undefined } },
          { kind: 'claimed', id: `${value}`, value },
        ]),
      ),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await store.record('claim', 'by')).toBe(claims.indexOf(true));
    expect(await store.records('claimed', '')).toHaveLength(1);
  });

  it('promise 12: where a record is not what it was, the whole write is refused', async () => {
    const store = await open(open.fresh());
    const was = { count: 1, 'a.b': [null, '$', '😀'] };
    const beside = { kind: 'user', id: 'b', value: 1 };
    const others = [undefined, null, {}, { ...was, count: 2 }, { ...was, more: 0 }, 'text'];
    for (const other of others) {
      await store.writeRecords([{ kind: 'user', id: 'a', value: other }]);
      const replaced = { kind: 'user', id: 'a', value: 2, onlyIf: { was } };
      expect([other, await store.writeRecords([beside, replaced])]).toEqual([other, false]);
      expect(await store.record('user', 'a')).toEqual(other);
    }
    expect(await store.record('user', 'b')).toBeUndefined();
  });

  it('promise 12: a record that is what it was is replaced, kept or deleted', async () => {
    const store = await open(open.fresh());
    const change = (was: unknown, value: unknown): Promise<boolean> =>
      store.writeRecords([{ kind: 'user', id: 'a', value, onlyIf: { was } }]);
    const steps = [undefined, { $a: { 'b.c': 1 } }, 0, 0, null, '', [], { b: 1, a: 2 }, undefined];
    for (const [at, value] of steps.slice(1).entries()) {
      expect(await change(await store.record('user', 'a'), value)).toBe(true);
      expect(await change({ another: at }, 'wrong')).toBe(false);
      expect(await store.record('user', 'a')).toEqual(value);
    }
    expect(await change(undefined, undefined)).toBe(true);
  });

  it('promise 12: of many who count at once by what they read, none is lost', async () => {
    const store = await open(open.fresh());
    const count = async (): Promise<number> => {
      for (let races = 0; ; races += 1) {
        const was = await store.record('count', 'all');
        const next = { kind: 'count', id: 'all', value: Number(was ?? 0) + 1, onlyIf: { was } };
        if (await store.writeRecords([next])) return races;
      }
    };
    const races = await Promise.all(Array.from({ length: 8 }, count));
    expect(await store.record('count', 'all')).toBe(8);
    expect(Math.max(...races)).toBeGreaterThan(0);
  });

  it('promise 12: a value that is no JSON refuses the whole write with an error', async () => {
    const store = await open(open.fresh());
    const writes = [
      { kind: 'user', id: 'a', value: 1 },
      { kind: 'user', id: 'b', value: 10n },
    ];
    await expect(store.writeRecords(writes)).rejects.toThrow(TypeError);
    expect(await store.records('user', '')).toEqual([]);
  });
}
