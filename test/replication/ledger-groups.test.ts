// What the ledger's port promises of groups, of each kind of ledger. The number is the promise's.

import 'fake-indexeddb/auto';
import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import type { Group } from '../../replication/outbox/group.ts';
import { until } from '../support/until.ts';
import { group, LEDGERS, nothing, write } from './support/ledgers.ts';

for (const [kind, tabs] of Object.entries(LEDGERS)) {
  test(`${kind}: groups wait in their order until they are judged; what is judged can't be frozen (3, 7)`, async () => {
    const [first, second] = tabs();
    await first.putGroup(group('z'));
    await second.putGroup(group('a'));
    await second.putGroup(group('m'));
    await first.freezeGroups([{ ...group('a'), frozen: true }]);
    expect((await second.groups()).map(({ id, frozen }) => [id, frozen])).toEqual([
      ['z', undefined],
      ['a', true],
      ['m', undefined],
    ]);
    await second.judged({ ...nothing, groups: ['z', 'a'] });
    const both = [group('m'), group('a')].map((one): Group => ({ ...one, frozen: true }));
    expect(await first.freezeGroups(both)).toBe(false);
    expect(await first.groups()).toEqual([group('m')]);
    expect([await first.hasGroup('m'), await first.hasGroup('a')]).toEqual([true, false]);
    expect(await second.freezeGroups(both.slice(0, 1))).toBe(true);
  });

  test(`${kind}: of a group that is withdrawn and frozen at once, one happens (7)`, async () => {
    const [first, second] = tabs();
    await first.judged({ ...nothing, refused: [write('a', 1)] });
    await first.putGroup(group('g'), ['a']);
    const frozen: Group = { ...group('g'), frozen: true };
    const done = await Promise.all([
      first.takeBackGroup('g', [write('a', 1)]),
      second.freezeGroups([frozen]),
    ]);
    expect(done).toEqual([true, false]);
    expect(await second.groups()).toEqual([]);
    expect((await firstValueFrom(second.refused$)).map(({ op }) => op)).toEqual(['a']);
    await second.putGroup(group('g'));
    await second.freezeGroups([frozen]);
    expect(await first.takeBackGroup('g', [write('b', 1)])).toBe(false);
    expect(await first.groups()).toEqual([frozen]);
    expect((await firstValueFrom(first.refused$)).map(({ op }) => op)).toEqual(['a']);
  });

  test(`${kind}: every tab sees which group was recorded last (7)`, async () => {
    const [first, second] = tabs();
    const seen: (string | undefined)[] = [];
    const following = second.newestGroup$.subscribe((id) => seen.push(id));
    await until(() => seen.length > 0);
    await first.putGroup(group('z'));
    await until(() => seen.at(-1) === 'z');
    await first.putGroup(group('a'));
    await until(() => seen.at(-1) === 'a');
    await first.judged({ ...nothing, groups: ['a'] });
    await until(() => seen.at(-1) === 'z');
    following.unsubscribe();
  });

  test(`${kind}: a group takes the place of all the refused versions it is made of, or of none (7)`, async () => {
    const [first, second] = tabs();
    await first.judged({ ...nothing, refused: [write('a', 1), write('b', 2), write('c', 3)] });
    const done = await Promise.all([
      first.putGroup(group('one'), ['a', 'b']),
      second.putGroup(group('two'), ['b', 'c']),
    ]);
    expect(done).toEqual([true, false]);
    expect((await second.groups()).map(({ id }) => id)).toEqual(['one']);
    expect((await firstValueFrom(second.refused$)).map(({ op }) => op)).toEqual(['c']);
  });
}
