// A server that was restored from a backup has lost what came after it. Each device sends again what
// it wrote itself, as it stands here, with the stamps it had: so the devices make the server whole.

import { INBOX } from '../../schemas/index.ts';
import type { Lane } from '../feed/lane.ts';
import { needsOf } from '../outbox/label.ts';
import { keyOf } from '../outbox/key.ts';
import type { WireDocument } from '../protocol/index.ts';
import type { Sent } from '../push/row.ts';
import { CREATED, isWithdrawn } from '../stamp/clock.ts';
import { deviceOf } from '../stamp/stamp.ts';

const ROWS = 500;

export interface HealOptions {
  readonly lanes: readonly Lane[];
  readonly device: string;
  /** Whether what is unsent of a document is part of a group, or let go. */
  readonly mustStay: (key: string, document: WireDocument) => boolean;
  /** Whether the server that has lost it has judged it since. */
  readonly isBack: (key: string) => boolean;
  /** Resolves when the rows have been judged; with `false` when the session has ended. */
  readonly send: (lane: Lane, rows: readonly Sent[]) => Promise<boolean>;
}

/** What is kept of a document while all are looked through. */
interface Lost {
  readonly lane: Lane;
  readonly id: string;
  readonly created: string;
  readonly isOwn: boolean;
  readonly needs: readonly string[];
}

/** First the documents with sums, whoever wrote them: what adds to a sum that is not there is refused. */
export async function healSums(options: HealOptions): Promise<void> {
  const lanes = options.lanes.filter(({ collection }) => Object.keys(collection.sums).length > 0);
  const lost = (await findLost({ ...options, lanes })).values();
  await giveBack(options, inOrder(lanes, new Set(lost)));
}

/** Sends again what this device wrote and the server has lost, and what that refers to. */
export async function heal(options: HealOptions): Promise<void> {
  await giveBack(options, inOrder(options.lanes, withNeeded(await findLost(options))));
}

async function giveBack(options: HealOptions, rows: readonly Lost[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS) {
    const loaded = await Promise.all(
      options.lanes.map(async (lane) => {
        const some = rows.slice(start, start + ROWS).filter((row) => row.lane === lane);
        const ids = some.map(({ id }) => id);
        return { lane, rows: await hadBefore(lane, ids, options.mustStay) };
      }),
    );
    // All at once: what goes in one request is ordered, and a movement is refused before its product.
    const sent = await Promise.all(loaded.map(({ lane, rows }) => options.send(lane, rows)));
    if (sent.includes(false)) return;
  }
}

/**
 * As they stand here. Only what must not go by itself is left out: then as RxDB has noted them from the
 * server, which may be older than what the server has acknowledged.
 */
async function hadBefore(
  lane: Lane,
  ids: readonly string[],
  mustStay: HealOptions['mustStay'],
): Promise<readonly Sent[]> {
  const stored = (await lane.port?.stored(ids)) ?? [];
  const noted = await lane.port?.assumed(ids);
  return stored.flatMap((document) => {
    const id = lane.idOf(document);
    const lost = noted?.get(id);
    const stays = mustStay(keyOf(lane.collection.name, id), document);
    const had = stays ? (lost ?? document) : document;
    // Never sent, as far as this server knows: the stamps alone decide.
    const sent = { doc: { ...had, rev: 0 }, assumed: undefined, id, lost };
    return isWithdrawn(had) ? [] : [sent];
  });
}

async function findLost({ lanes, device, isBack }: HealOptions): Promise<Map<string, Lost>> {
  const lost = new Map<string, Lost>();
  // Only the server writes the inbox.
  for (const lane of lanes.filter(({ collection }) => collection.name !== INBOX))
    await lane.port?.scan((documents) => {
      for (const document of documents) {
        const { clk = {}, rev = 0 } = document;
        const id = lane.idOf(document);
        const key = keyOf(lane.collection.name, id);
        if (!lane.isLost(id, rev) || isWithdrawn(document) || isBack(key)) continue;
        lost.set(key, {
          lane,
          id,
          created: clk[CREATED] ?? '',
          isOwn: Object.values(clk).some((stamp) => deviceOf(stamp) === device),
          needs: needsOf(lane.collection, document),
        });
      }
    });
  return lost;
}

/** This device's own, and others' that they refer to: without those the server would refuse them. */
function withNeeded(lost: ReadonlyMap<string, Lost>): ReadonlySet<Lost> {
  const wanted = new Set([...lost.values()].filter(({ isOwn }) => isOwn));
  // Grows while it is walked.
  for (const { needs } of wanted)
    for (const key of needs) {
      const needed = lost.get(key);
      if (needed !== undefined) wanted.add(needed);
    }
  return wanted;
}

/** What is referred to goes first: collections by how deep they refer, documents by their age. */
function inOrder(lanes: readonly Lane[], wanted: ReadonlySet<Lost>): readonly Lost[] {
  const collections = new Map(lanes.map(({ collection }) => [collection.name, collection]));
  const depthOf = (name: string, path: readonly string[] = []): number => {
    const targets = Object.values(collections.get(name)?.references ?? {});
    const further = targets.filter((target) => target !== name && !path.includes(target));
    return Math.max(0, ...further.map((target) => 1 + depthOf(target, [...path, name])));
  };
  const depths = new Map([...collections.keys()].map((name) => [name, depthOf(name)]));
  const depth = ({ lane }: Lost): number => depths.get(lane.collection.name) ?? 0;
  return [...wanted].toSorted(
    (left, right) => depth(left) - depth(right) || (left.created < right.created ? -1 : 1),
  );
}
