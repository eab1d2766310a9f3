// The pins of this device: the live list and the three writes.

import type { RxCollection } from 'rxdb/plugins/core';
import type { Pin } from '../../../schemas/index.ts';
import type { LocalPin, Workspace } from '../../database/open.ts';
import { fold } from '../find.ts';
import type { Version } from '../inbox/entries.ts';
import { editVersion } from '../inbox/versions.ts';
import { LiveList } from '../live-list.ts';
import { sourceOf } from '../rx-source.ts';
import { uuid7 } from '../uuid7.ts';
import { project, type WorldPoint } from './mercator.ts';

/** What a person fills in. */
export type PinFields = Pick<Pin, 'title' | 'position' | 'kind' | 'status' | 'notes'>;

export interface PinRow extends PinFields {
  readonly id: string;
  /** Where it stands on the flat map. */
  readonly at: WorldPoint;
  readonly changedAtMs: number;
  /** Set where somebody else changed it while this page looked on. */
  readonly touchedAtMs?: number;
  /** Folded text to search in. */
  readonly words: string;
}

const collator = new Intl.Collator(undefined, { numeric: true });
export const byTitle = (one: PinRow, other: PinRow): number =>
  collator.compare(one.title, other.title) || (one.id < other.id ? -1 : 1);

const toRow = (doc: LocalPin, foreign: boolean): PinRow => ({
  id: doc.id,
  title: doc.title,
  position: doc.position,
  at: project(doc.position),
  kind: doc.kind,
  status: doc.status,
  notes: doc.notes,
  changedAtMs: Date.parse(doc.updatedAt ?? ''),
  words: fold(`${doc.title}\n${doc.kind}\n${doc.status}\n${doc.notes}`),
  ...(foreign ? { touchedAtMs: Date.now() } : {}),
});

/** The row as a version that waits has it; the server has checked that against the schema. */
export const withVersion = (row: PinRow, version: Version): PinRow => ({
  ...toRow({ ...row, ...(version as Partial<PinFields>), id: row.id }, false),
  changedAtMs: row.changedAtMs,
});

export type PinList = LiveList<LocalPin, PinRow>;

const lists = new WeakMap<RxCollection<LocalPin>, PinList>();

export const pinList = ({ collections, account }: Workspace): PinList => {
  const { pins } = collections;
  const known = lists.get(pins);
  if (known) return known;
  const list = new LiveList(sourceOf(pins, account.user.id), toRow, byTitle);
  lists.set(pins, list);
  return list;
};

/** Resolves to the new pin's id. */
export const addPin = async ({ collections }: Workspace, fields: PinFields): Promise<string> => {
  const id = uuid7();
  // The envelope is filled in by the hooks of `startSync`.
  await collections.pins.insert({ id, ...fields });
  return id;
};

/** Writes the changed fields only, so that others' changes to the rest stand. */
export const changePin = async (
  workspace: Workspace,
  id: string,
  changed: Partial<PinFields>,
): Promise<void> => {
  if (await editVersion(workspace, 'pins', id, (version) => ({ ...version, ...changed }))) return;
  const { collections } = workspace;
  const doc = await collections.pins.findOne(id).exec();
  if (!doc) throw new Error('This pin was deleted meanwhile.');
  await doc.incrementalPatch(changed);
};
