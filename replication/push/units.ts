// Open groups as they go to the server: each from its record, whole, and before it what its
// documents had unsent already.

import type { Lane } from '../feed/lane.ts';
import { includes, type Group, type Member } from '../outbox/group.ts';
import { MAX_ROWS, type WireDocument } from '../protocol/index.ts';
import { itemOf, type Item, type Queued } from './item.ts';
import { keyOf } from '../outbox/key.ts';

/** A group that one request must carry whole. */
export interface Unit {
  /** Frozen as it is sent. */
  readonly group: Group;
  readonly isFresh: boolean;
  readonly items: readonly Item[];
  readonly keys: ReadonlySet<string>;
}

interface Known {
  readonly stored: ReadonlyMap<string, WireDocument>;
  readonly assumed: ReadonlyMap<string, WireDocument>;
}

export const keyOfMember = ({ collection, id }: Member): string => keyOf(collection, id);

/** Whether RxDB can say what it takes for the server's state. */
export const isStarted = (lane: Lane | undefined): boolean =>
  lane?.port?.place.internal() !== undefined;

/** Groups of which a collection is not ready wait, and so do those after them over the same documents. */
export function sendable(
  groups: readonly Group[],
  isReady: (collection: string) => boolean,
): readonly Group[] {
  const shut = new Set<string>();
  return groups.filter(({ members }) => {
    const isSendable = members.every(
      (member) => isReady(member.collection) && !shut.has(keyOfMember(member)),
    );
    if (!isSendable) for (const member of members) shut.add(keyOfMember(member));
    return isSendable;
  });
}

/** The first groups that can be sent, about as many as one request holds. */
export async function unitsOf(
  groups: readonly Group[],
  lanes: ReadonlyMap<string, Lane>,
  queue: readonly Queued[],
  device: string,
): Promise<readonly Unit[]> {
  const first: Group[] = [];
  let rows = 0;
  for (const group of sendable(groups, (name) => isStarted(lanes.get(name)))) {
    if (rows > 0 && rows + group.members.length > MAX_ROWS) break;
    first.push(group);
    rows += group.members.length;
  }
  const known = await knownOf(first, lanes);
  return first.map((open) => {
    const group = open.frozen ? open : frozen(open, groups, known);
    return {
      group,
      isFresh: open.frozen !== true,
      items: group.members.flatMap((member) => itemsOf(group, member, known, lanes, queue, device)),
      keys: new Set(group.members.map(keyOfMember)),
    };
  });
}

/** With what was written to its members since. */
function frozen(group: Group, groups: readonly Group[], known: Known): Group {
  const later = groups.slice(groups.indexOf(group) + 1);
  const members = group.members.map((member) => ({ ...member, doc: joined(member, later, known) }));
  return { ...group, members, frozen: true };
}

/** But for what another group will carry. */
function joined(member: Member, later: readonly Group[], { stored }: Known): WireDocument {
  const key = keyOfMember(member);
  const next = later.flatMap(({ members }) => members).find((other) => keyOfMember(other) === key);
  const latest = next === undefined ? stored.get(key) : next.before;
  return latest !== undefined && includes(latest, member.doc) ? latest : member.doc;
}

function itemsOf(
  group: Group,
  member: Member,
  { assumed }: Known,
  lanes: ReadonlyMap<string, Lane>,
  queue: readonly Queued[],
  device: string,
): readonly Item[] {
  const { doc, before } = member;
  const key = keyOfMember(member);
  const lane = lanes.get(member.collection);
  if (lane === undefined) return [];
  const was = assumed.get(key);
  const isEarlier = before !== undefined && before._deleted !== true && !includes(was, before);
  const make = (state: WireDocument, of?: Group): Item =>
    itemOf(lane, lane.up.sentOf({ doc: state, assumed: was }), device, of);
  const own = make(doc, group);
  const earlier = isEarlier ? [make(before)] : [];
  const waiting = queue.filter((row) => row.key === key && includes(doc, row.doc));
  return [...earlier, { ...own, waiting }];
}

async function knownOf(groups: readonly Group[], lanes: ReadonlyMap<string, Lane>): Promise<Known> {
  const stored = new Map<string, WireDocument>();
  const assumed = new Map<string, WireDocument>();
  const ids = new Map<Lane, Set<string>>();
  for (const { collection, id } of groups.flatMap(({ members }) => members)) {
    const lane = lanes.get(collection);
    if (lane !== undefined) ids.set(lane, (ids.get(lane) ?? new Set()).add(id));
  }
  for (const [lane, wanted] of ids) {
    const { name } = lane.collection;
    for (const [id, document] of (await lane.port?.assumed([...wanted])) ?? [])
      assumed.set(keyOf(name, id), document);
    for (const document of (await lane.port?.stored([...wanted])) ?? [])
      stored.set(keyOf(name, lane.idOf(document)), document);
  }
  return { stored, assumed };
}
