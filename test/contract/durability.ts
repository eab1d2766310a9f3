// Promise 3 for stores that outlive their object: what was acknowledged is there after reopening.

import { expect, it } from 'vitest';
import { operationId } from '../../replication/index.ts';
import { operation } from './commits.ts';
import { openerOf, type Contract } from './opener.ts';
import { HERE, knownOf, put, read } from './place.ts';

export function durabilityContract(contract: Contract): void {
  const open = openerOf(contract);

  it('promise 3: a store that was closed and opened again goes on where it was', async () => {
    const place = open.fresh();
    const before = await open(place, { now: () => 5_000 });
    await put(before, [{ id: 'a', keys: ['x'] }, { id: 'b' }], {
      operations: [operation('op-1', { code: 'kept' })],
      fates: [['s-1', { kind: 'replaced', by: 's-2' }]],
    });
    await put(before, [
      { id: 'a', keys: ['y'] },
      { id: 'c', collection: 'forms' },
    ]);
    await before.writeRecords([{ kind: 'user', id: 'u', value: { name: 'Ada' } }]);
    const head = await before.head(HERE);
    await before.close();

    const after = await open(place, { now: () => 1_000 });
    expect(await after.head(HERE)).toEqual(head);
    expect((await read(after, { scopeKeys: ['x'], after: 1 })).rows).toEqual([
      { id: 'a', _deleted: true },
    ]);
    expect((await read(after, { scopeKeys: ['y', 'workspace'] })).ids).toEqual(['b', 'a']);
    const known = await knownOf(after, {
      documents: [{ collection: 'forms', id: 'c' }],
      operations: [operationId('op-1')],
      stamps: ['s-1'],
    });
    expect(known.documents.get('forms/c')?.text).toBe('{"id":"c","rev":2}');
    expect(known.operations.get(operationId('op-1'))?.code).toBe('kept');
    expect(known.fates.get('s-1')).toEqual({ kind: 'replaced', by: 's-2' });
    expect(await after.record('user', 'u')).toEqual({ name: 'Ada' });

    // Promise 7 reaches across the restart, though this clock is behind.
    const { result } = await put(after, [{ id: 'a', keys: ['x', 'y'] }]);
    expect(result).toMatchObject({ seq: 3, updatedAt: '1970-01-01T00:00:05.002Z' });
    expect((await read(after, { scopeKeys: ['x'], after: 1 })).rows).toEqual([{ id: 'a', rev: 3 }]);
  });

  it('promise 3: two places are two histories with an epoch each', async () => {
    const one = await open(open.fresh());
    const other = await open(open.fresh());
    const epochs = [(await one.head(HERE)).epoch, (await other.head(HERE)).epoch];
    expect(new Set(epochs).size).toBe(2);
    expect(epochs.every((epoch) => epoch.length >= 12 && epoch.length <= 64)).toBe(true);
  });
}
