import 'fake-indexeddb/auto';
import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import {
  createMemoryLedger,
  type DeviceId,
  type Ledger,
  type RefusedWrite,
} from '../../replication/index.ts';
import type { Group } from '../../replication/outbox/group.ts';
import { createDexieLedger } from '../../replication/outbox/dexie-ledger.ts';
import { until } from '../support/until.ts';
import { atEnd, newName } from './support/world.ts';

const group = (id: string): Group => ({ id, label: 'A sale', createdAtMs: 0, members: [] });
const write = (op: string, refusedAtMs: number): RefusedWrite => ({
  op,
  collection: 'notes',
  id: op,
  doc: { id: op, title: 'x' },
  verdict: 'rejected',
  code: 'no',
  message: 'No.',
  refusedAtMs,
});
const device = (digit: string): DeviceId => digit.repeat(10) as DeviceId;

/** Two tabs' views of one ledger. */
const shared: Record<string, () => readonly [Ledger, Ledger]> = {
  memory: () => {
    const ledger = createMemoryLedger();
    return [ledger, ledger];
  },
  dexie: () => {
    const name = newName();
    return [createDexieLedger(name), createDexieLedger(name)];
  },
};

for (const [kind, open] of Object.entries(shared)) {
  const tabs = (): readonly [Ledger, Ledger] => {
    const both = open();
    for (const ledger of both) atEnd(() => ledger.close());
    return both;
  };

  test(`${kind}: a claim is the same until it is answered, the next begins there (4)`, async () => {
    const [first, second] = tabs();
    expect(await first.claim('a1')).toEqual({ was: '', now: 'a1' });
    expect(await second.claim('b2')).toEqual({ was: '', now: 'a1' });
    await second.claimed();
    expect(await first.claim('c3')).toEqual({ was: 'a1', now: 'c3' });
    expect(await second.claim('d4')).toEqual({ was: 'a1', now: 'c3' });
  });

  test(`${kind}: another device begins its claims anew (5)`, async () => {
    const [first, second] = tabs();
    await first.deviceId(device('a'));
    await first.claim('a1');
    await first.claimed();
    await second.becomeDevice(device('b'));
    expect(await first.deviceId(device('c'))).toBe(device('b'));
    expect(await first.claim('b2')).toEqual({ was: '', now: 'b2' });
  });

  test(`${kind}: two tabs at once get one device id, for good (1)`, async () => {
    const [first, second] = tabs();
    const ids = await Promise.all([first.deviceId(device('1')), second.deviceId(device('2'))]);
    expect(new Set(ids).size).toBe(1);
    expect(await second.deviceId(device('3'))).toBe(ids[0]);
  });

  test(`${kind}: both tabs know the server's history that was set last (6)`, async () => {
    const [here, there] = tabs();
    expect(await here.epoch()).toBeUndefined();
    await here.setEpoch('one');
    await there.setEpoch('two');
    expect(await here.epoch()).toBe('two');
  });

  test(`${kind}: every raise of the leader gives a higher number (2)`, async () => {
    const [first, second] = tabs();
    expect(await first.leader()).toBe(0);
    const numbers = await Promise.all([
      first.raiseLeader(),
      second.raiseLeader(),
      first.raiseLeader(),
    ]);
    expect(new Set(numbers)).toEqual(new Set([1, 2, 3]));
    expect(await second.leader()).toBe(3);
  });

  test(`${kind}: a refused write is there when judged, once for each operation, until dismissed (3)`, async () => {
    const [first, second] = tabs();
    await first.judged({ groups: [], refused: [write('a', 1), write('b', 2)] });
    await first.judged({ groups: [], refused: [{ ...write('a', 1), message: 'Still no.' }] });
    const there = await firstValueFrom(second.refused$);
    expect(there.map(({ op, message }) => [op, message])).toEqual([
      ['b', 'No.'],
      ['a', 'No.'],
    ]);
    await second.dismissRefused(['b']);
    expect((await firstValueFrom(first.refused$)).map(({ op }) => op)).toEqual(['a']);
  });

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
    await second.judged({ groups: ['z', 'a'], refused: [] });
    await first.freezeGroups([{ ...group('a'), frozen: true }]);
    expect((await first.groups()).map(({ id }) => id)).toEqual(['m']);
  });

  test(`${kind}: both tabs follow what either does, newest first (8)`, async () => {
    const [first, second] = tabs();
    const seen: string[] = [];
    const subscription = second.refused$.subscribe((writes) =>
      seen.push(writes.map(({ op }) => op).join()),
    );
    await until(() => seen.length > 0);
    await first.judged({ groups: [], refused: [write('a', 1)] });
    await until(() => seen.at(-1) === 'a');
    await first.judged({ groups: [], refused: [write('b', 2)] });
    await until(() => seen.at(-1) === 'b,a');
    await first.dismissRefused(['a']);
    await until(() => seen.at(-1) === 'b');
    subscription.unsubscribe();
  });
}
