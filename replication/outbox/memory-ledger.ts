// The ledger of programs and tests: gone with the process.

import { BehaviorSubject } from 'rxjs';
import { ACTIVITY_LIMIT, SAMPLE_LIMIT, type Activity, type Sample } from '../activity/activity.ts';
import type { DeviceId } from '../protocol/index.ts';
import type { AuditRun } from './audit-notes.ts';
import type { Group } from './group.ts';
import { FINISHED_LIMIT, type Claim, type Ledger, type RefusedWrite, type Try } from './ledger.ts';
import type { OutboxRecord } from './record.ts';

export function createMemoryLedger(): Ledger {
  const shared = new Shared();
  const close = (): Promise<void> => Promise.resolve();
  return { ...identity(), ...openGroups(shared), ...verdicts(shared), ...journal(), close };
}

function identity() {
  let device: DeviceId | undefined;
  let leader = 0;
  let history: string | undefined;
  let run: AuditRun | undefined;
  let version = 0;
  let open: Claim | undefined;
  let last = '';
  return {
    deviceId: (candidate: DeviceId) => Promise.resolve((device ??= candidate)),
    claim: (fresh: string) => Promise.resolve((open ??= { was: last, now: fresh })),
    claimed: () => {
      last = open?.now ?? last;
      open = undefined;
      return Promise.resolve();
    },
    becomeDevice: (id: DeviceId) => {
      device = id;
      open = undefined;
      last = '';
      return Promise.resolve();
    },
    raiseLeader: () => Promise.resolve((leader += 1)),
    leader: () => Promise.resolve(leader),
    lastRun: () => Promise.resolve(run),
    noteRun: (noted: AuditRun) => {
      run = noted;
      return Promise.resolve();
    },
    meetVersion: (own: number) => Promise.resolve((version = Math.max(version, own))),
    version: () => Promise.resolve(version),
    // Its database is nobody else's.
    outdated: new Promise<void>(() => {}),
    epoch: () => Promise.resolve(history),
    setEpoch: (epoch: string) => {
      history = epoch;
      return Promise.resolve();
    },
  } satisfies Partial<Ledger>;
}

class Shared {
  readonly groups = new Map<string, Group>();
  readonly refused = new Map<string, RefusedWrite>();
  readonly tries = new Map<string, Try>();
  readonly refused$ = new BehaviorSubject<readonly RefusedWrite[]>([]);
  readonly newestGroup$ = new BehaviorSubject<string | undefined>(undefined);

  keep(writes: readonly RefusedWrite[]): void {
    for (const write of writes) if (!this.refused.has(write.op)) this.refused.set(write.op, write);
  }
  show(): void {
    this.refused$.next(
      [...this.refused.values()].toSorted((left, right) => right.refusedAtMs - left.refusedAtMs),
    );
    const newest = [...this.groups.keys()].at(-1);
    if (newest !== this.newestGroup$.value) this.newestGroup$.next(newest);
  }
}

const forget = (from: Map<string, unknown>, names: readonly string[]): void => {
  for (const name of names) from.delete(name);
};

function openGroups(shared: Shared) {
  const { groups, refused } = shared;
  return {
    putGroup: (group: Group, instead: readonly string[] = []) => {
      if (instead.some((op) => !refused.has(op))) return Promise.resolve(false);
      forget(refused, instead);
      groups.set(group.id, group);
      shared.show();
      return Promise.resolve(true);
    },
    freezeGroups: (frozen: readonly Group[]) => {
      if (!frozen.every(({ id }) => groups.has(id))) return Promise.resolve(false);
      for (const group of frozen) groups.set(group.id, group);
      return Promise.resolve(true);
    },
    takeBackGroup: (id: string, writes: readonly RefusedWrite[]) => {
      if (groups.get(id)?.frozen === true || !groups.delete(id)) return Promise.resolve(false);
      shared.keep(writes);
      shared.show();
      return Promise.resolve(true);
    },
    groups: () => Promise.resolve([...groups.values()]),
    hasGroup: (id: string) => Promise.resolve(groups.has(id)),
    newestGroup$: shared.newestGroup$.asObservable(),
  } satisfies Partial<Ledger>;
}

function verdicts(shared: Shared) {
  const { groups, refused, tries } = shared;
  const finished$ = new BehaviorSubject<readonly OutboxRecord[]>([]);
  return {
    judged: (judged) => {
      forget(groups, judged.groups);
      forget(tries, judged.tried);
      for (const one of judged.discarded ?? []) tries.set(one.op, one);
      shared.keep(judged.refused);
      shared.show();
      if (judged.finished.length > 0)
        finished$.next(
          [...judged.finished.toReversed(), ...finished$.value].slice(0, FINISHED_LIMIT),
        );
      return Promise.resolve();
    },
    forgetRefused: (ops) => {
      forget(refused, ops);
      shared.show();
      return Promise.resolve();
    },
    refused$: shared.refused$.asObservable(),
    finished$: finished$.asObservable(),
    tried: (list) => {
      for (const one of list) tries.set(one.op, one);
      return Promise.resolve();
    },
    tries: () => Promise.resolve([...tries.values()]),
  } satisfies Partial<Ledger>;
}

function journal() {
  const activity$ = new BehaviorSubject<readonly Activity[]>([]);
  const samples$ = new BehaviorSubject<readonly Sample[]>([]);
  return {
    record: ({ activities, samples }) => {
      const ids = new Set(activities.map(({ id }) => id));
      const known = activity$.value.filter(({ id }) => !ids.has(id));
      activity$.next(
        [...activities, ...known]
          .toSorted((left, right) => (left.id < right.id ? 1 : -1))
          .slice(0, ACTIVITY_LIMIT),
      );
      samples$.next([...samples$.value, ...samples].slice(-SAMPLE_LIMIT));
      return Promise.resolve();
    },
    activity$: activity$.asObservable(),
    samples$: samples$.asObservable(),
  } satisfies Partial<Ledger>;
}
