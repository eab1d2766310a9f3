// Promise 4: who listens hears of each commit after it, in order, once; and promise 8 in what is heard.

import { expect, it } from 'vitest';
import { workspaceId } from '../../replication/index.ts';
import type { CommitNotice } from '../../server/store/port/port.ts';
import { openerOf, type Contract } from './opener.ts';
import { HERE, NOTHING, put } from './place.ts';

export function listenersContract(contract: Contract): void {
  const open = openerOf(contract);

  it('promise 4: every listener hears of every commit once, in the order of seq, when it is readable', async () => {
    const store = await open(open.fresh());
    const heard: number[] = [];
    const heads: Promise<boolean>[] = [];
    store.onCommit(({ workspace, seq }) => {
      heard.push(seq);
      heads.push(store.head(workspace).then((head) => head.seq >= seq));
    });
    const others: number[] = [];
    store.onCommit(({ seq }) => others.push(seq));
    await Promise.all(Array.from({ length: 12 }, (_, index) => put(store, [{ id: `${index}` }])));
    const inOrder = Array.from({ length: 12 }, (_, index) => index + 1);
    await expect.poll(() => others).toEqual(inOrder);
    await expect.poll(() => heard).toEqual(inOrder);
    expect(await Promise.all(heads)).not.toContain(false);
  });

  it('promise 4: a listener that throws or commits disturbs neither the commit nor the order', async () => {
    const failures: unknown[] = [];
    const store = await open(open.fresh(), { onListenerFailure: (error) => failures.push(error) });
    const nested: Promise<unknown>[] = [];
    store.onCommit(({ seq }) => {
      if (seq < 3) nested.push(put(store, [{ id: 'b' }]));
    });
    store.onCommit(() => {
      throw new Error('a listener failed');
    });
    const heard: number[] = [];
    store.onCommit(({ seq }) => heard.push(seq));
    expect((await put(store, [{ id: 'a' }])).result.seq).toBe(1);
    await expect.poll(() => heard).toEqual([1, 2, 3]);
    await Promise.all(nested);
    expect(failures).toHaveLength(3);
  });

  it('promise 4: who stopped listening hears nothing more, the others do', async () => {
    const store = await open(open.fresh());
    const stopped: number[] = [];
    const heard: number[] = [];
    const listener = (notice: CommitNotice): number => stopped.push(notice.seq);
    const stop = store.onCommit(listener);
    store.onCommit(({ seq }) => heard.push(seq));
    await put(store, [{ id: 'a' }]);
    await expect.poll(() => heard).toEqual([1]);
    stop();
    await put(store, [{ id: 'a' }]);
    await expect.poll(() => heard).toEqual([1, 2]);
    expect(stopped).toEqual([1]);
  });

  it('promise 4: a commit that uses no seq is not told, and each notice names its workspace', async () => {
    const store = await open(open.fresh());
    const there = workspaceId('there');
    const heard: string[] = [];
    store.onCommit(({ workspace, seq }) => heard.push(`${workspace} ${seq}`));
    await put(store, []);
    await put(store, [{ id: 'a' }], { workspace: there });
    await store.commit(HERE, NOTHING, () => ({
      result: 0,
      write: { documents: [], operations: [], fates: [] },
    }));
    await put(store, [{ id: 'a' }]);
    await put(store, []);
    await put(store, [{ id: 'a' }]);
    await expect.poll(() => heard).toEqual(['there 1', 'here 1', 'here 2']);
  });

  it('promise 8: a notice with changes has the documents in order, with the keys they have and lost', async () => {
    const store = await open(open.fresh());
    const notices: CommitNotice[] = [];
    store.onCommit((notice) => notices.push(notice));
    await put(store, [{ id: 'b', keys: ['y', 'x', 'y'] }, { id: 'a' }]);
    await put(store, [{ id: 'a' }, { id: 'b', keys: ['z', 'y'] }]);
    await expect.poll(() => notices.length).toBe(2);
    const told = notices.map(({ changes }) => changes).filter((changes) => changes !== undefined);
    const expected = [
      [
        { id: 'b', text: '{"id":"b","rev":1}', scopeKeys: ['x', 'y'], lostKeys: [] },
        { id: 'a', text: '{"id":"a","rev":1}', scopeKeys: ['workspace'], lostKeys: [] },
      ],
      [
        { id: 'a', text: '{"id":"a","rev":2}', scopeKeys: ['workspace'], lostKeys: [] },
        { id: 'b', text: '{"id":"b","rev":2}', scopeKeys: ['y', 'z'], lostKeys: ['x'] },
      ],
    ].map((changes) => changes.map((change) => ({ collection: 'pins', ...change })));
    // A store that only knows that something happened tells no changes at all.
    expect(told).toEqual(told.length === 0 ? [] : expected);
  });
}
