// The ledger of programs and tests: gone with the process.

import { BehaviorSubject } from 'rxjs';
import type { DeviceId } from '../protocol/index.ts';
import type { Group } from './group.ts';
import type { Claim, Ledger, RefusedWrite } from './ledger.ts';

const newestFirst = (writes: Iterable<RefusedWrite>): readonly RefusedWrite[] =>
  [...writes].toSorted((left, right) => right.refusedAtMs - left.refusedAtMs);

export function createMemoryLedger(): Ledger {
  let device: DeviceId | undefined;
  let leader = 0;
  let version = 0;
  let history: string | undefined;
  let open: Claim | undefined;
  let last = '';
  const groups = new Map<string, Group>();
  const refused = new Map<string, RefusedWrite>();
  const refused$ = new BehaviorSubject<readonly RefusedWrite[]>([]);
  const show = (): void => refused$.next(newestFirst(refused.values()));
  return {
    deviceId: (candidate) => Promise.resolve((device ??= candidate)),
    claim: (fresh) => Promise.resolve((open ??= { was: last, now: fresh })),
    claimed: () => {
      last = open?.now ?? last;
      open = undefined;
      return Promise.resolve();
    },
    becomeDevice: (id) => {
      device = id;
      open = undefined;
      last = '';
      return Promise.resolve();
    },
    raiseLeader: () => Promise.resolve((leader += 1)),
    leader: () => Promise.resolve(leader),
    epoch: () => Promise.resolve(history),
    setEpoch: (epoch) => {
      history = epoch;
      return Promise.resolve();
    },
    putGroup: (group) => {
      groups.set(group.id, group);
      return Promise.resolve();
    },
    freezeGroups: (frozen) => {
      for (const group of frozen) if (groups.has(group.id)) groups.set(group.id, group);
      return Promise.resolve();
    },
    groups: () => Promise.resolve([...groups.values()]),
    judged: (judged) => {
      for (const id of judged.groups) groups.delete(id);
      for (const write of judged.refused) if (!refused.has(write.op)) refused.set(write.op, write);
      show();
      return Promise.resolve();
    },
    dismissRefused: (ops) => {
      for (const op of ops) refused.delete(op);
      show();
      return Promise.resolve();
    },
    meetVersion: (own) => Promise.resolve((version = Math.max(version, own))),
    version: () => Promise.resolve(version),
    // Its database is nobody else's.
    outdated: new Promise(() => {}),
    refused$: refused$.asObservable(),
    close: () => Promise.resolve(),
  };
}
