// The ledger of programs and tests: gone with the process.

import { BehaviorSubject } from 'rxjs';
import { ACTIVITY_LIMIT, SAMPLE_LIMIT, type Activity, type Sample } from '../activity/activity.ts';
import type { DeviceId } from '../protocol/index.ts';
import type { AuditRun } from './audit-notes.ts';
import type { Group } from './group.ts';
import { FINISHED_LIMIT, type Claim, type Ledger, type RefusedWrite, type Try } from './ledger.ts';
import type { OutboxRecord } from './record.ts';

export function createMemoryLedger(): Ledger {
  return { ...identity(), ...verdicts(), ...journal(), close: () => Promise.resolve() };
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

function verdicts() {
  const groups = new Map<string, Group>();
  const refused = new Map<string, RefusedWrite>();
  const tries = new Map<string, Try>();
  const refused$ = new BehaviorSubject<readonly RefusedWrite[]>([]);
  const finished$ = new BehaviorSubject<readonly OutboxRecord[]>([]);
  const forget = (from: Map<string, unknown>, names: readonly string[]): void => {
    for (const name of names) from.delete(name);
  };
  const show = (): void =>
    refused$.next(
      [...refused.values()].toSorted((left, right) => right.refusedAtMs - left.refusedAtMs),
    );
  return {
    putGroup: (group: Group, instead: readonly string[] = []) => {
      if (instead.some((op) => !refused.has(op))) return Promise.resolve(false);
      forget(refused, instead);
      groups.set(group.id, group);
      if (instead.length > 0) show();
      return Promise.resolve(true);
    },
    freezeGroups: (frozen: readonly Group[]) => {
      for (const group of frozen) if (groups.has(group.id)) groups.set(group.id, group);
      return Promise.resolve();
    },
    groups: () => Promise.resolve([...groups.values()]),
    judged: (judged) => {
      forget(groups, judged.groups);
      forget(tries, judged.tried);
      for (const write of judged.refused) if (!refused.has(write.op)) refused.set(write.op, write);
      show();
      if (judged.finished.length > 0)
        finished$.next(
          [...judged.finished.toReversed(), ...finished$.value].slice(0, FINISHED_LIMIT),
        );
      return Promise.resolve();
    },
    forgetRefused: (ops) => {
      forget(refused, ops);
      show();
      return Promise.resolve();
    },
    refused$: refused$.asObservable(),
    finished$: finished$.asObservable(),
    tried: (list) => {
      for (const one of list) tries.set(one.op, one);
      return Promise.resolve();
    },
    tries: () => Promise.resolve([...tries.values()]),
    discard: (discarded) => {
      forget(groups, discarded.groups);
      forget(refused, discarded.ops);
      for (const op of discarded.ops) tries.set(op, { op, attempts: 0, discarded: true });
      show();
      return Promise.resolve();
    },
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
