// The ledger of programs and tests: gone with the process.

import { BehaviorSubject } from 'rxjs';
import type { DeviceId } from '../protocol/index.ts';
import type { Claim, Ledger, RefusedWrite } from './ledger.ts';

const newestFirst = (writes: Iterable<RefusedWrite>): readonly RefusedWrite[] =>
  [...writes].toSorted((left, right) => right.refusedAtMs - left.refusedAtMs);

export function createMemoryLedger(): Ledger {
  let device: DeviceId | undefined;
  let leader = 0;
  let history: string | undefined;
  let open: Claim | undefined;
  let last = '';
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
    putRefused: (writes) => {
      for (const write of writes) refused.set(write.op, write);
      show();
      return Promise.resolve();
    },
    dismissRefused: (op) => {
      refused.delete(op);
      show();
      return Promise.resolve();
    },
    refused$: refused$.asObservable(),
    close: () => Promise.resolve(),
  };
}
