// A row on its way: as RxDB handed it over, and as it is sent.

import type { Collection } from '../../schemas/index.ts';
import type { Lane } from '../feed/lane.ts';
import type { Group } from '../outbox/group.ts';
import type { PushInput } from '../plugin/rx.ts';
import {
  versionsOf,
  type PushRequest,
  type PushRow,
  type WireDocument,
} from '../protocol/index.ts';
import { keyOf } from '../outbox/key.ts';
import { rowOf, sizeOf, type Sent } from './row.ts';

/** A row as it is sent. */
export interface Item {
  readonly collection: Collection;
  readonly lane: Lane;
  readonly key: string;
  readonly id: string;
  readonly doc: WireDocument;
  readonly assumed: WireDocument | undefined;
  /** The version of a lost history that it started from. */
  readonly lost?: WireDocument | undefined;
  readonly row: PushRow;
  readonly text: string;
  readonly bytes: number;
  /** `again`: it had its verdict once, from a server that has lost it. */
  readonly turn: 'first' | 'again';
  readonly group?: Group;
  /** RxDB's rows that the answer is for. */
  readonly waiting: readonly Queued[];
}

/** A row that RxDB has handed over. */
export interface Queued extends Omit<Item, 'group' | 'waiting'> {
  readonly place: number;
  readonly settle: (state: WireDocument) => void;
}

export function itemOf(lane: Lane, sent: Sent, device: string, group?: Group): Item {
  const { collection } = lane;
  const plain = rowOf(collection, sent, device);
  const row =
    group === undefined ? plain : { ...plain, group: { id: group.id, size: group.members.length } };
  const text = JSON.stringify(row);
  return {
    ...sent,
    collection,
    lane,
    key: keyOf(collection.name, sent.id),
    row,
    text,
    bytes: sizeOf(text),
    turn: 'first',
    ...(group === undefined ? {} : { group }),
    waiting: [],
  };
}

/** The same of another device: what it writes has other names. */
export const renamed = (row: Queued, device: string): Queued => ({
  ...row,
  ...itemOf(row.lane, row, device),
  turn: row.turn,
});

/** Those of these documents that are meant, as RxDB would hand them over now. */
export async function storedItems(
  lane: Lane,
  ids: readonly string[],
  device: string,
  isMeant: (input: PushInput) => boolean,
): Promise<readonly Item[]> {
  const assumed = await lane.port?.assumed(ids);
  const stored = (await lane.port?.stored(ids)) ?? [];
  return stored
    .map((doc) => ({ doc, assumed: assumed?.get(lane.idOf(doc)) }))
    .filter(isMeant)
    .map((input) => itemOf(lane, lane.up.sentOf(input), device));
}

export const alone = (row: Queued): Item => ({ ...row, waiting: [row] });

export const isIn =
  (items: readonly Item[]) =>
  (item: Item): boolean =>
    items.includes(item);

/** The text of a request; each row's own is there already. */
export function requestOf(
  items: readonly Item[],
  sender: { readonly [K in 'device' | 'epoch' | 'resyncing']: PushRequest[K] | undefined },
): string {
  const schema = versionsOf(items.map(({ collection }) => collection));
  const head = JSON.stringify({ ...sender, schema });
  return `${head.slice(0, -1)},"rows":[${items.map(({ text }) => text).join(',')}]}`;
}
