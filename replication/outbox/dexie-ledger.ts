// The ledger of browsers: a small IndexedDB database beside RxDB's own, shared by all tabs.

import { Dexie, liveQuery, type Table } from 'dexie';
import { Observable } from 'rxjs';
import type { DeviceId } from '../protocol/index.ts';
import { isRecord } from '../plugin/check.ts';
import type { Group } from './group.ts';
import type { Claim, Ledger, RefusedWrite } from './ledger.ts';
import { versionsIn, type VersionOptions } from './ledger-version.ts';

interface Claims {
  readonly last: string;
  readonly open?: Claim;
}
interface Note {
  readonly name: 'leader' | 'device' | 'claim' | 'epoch';
  readonly value: number | string | Claims;
}

/** Its number, which no member shows, keeps the order. */
interface OpenGroup {
  readonly id: string;
  readonly group: Group;
}

/** @param name unique per server, workspace and user, as the RxDB database's name is. */
export function createDexieLedger(name: string, options: VersionOptions = {}): Ledger {
  // A refused version must be on disk before its document goes back (port, promise 3).
  const database = new Dexie(name, { chromeTransactionDurability: 'strict' });
  database.version(1).stores({ notes: 'name', refused: 'op, refusedAtMs', groups: '++, &id' });
  const notes: Table<Note, string> = database.table('notes');
  const refused: Table<RefusedWrite, string> = database.table('refused');
  const groups: Table<OpenGroup, number> = database.table('groups');

  const numberOf = (note: Note | undefined): number =>
    typeof note?.value === 'number' ? note.value : 0;
  return {
    ...versionsIn(database, database.table('notes'), options),
    ...claimsIn(database, notes),
    ...groupsIn(database, groups, refused),
    deviceId: (candidate) =>
      database.transaction('rw', notes, async () => {
        const known = (await notes.get('device'))?.value;
        if (typeof known === 'string') return known as DeviceId;
        await notes.put({ name: 'device', value: candidate });
        return candidate;
      }),
    raiseLeader: () =>
      database.transaction('rw', notes, async () => {
        const value = numberOf(await notes.get('leader')) + 1;
        await notes.put({ name: 'leader', value });
        return value;
      }),
    leader: async () => numberOf(await notes.get('leader')),
    epoch: async () => {
      const value = (await notes.get('epoch'))?.value;
      return typeof value === 'string' ? value : undefined;
    },
    setEpoch: async (epoch) => {
      await notes.put({ name: 'epoch', value: epoch });
    },
    dismissRefused: (ops) => refused.bulkDelete([...ops]),
    refused$: new Observable<readonly RefusedWrite[]>((subscriber) => {
      const live = liveQuery(async () =>
        (await refused.orderBy('refusedAtMs').toArray()).toReversed(),
      );
      const subscription = live.subscribe({
        next: (writes) => subscriber.next(writes),
        error: (error: unknown) => subscriber.error(error),
      });
      return () => subscription.unsubscribe();
    }),
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

function claimsIn(
  database: Dexie,
  notes: Table<Note, string>,
): Pick<Ledger, 'claim' | 'claimed' | 'becomeDevice'> {
  const read = async (): Promise<Claims> => {
    const value = (await notes.get('claim'))?.value;
    return isRecord(value) && typeof value['last'] === 'string'
      ? (value as unknown as Claims)
      : { last: '' };
  };
  const write = (value: Claims): Promise<string> => notes.put({ name: 'claim', value });
  return {
    claim: (fresh) =>
      database.transaction('rw', notes, async () => {
        const { last, open = { was: last, now: fresh } } = await read();
        await write({ last, open });
        return open;
      }),
    claimed: () =>
      database.transaction('rw', notes, async () => {
        const { last, open } = await read();
        await write({ last: open?.now ?? last });
      }),
    becomeDevice: (device) =>
      database.transaction('rw', notes, async () => {
        await notes.put({ name: 'device', value: device });
        await write({ last: '' });
      }),
  };
}

function groupsIn(
  database: Dexie,
  groups: Table<OpenGroup, number>,
  refused: Table<RefusedWrite, string>,
): Pick<Ledger, 'putGroup' | 'freezeGroups' | 'groups' | 'judged'> {
  return {
    putGroup: async (group) => {
      await groups.add({ id: group.id, group });
    },
    freezeGroups: (frozen) =>
      database.transaction('rw', groups, async () => {
        for (const group of frozen) await groups.where({ id: group.id }).modify({ group });
      }),
    groups: async () => (await groups.toArray()).map(({ group }) => group),
    judged: (judged) =>
      database.transaction('rw', groups, refused, async () => {
        await groups.where('id').anyOf(judged.groups).delete();
        const ops = judged.refused.map(({ op }) => op);
        const known = await refused.bulkGet(ops);
        await refused.bulkPut(judged.refused.filter((_, index) => known[index] === undefined));
      }),
  };
}
