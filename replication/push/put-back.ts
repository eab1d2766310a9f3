// Discarding, as far as documents go: what the server has of them, and writing that back.

import type { Lane } from '../feed/lane.ts';
import type { WireDocument } from '../protocol/index.ts';
import { withoutServer } from './answer.ts';
import { storedItems } from './item.ts';
import { idsOf } from '../outbox/key.ts';

const OPENING =
  'What the server has of this can’t be read here yet. Nothing was discarded; try again in a moment.';
const SETTLING =
  'The server has just answered an earlier change of this record. Try again in a moment.';

/**
 * @throws {Error} with a sentence where it is not known on this device what has become of an earlier
 *   state of one of these documents: RxDB has yet to write it.
 */
export async function checkSettled(lanes: readonly Lane[], keys: readonly string[]): Promise<void> {
  for (const { up, port, collection } of lanes) {
    const ids = idsOf(keys, collection.name);
    if (ids.length === 0) continue;
    const assumed = await port?.assumed(ids);
    if (assumed === undefined) throw new Error(OPENING);
    if (ids.some((id) => up.answeredRev(id) > (assumed.get(id)?.rev ?? 0)))
      throw new Error(SETTLING);
  }
}

/** Writes those that are as they were let go. */
export async function putBack(
  lanes: readonly Lane[],
  keys: readonly string[],
  device: string,
  isLetGo: (doc: WireDocument) => boolean,
): Promise<void> {
  for (const lane of lanes) {
    const { collection, port, up } = lane;
    const ids = idsOf(keys, collection.name);
    if (ids.length === 0) continue;
    const items = await storedItems(lane, ids, device, ({ doc }) => isLetGo(doc));
    await port?.putBack(
      items.map((item) => {
        const { state, rev } = withoutServer(item);
        return { id: item.id, found: item.doc, state: up.overtaking(item.id, rev) ?? state };
      }),
    );
  }
}
