// The inbox of this device: the live list, and in which of its three parts an entry stands.

import type { RxCollection } from 'rxdb/plugins/core';
import type { LocalConflict, Workspace } from '../../database/open.ts';
import { LiveList } from '../live-list.ts';
import { sourceOf } from '../rx-source.ts';

export const PHASES = ['open', 'information', 'settled'] as const;
export type Phase = (typeof PHASES)[number];
export type Version = LocalConflict['mine'];

export interface EntryRow extends LocalConflict {
  readonly phase: Phase;
  /** What was decided on this device, and the server has not judged. */
  readonly decidedHere: boolean;
}

/** A decision counts at once, whatever the server will say of it. */
const toRow = (doc: LocalConflict): EntryRow => {
  const { state, resolution } = doc;
  const undone = resolution?.choice === 'undo';
  return {
    ...doc,
    phase: undone ? 'open' : resolution ? 'settled' : state,
    decidedHere: resolution !== undefined && (state !== 'settled' || undone),
  };
};

const latestFirst = (one: EntryRow, other: EntryRow): number =>
  (other.updatedAt ?? '').localeCompare(one.updatedAt ?? '') || (one.id < other.id ? 1 : -1);

const lists = new WeakMap<RxCollection<LocalConflict>, LiveList<LocalConflict, EntryRow>>();

export const entryList = ({
  collections: { conflicts },
  account,
}: Workspace): LiveList<LocalConflict, EntryRow> => {
  const known = lists.get(conflicts);
  if (known) return known;
  const list = new LiveList(sourceOf(conflicts, account.user.id), toRow, latestFirst);
  lists.set(conflicts, list);
  return list;
};
