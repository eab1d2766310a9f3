// What RxDB does not hand over as long as one row of the same collection has no verdict.

import type { Lane } from '../feed/lane.ts';
import { isNews } from '../feed/upward.ts';
import { idsOf, keyOf } from '../outbox/key.ts';
import type { Ledger } from '../outbox/ledger.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import { storedItems, type Queued } from './item.ts';
import { neededFirst } from './order.ts';
import { keyOfMember } from './units.ts';

/** So many of each collection. RxDB hands all of them over in the end. */
const ROWS = 200;

export interface KeptBackOptions {
  readonly outbox: Pick<LocalOutbox, 'unjudgedOf' | 'needsOf' | 'isNew'>;
  readonly ledger: Pick<Ledger, 'groups'>;
  readonly device: () => string;
}

/**
 * Unsent rows of the queue's collections that are not in it, as RxDB would hand them over; not those
 * of groups.
 */
export async function keptBack(
  queue: readonly Queued[],
  isClaimed: (key: string) => boolean,
  { outbox, ledger, device }: KeptBackOptions,
): Promise<readonly Queued[]> {
  const queued = new Set(queue.map(({ key }) => key));
  const isLeft = (key: string): boolean => !queued.has(key) && !isClaimed(key);
  const rows: Queued[] = [];
  for (const lane of new Set(queue.map(({ lane }) => lane)))
    rows.push(...(await rowsOf(lane, isLeft, outbox, device())));
  // Read after the documents: a group is recorded before they are written.
  const members = new Set(
    (await ledger.groups()).flatMap((group) => group.members.map(keyOfMember)),
  );
  return rows.filter(({ key }) => !members.has(key));
}

async function rowsOf(
  lane: Lane,
  isLeft: (key: string) => boolean,
  outbox: KeptBackOptions['outbox'],
  device: string,
): Promise<readonly Queued[]> {
  const { name } = lane.collection;
  const left = outbox
    .unjudgedOf(name)
    .map((id) => keyOf(name, id))
    .filter(isLeft);
  const ready = readyOf(left, outbox);
  const needsOf = (key: string) => outbox.needsOf(key).filter((need) => ready.has(need));
  // The first of them need no later one.
  const ids = idsOf(neededFirst(ready, needsOf), name).slice(0, ROWS);
  if (ids.length === 0) return [];
  const items = await storedItems(lane, ids, device, isNews);
  // Nobody waits for their answers.
  return items.map((item) => ({ ...item, place: ids.indexOf(item.id), settle: () => undefined }));
}

/** Those that wait for nothing that is new to the server and not among them. */
function readyOf(left: readonly string[], outbox: KeptBackOptions['outbox']): ReadonlySet<string> {
  const keys = new Set(left);
  const waits = (need: string): boolean => outbox.isNew(need) && !keys.has(need);
  for (let before = Infinity; keys.size < before;) {
    before = keys.size;
    for (const key of keys) if (outbox.needsOf(key).some(waits)) keys.delete(key);
  }
  return keys;
}
