// The feedings of this device: the live list, finding in it, and the three writes.

import type { RxCollection } from 'rxdb/plugins/core';
import type { Feeding } from '../../../schemas/index.ts';
import type { LocalFeeding, Workspace } from '../../database/open.ts';
import { fold } from '../find.ts';
import type { Version } from '../inbox/entries.ts';
import { editVersion } from '../inbox/versions.ts';
import { LiveList } from '../live-list.ts';
import { sourceOf } from '../rx-source.ts';
import { uuid7 } from '../uuid7.ts';

/** What a person fills in. */
export type FeedingFields = Pick<Feeding, 'feedingTime' | 'foodType' | 'amountMl' | 'notes'>;

export interface FeedingRow extends FeedingFields {
  readonly id: string;
  readonly atMs: number;
  readonly changedAtMs: number;
  /** Set where somebody else changed it while this page looked on. */
  readonly touchedAtMs?: number;
  /** Folded text to search in. */
  readonly words: string;
}

export const latestFirst = (one: FeedingRow, other: FeedingRow): number =>
  other.atMs - one.atMs || (one.id < other.id ? 1 : -1);

const toRow = (doc: LocalFeeding, foreign: boolean): FeedingRow => ({
  id: doc.id,
  feedingTime: doc.feedingTime,
  foodType: doc.foodType,
  amountMl: doc.amountMl,
  notes: doc.notes,
  atMs: Date.parse(doc.feedingTime),
  changedAtMs: Date.parse(doc.updatedAt ?? ''),
  words: fold(`${doc.foodType}\n${doc.amountMl} ml\n${doc.notes}`),
  ...(foreign ? { touchedAtMs: Date.now() } : {}),
});

/** The row as a version that waits has it; the server has checked that against the schema. */
export const withVersion = (row: FeedingRow, version: Version): FeedingRow => ({
  ...toRow({ ...row, ...(version as Partial<FeedingFields>), id: row.id }, false),
  changedAtMs: row.changedAtMs,
});

export type FeedingList = LiveList<LocalFeeding, FeedingRow>;

const lists = new WeakMap<RxCollection<LocalFeeding>, FeedingList>();

export const feedingList = ({ collections, account }: Workspace): FeedingList => {
  const { feedings } = collections;
  const known = lists.get(feedings);
  if (known) return known;
  const list = new LiveList(sourceOf(feedings, account.user.id), toRow, latestFirst);
  lists.set(feedings, list);
  return list;
};

/** Resolves to the new feeding's id. */
export const addFeeding = async (
  { collections }: Workspace,
  fields: FeedingFields,
): Promise<string> => {
  const id = uuid7();
  // The envelope is filled in by the hooks of `startSync`.
  await collections.feedings.insert({ id, ...fields });
  return id;
};

/** Writes the changed fields only, so that others' changes to the rest stand. */
export const changeFeeding = async (
  workspace: Workspace,
  id: string,
  changed: Partial<FeedingFields>,
): Promise<void> => {
  if (Object.keys(changed).length === 0) return;
  if (await editVersion(workspace, 'feedings', id, (version) => ({ ...version, ...changed })))
    return;
  const { collections } = workspace;
  const doc = await collections.feedings.findOne(id).exec();
  if (!doc) throw new Error('This feeding was deleted meanwhile.');
  await doc.incrementalPatch(changed);
};
