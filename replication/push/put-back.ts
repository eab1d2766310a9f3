// Documents whose writes a person has let go of, as the server is known to have them.

import type { Lane } from '../feed/lane.ts';
import type { WireDocument } from '../protocol/index.ts';
import { withoutServer } from './answer.ts';
import { OPENING, SETTLING } from './discards.ts';
import { itemOf } from './item.ts';
import { idsOf } from './order.ts';
import { isOfServer } from './row.ts';

/**
 * The collections in which the server has some of these documents.
 *
 * @throws {Error} with a sentence where it is not known on this device what has become of an earlier
 *   state: RxDB has yet to write it.
 */
export async function knownToServer(
  lanes: readonly Lane[],
  keys: readonly string[],
): Promise<readonly string[]> {
  const known: string[] = [];
  for (const { up, port, collection } of lanes) {
    const ids = idsOf(keys, collection.name);
    if (ids.length === 0) continue;
    const assumed = await port?.assumed(ids);
    if (assumed === undefined) throw new Error(OPENING);
    if (ids.some((id) => up.answeredRev(id) > (assumed.get(id)?.rev ?? 0)))
      throw new Error(SETTLING);
    if ([...assumed.values()].some(isOfServer)) known.push(collection.name);
  }
  return known;
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
    if (ids.length === 0 || port === undefined) continue;
    const assumed = await port.assumed(ids);
    const found = (await port.stored(ids)).filter(isLetGo);
    await port.putBack(
      found.map((doc) => {
        const id = lane.idOf(doc);
        const sent = up.sentOf({ doc, assumed: assumed?.get(id) });
        const { state, rev } = withoutServer(itemOf(collection, lane, sent, device));
        return { id, found: doc, state: up.overtaking(id, rev) ?? state };
      }),
    );
  }
}
