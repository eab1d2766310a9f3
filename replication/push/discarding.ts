// Letting go of what waits, as a person has asked: whether that can be, that it is durable, and the
// documents back as the server has them.

import type { Lane } from '../feed/lane.ts';
import { isNews } from '../feed/upward.ts';
import { includes } from '../outbox/group.ts';
import { collectionOf, idsOf, keyOf } from '../outbox/key.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import type { WireDocument } from '../protocol/index.ts';
import { isWithdrawn, sameClock } from '../stamp/clock.ts';
import { withoutServer } from './answer.ts';
import { ANSWERED, CHANGED, type Discards } from './discards.ts';
import { storedItems, type Queued } from './item.ts';

const OPENING =
  'What the server has of this can’t be read here yet. Nothing was discarded; try again in a moment.';
const SETTLING =
  'The server has just answered an earlier change of this record. Try again in a moment.';

export interface DiscardingOptions {
  readonly outbox: LocalOutbox;
  readonly lanes: () => readonly Lane[];
  readonly device: () => string;
  /** Resolves when it is durable that these collections are received again. */
  readonly receiveAgain: (collections: readonly string[]) => Promise<void>;
  readonly discards: Discards;
  readonly queue: ReadonlySet<Queued>;
  /** What stands in the queue gets its answer where it was let go. */
  readonly settleLetGo: () => void;
  readonly isLetGo: (doc: WireDocument) => boolean;
}

/** @throws {Error} with a sentence for people where that can't be. */
export async function discardWhole(
  ops: readonly string[],
  options: DiscardingOptions,
): Promise<void> {
  const { outbox, lanes, device, receiveAgain, discards, queue, settleLetGo, isLetGo } = options;
  const whole = await discards.wholeOf(ops);
  const keys = outbox.keysOf(whole.ops);
  if (keys.length < whole.ops.length || keys.some((key) => outbox.hasVerdict(key)))
    throw new Error(ANSWERED);
  await checkSettled(lanes(), keys);
  // What the server has made of them since, or of what was lost on the way to here, may have passed.
  await receiveAgain(keys.map(collectionOf));
  if (outbox.keysOf(whole.ops).length < keys.length) throw new Error(CHANGED);
  // RxDB may have handed over an earlier state of the same document.
  const all = new Map(keys.map((key) => [outbox.opOf(key) ?? '', key]));
  for (const { key, row } of queue) if (keys.includes(key)) all.set(row.op, key);
  await discards.add(all, whole.groups);
  settleLetGo();
  // RxDB may hold on to rows that were handed over together with others, so it is not waited for.
  const back = await putBack(lanes(), keys, device(), isLetGo);
  outbox.letGo(outbox.keysOf(whole.ops));
  // Another tab may have written to one and this one not have heard of it.
  const isChanged = (key: string): boolean => outbox.has(key) || !back.has(key);
  // What was written to a member since holds part of its group, and is refused for that.
  const isRefused = (key: string): boolean => whole.members.has(key) && isChanged(key);
  await discards.done([...all].flatMap(([op, key]) => (isRefused(key) ? [] : [op])));
  if (keys.some((key) => isChanged(key) && !isRefused(key))) throw new Error(CHANGED);
}

/**
 * @throws {Error} with a sentence where it is not known on this device what has become of an earlier
 *   state of one of these documents: RxDB has yet to write it.
 */
async function checkSettled(lanes: readonly Lane[], keys: readonly string[]): Promise<void> {
  for (const { up, port, collection } of lanes) {
    const ids = idsOf(keys, collection.name);
    if (ids.length === 0) continue;
    const assumed = await port?.assumed(ids);
    if (assumed === undefined) throw new Error(OPENING);
    if (ids.some((id) => up.answeredRev(id) > (assumed.get(id)?.rev ?? 0)))
      throw new Error(SETTLING);
  }
}

/** Writes those that are as they were let go. Gives all that have nothing unsent then. */
async function putBack(
  lanes: readonly Lane[],
  keys: readonly string[],
  device: string,
  isLetGo: (doc: WireDocument) => boolean,
): Promise<ReadonlySet<string>> {
  const back = new Set<string>();
  for (const lane of lanes) {
    const { collection, port, up } = lane;
    const ids = idsOf(keys, collection.name);
    if (ids.length === 0) continue;
    const items = await storedItems(lane, ids, device, ({ doc }) => isLetGo(doc));
    const states = items.map((item) => {
      const { state, rev } = withoutServer(item);
      return { id: item.id, found: item.doc, state: up.overtaking(item.id, rev) ?? state };
    });
    await port?.putBack(states);
    // What has passed on its way here may be newer than what RxDB has noted; where it has what was
    // to go, the server has that.
    const gone = states.filter(({ found, state }) => isWithdrawn(state) || !includes(state, found));
    const written = new Map(gone.map(({ id, state }) => [id, state.clk]));
    const unsent = (await storedItems(lane, ids, device, isNews)).filter(
      ({ id, doc }) => !written.has(id) || !sameClock(doc.clk, written.get(id)),
    );
    const left = new Set(unsent.map(({ id }) => id));
    for (const id of ids) if (!left.has(id)) back.add(keyOf(collection.name, id));
  }
  return back;
}
