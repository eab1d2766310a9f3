// What RxDB does not hand over as long as one row of the same collection has no verdict.

import type { Lane } from '../feed/lane.ts';
import { isNews } from '../feed/upward.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import { storedItems, type Queued } from './item.ts';
import { keyOf } from '../outbox/key.ts';

/** So many of each collection. RxDB hands all of them over in the end. */
const ROWS = 50;

/** Unsent rows of the queue's collections that are not in it, as RxDB would hand them over. */
export async function keptBack(
  queue: readonly Queued[],
  outbox: Pick<LocalOutbox, 'unjudgedOf'>,
  device: string,
): Promise<readonly Queued[]> {
  const queued = new Set(queue.map(({ key }) => key));
  const rows: Queued[] = [];
  for (const lane of new Set(queue.map(({ lane }) => lane)))
    rows.push(...(await rowsOf(lane, queued, outbox, device)));
  return rows;
}

async function rowsOf(
  lane: Lane,
  queued: ReadonlySet<string>,
  outbox: Pick<LocalOutbox, 'unjudgedOf'>,
  device: string,
): Promise<readonly Queued[]> {
  const { name } = lane.collection;
  const ids = outbox
    .unjudgedOf(name)
    .filter((id) => !queued.has(keyOf(name, id)))
    .slice(0, ROWS);
  if (ids.length === 0) return [];
  const items = await storedItems(lane, ids, device, isNews);
  // Nobody waits for their answers.
  return items.map((item) => ({ ...item, place: ids.indexOf(item.id), settle: () => undefined }));
}
