// Which item the sheet shows. A name in an address may mean several in turn: `pins/ID` a refused
// change, the next one of the same pin, and older ones that were sent. Once one is shown, the sheet
// stays with it, until it is closed.

import { useState } from 'react';
import { findItem, type Item, type Items } from '../../queries/sync/items.ts';
import type { SyncTab } from '../../router.ts';

/** On the list of what was refused a refused version comes first, else what waits. */
const find = (items: Items, name: string, tab: SyncTab): Item | undefined => {
  const { refused, waiting, finished } = items;
  const all = tab === 'needs-you' ? [refused, waiting] : [waiting, refused];
  return findItem([...all.flat(), ...finished], name);
};

/** The same, as far as it has come; undefined where it was decided on or let go. */
export const followItem = (items: Items, last: Item): Item | undefined => {
  const { refused, waiting, finished } = items;
  const ops = new Set(last.members.map(({ op }) => op));
  const sameIn = (list: readonly Item[]): Item | undefined =>
    list.find(({ members }) => members.some(({ op }) => ops.has(op)));
  if (last.state === 'rejected') return sameIn(refused);
  // One that is edited meanwhile waits on, under another operation.
  return waiting.find(({ key }) => key === last.key) ?? sameIn([...refused, ...finished]);
};

interface OpenItem {
  /** The last that was known of it, where it is gone. */
  readonly item: Item | undefined;
  readonly isGone: boolean;
}

/** @param open what the address names; nothing while the sheet slides away. */
export const useOpenItem = (items: Items, open: string | undefined, tab: SyncTab): OpenItem => {
  const name = open === undefined ? undefined : `${tab} ${open}`;
  const [last, keep] = useState<{ readonly name: string | undefined; readonly item?: Item }>({
    name,
  });
  if (open === undefined) {
    if (last.name !== undefined) keep({ ...last, name });
    return { item: last.item, isGone: false };
  }
  const known = last.name === name ? last.item : undefined;
  // One that was sent may have been found before what waits was read.
  const isHeld = known !== undefined && known.state !== 'synced';
  const item = isHeld ? followItem(items, known) : find(items, open, tab);
  if (last.name !== name || (item !== undefined && item !== known))
    keep({ name, ...(item && { item }) });
  return { item: item ?? known, isGone: isHeld && item === undefined };
};
