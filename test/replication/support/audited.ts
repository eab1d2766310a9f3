// What a test of the audit needs of RxDB's replication: its state, its checkpoints, its writes.

import { setCheckpoint, type RxStorageInstanceReplicationState } from 'rxdb';
import { REPLICATION_STATE_BY_COLLECTION } from 'rxdb/plugins/replication';
import { firstValueFrom } from 'rxjs';
import type { Ledger } from '../../../replication/index.ts';
import type { AuditRun } from '../../../replication/outbox/audit-notes.ts';
import type { AuditPlace } from '../../../replication/plugin/audit-place.ts';
import { until } from '../../support/until.ts';
import { openDevice, parts, type Device } from './devices.ts';
import { startRestorable, type Restorable } from './restorable.ts';
import { atEnd, isSynced, notes, type Client, type Notes } from './world.ts';

export const HOUR_MS = 3_600_000;

type State = RxStorageInstanceReplicationState<Record<string, unknown>>;

/** Audits that are never due, and such that are at once. */
export const NEVER = { auditRestMs: 1e8 } as const;
export const AT_ONCE = { auditRestMs: 5 } as const;

function running(notes: Notes): State | undefined {
  const state = REPLICATION_STATE_BY_COLLECTION.get(notes as never)?.at(-1);
  return state?.isStopped() === false
    ? (state.internalReplicationState as State | undefined)
    : undefined;
}

export const placeOf = (notes: Notes): AuditPlace => ({
  local: notes,
  internal: () => running(notes),
  still: (run) => run(),
});

/** RxDB takes everything that was written until then for looked at. */
export async function moveCheckpoint(notes: Notes, lwt: number): Promise<void> {
  const state = await until(() => running(notes), 'RxDB to have started');
  await setCheckpoint(state, 'up', { id: '', lwt });
}

/** The ids of writes, by what made them; filled as they happen. */
export function writesOf(notes: Notes): (readonly [context: string, id: string])[] {
  const writes: (readonly [string, string])[] = [];
  const following = notes.storageInstance.changeStream().subscribe(({ context, events }) => {
    for (const { documentId } of events) writes.push([context, documentId]);
  });
  atEnd(() => Promise.resolve(following.unsubscribe()));
  return writes;
}

/** What the last session is said to have left. */
export const leave = async (ledger: Ledger, change: Partial<AuditRun>): Promise<void> =>
  ledger.noteRun({
    endedCleanly: true,
    clockMs: 0,
    leader: await ledger.leader(),
    again: [],
    ...change,
  });

/** As if the tab had died: nothing says that the session has ended. */
export async function crash({ sync, ledger }: Client): Promise<void> {
  await sync.stop();
  await leave(ledger, { ...(await ledger.lastRun()), endedCleanly: false });
}

type Given = Parameters<typeof openDevice>[2];
interface RepairReport {
  readonly collection: string;
  readonly ids: readonly string[];
  /** They would never have been sent, or never updated. */
  readonly reason: 'unsent' | 'frozen';
}
export type Again = Device & { readonly reports: readonly RepairReport[] };

/** What the activity says was mended from now on. */
export async function followRepairs(ledger: Ledger): Promise<() => readonly RepairReport[]> {
  const before = new Set((await firstValueFrom(ledger.activity$)).map(({ id }) => id));
  let reports: readonly RepairReport[] = [];
  const following = ledger.activity$.subscribe((activities) => {
    reports = activities
      .filter(({ code, id }) => code === 'repaired' && !before.has(id))
      .toReversed()
      .map(({ message, records = [] }) => ({
        collection: records[0]?.collection ?? '',
        ids: records.map(({ id }) => id),
        reason: message.includes('been sent') ? 'unsent' : 'frozen',
      }));
  });
  atEnd(() => Promise.resolve(following.unsubscribe()));
  return () => reports;
}

/** The same device in its next session, and what is mended there. */
export async function reopen(
  server: Restorable,
  { database, ledger, wire }: Device,
  given: Given = {},
): Promise<Again> {
  const reports = await followRepairs(ledger);
  const before = { database, ledger, wire, timing: AT_ONCE, ...given };
  const device = await openDevice(server, 'ada', before);
  return {
    ...device,
    get reports() {
      return reports();
    },
  };
}

/** A device with some documents in step, whose session has ended. */
export async function rested(): Promise<{ readonly server: Restorable; readonly device: Device }> {
  const server = await startRestorable([notes, parts]);
  const device = await openDevice(server, 'ada', { timing: NEVER });
  for (const id of ['a', 'b', 'c']) await device.notes.insert({ id, title: 'one' });
  await until(() => isSynced(device) && device.wire.pushed.length === 3);
  await device.stop();
  return { server, device };
}

/** What was written while no session ran lies below the checkpoint, as after a drop or a clock step. */
export async function hide(server: Restorable, device: Device, lwt: number): Promise<void> {
  const { wire } = device;
  wire.isOnline = false;
  const offline = await reopen(server, device, { timing: NEVER });
  await moveCheckpoint(device.notes, lwt);
  await crash(offline);
  wire.isOnline = true;
}

export const isPushedOnce = ({ wire }: Device): boolean =>
  new Set(wire.pushed.map(({ op }) => op)).size === wire.pushed.length;
