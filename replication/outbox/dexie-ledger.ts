// The ledger of browsers: a small IndexedDB database beside RxDB's own, shared by all tabs.

import { Dexie, liveQuery, type Table } from 'dexie';
import { Observable } from 'rxjs';
import { ACTIVITY_LIMIT, SAMPLE_LIMIT, type Activity, type Sample } from '../activity/activity.ts';
import { isRecord } from '../plugin/check.ts';
import type { DeviceId } from '../protocol/index.ts';
import type { AuditRun } from './audit-notes.ts';
import type { Group } from './group.ts';
import { FINISHED_LIMIT, type Claim, type Ledger, type RefusedWrite, type Try } from './ledger.ts';
import { versionsIn, type VersionOptions } from './ledger-version.ts';
import type { OutboxRecord } from './record.ts';

interface Claims {
  readonly last: string;
  readonly open?: Claim;
}
interface Note {
  readonly name: 'leader' | 'device' | 'claim' | 'epoch' | 'audit';
  readonly value: number | string | Claims | AuditRun;
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
  database.version(2).stores({ finished: '++', tries: 'op', activity: 'id', samples: '++' });
  return {
    ...versionsIn(database, database.table('notes'), options),
    ...notesIn(database),
    ...claimsIn(database),
    ...groupsIn(database),
    ...verdictsIn(database),
    ...journalIn(database),
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

function notesIn(database: Dexie) {
  const notes: Table<Note, string> = database.table('notes');
  const numberOf = (note: Note | undefined): number =>
    typeof note?.value === 'number' ? note.value : 0;
  return {
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
    lastRun: async () => {
      const value = (await notes.get('audit'))?.value;
      return isRecord(value) && 'endedCleanly' in value
        ? (value as unknown as AuditRun)
        : undefined;
    },
    noteRun: async (run) => {
      await notes.put({ name: 'audit', value: run });
    },
    epoch: async () => {
      const value = (await notes.get('epoch'))?.value;
      return typeof value === 'string' ? value : undefined;
    },
    setEpoch: async (epoch) => {
      await notes.put({ name: 'epoch', value: epoch });
    },
  } satisfies Partial<Ledger>;
}

function claimsIn(database: Dexie) {
  const notes: Table<Note, string> = database.table('notes');
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
  } satisfies Partial<Ledger>;
}

function groupsIn(database: Dexie) {
  const groups: Table<OpenGroup, number> = database.table('groups');
  const refused: Table<RefusedWrite, string> = database.table('refused');
  return {
    putGroup: (group, instead = []) =>
      database.transaction('rw', [groups, refused], async () => {
        if ((await refused.bulkGet([...instead])).includes(undefined)) return false;
        await refused.bulkDelete([...instead]);
        await groups.add({ id: group.id, group });
        return true;
      }),
    freezeGroups: (frozen) =>
      database.transaction('rw', groups, async () => {
        const ids = frozen.map(({ id }) => id);
        const there = await groups.where('id').anyOf(ids).count();
        if (there < frozen.length) return false;
        for (const group of frozen) await groups.where({ id: group.id }).modify({ group });
        return true;
      }),
    takeBackGroup: (id, writes) =>
      database.transaction('rw', [groups, refused], async () => {
        const known = await groups.get({ id });
        if (known === undefined || known.group.frozen === true) return false;
        await groups.where({ id }).delete();
        await addUnknown(refused, writes);
        return true;
      }),
    newestGroup$: live(async () => (await groups.toCollection().last())?.id),
    groups: async () => (await groups.toArray()).map(({ group }) => group),
    hasGroup: async (id) => (await groups.where({ id }).count()) > 0,
  } satisfies Partial<Ledger>;
}

function verdictsIn(database: Dexie) {
  const groups: Table<OpenGroup, number> = database.table('groups');
  const refused: Table<RefusedWrite, string> = database.table('refused');
  const finished: Table<OutboxRecord, number> = database.table('finished');
  const tries: Table<Try, string> = database.table('tries');
  return {
    judged: (judged) =>
      database.transaction('rw', [groups, refused, finished, tries], async () => {
        await groups.where('id').anyOf(judged.groups).delete();
        if (judged.tried.length > 0) await tries.bulkDelete([...judged.tried]);
        if (judged.discarded !== undefined) await tries.bulkPut([...judged.discarded]);
        await addUnknown(refused, judged.refused);
        await addNewest(finished, judged.finished, FINISHED_LIMIT);
      }),
    forgetRefused: (ops) => refused.bulkDelete([...ops]),
    refused$: live(async () => (await refused.orderBy('refusedAtMs').toArray()).toReversed()),
    finished$: live(async () => (await finished.toArray()).toReversed()),
    tried: async (list) => {
      await tries.bulkPut([...list]);
    },
    tries: () => tries.toArray(),
  } satisfies Partial<Ledger>;
}

function journalIn(database: Dexie) {
  const activity: Table<Activity, string> = database.table('activity');
  const samples: Table<Sample, number> = database.table('samples');
  return {
    record: (noted) =>
      database.transaction('rw', [activity, samples], async () => {
        await activity.bulkPut([...noted.activities]);
        await keepNewest(activity, ACTIVITY_LIMIT);
        await addNewest(samples, noted.samples, SAMPLE_LIMIT);
      }),
    activity$: live(async () => (await activity.toArray()).toReversed()),
    samples$: live(() => samples.toArray()),
  } satisfies Partial<Ledger>;
}

async function addUnknown(
  refused: Table<RefusedWrite, string>,
  writes: readonly RefusedWrite[],
): Promise<void> {
  const known = await refused.bulkGet(writes.map(({ op }) => op));
  await refused.bulkPut(writes.filter((_, index) => known[index] === undefined));
}

async function addNewest<T>(
  table: Table<T, number>,
  rows: readonly T[],
  limit: number,
): Promise<void> {
  if (rows.length === 0) return;
  await table.bulkAdd(rows.slice(-limit));
  await keepNewest(table, limit);
}

/** By primary key, which rises. */
async function keepNewest<T, K>(table: Table<T, K>, limit: number): Promise<void> {
  const surplus = (await table.count()) - limit;
  if (surplus > 0) await table.bulkDelete(await table.limit(surplus).primaryKeys());
}

/** Follows what every tab writes. */
const live = <T>(read: () => Promise<T>): Observable<T> =>
  new Observable((subscriber) => {
    const subscription = liveQuery(read).subscribe({
      next: (value) => subscriber.next(value),
      error: (error: unknown) => subscriber.error(error),
    });
    return () => subscription.unsubscribe();
  });
