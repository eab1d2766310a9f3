// Deciding about an entry: which fields differ, what a choice for each of them makes, and the
// writes. All of them are ordinary writes on this device, sent when there is a network.

import { changedEntries, setValueAt, valueAt } from '../../../replication/index.ts';
import { collections as known, type Collection } from '../../../schemas/index.ts';
import type { LocalConflict, Workspace } from '../../database/open.ts';
import type { EntryRow, Version } from './entries.ts';

export type Side = 'mine' | 'theirs';
export type Choices = Readonly<Partial<Record<string, Side>>>;
type Resolution = NonNullable<LocalConflict['resolution']>;

/** One that this page does not know was made by a later version of the server. */
export const collectionOf = (name: string): Collection | undefined =>
  Object.values<Collection>(known).find((one) => one.name === name);

/** Whether a person writes it: neither the envelope's nor made from other fields. */
export const isOwn = ({ ownFields, derived }: Collection, field: string): boolean => {
  const [name = ''] = field.split('/');
  return ownFields.includes(name) && !derived.includes(name);
};

/** The fields, or keys of a field that merges by key, in which two versions differ. */
export const differences = (
  collection: Collection,
  { mine, theirs, phase, fields }: Pick<EntryRow, 'mine' | 'theirs' | 'phase' | 'fields'>,
): readonly string[] =>
  phase === 'information'
    ? fields.filter((field) => isOwn(collection, field))
    : changedEntries(collection, theirs, mine).filter((field) => isOwn(collection, field));

export const mergedBy = (
  collection: Collection,
  { mine, theirs }: Pick<EntryRow, 'mine' | 'theirs'>,
  choices: Choices,
): Version => {
  const merged = { ...theirs };
  for (const [field, side] of Object.entries(choices))
    if (side === 'mine') setValueAt(collection, merged, field, valueAt(collection, mine, field));
  return merged;
};

/** Undefined while a field has no choice. */
export const resolutionOf = (
  collection: Collection,
  entry: Pick<EntryRow, 'mine' | 'theirs'>,
  fields: readonly string[],
  choices: Choices,
): Resolution | undefined => {
  const sides = new Set(fields.map((field) => choices[field]));
  if (sides.has(undefined)) return undefined;
  if (sides.size > 1) return { choice: 'merge', merged: mergedBy(collection, entry, choices) };
  return { choice: sides.has('theirs') ? 'theirs' : 'mine' };
};

/** Why the server could not keep a version, in a sentence; each field for itself was fine. */
export const whyTooLarge = (
  { maxBytes, label }: Collection,
  version: Version,
): string | undefined =>
  new Blob([JSON.stringify(version)]).size > maxBytes
    ? `Together this is more than a ${label.one} can hold. Choose otherwise.`
    : undefined;

const entryOf = async ({ collections: { conflicts } }: Workspace, id: string) => {
  const entry = await conflicts.findOne(id).exec();
  if (!entry) throw new Error('This is not on this device any more.');
  return entry;
};

export const decide = async (
  workspace: Workspace,
  id: string,
  resolution: Resolution,
): Promise<void> => {
  const entry = await entryOf(workspace, id);
  await entry.incrementalPatch({ resolution });
};

/** What was not sent is taken back here; the server is asked to take back the rest. */
export const undo = async (workspace: Workspace, id: string): Promise<void> => {
  const entry = await entryOf(workspace, id);
  await entry.incrementalModify(({ resolution, ...before }) =>
    before.state === 'settled' && resolution?.choice !== 'undo'
      ? { ...before, resolution: { choice: 'undo' } }
      : before,
  );
};

export const putAway = async (workspace: Workspace, ids: readonly string[]): Promise<void> => {
  await Promise.all(ids.map((id) => decide(workspace, id, { choice: 'seen' })));
};

/** Writes the fields that were overwritten once more, as an ordinary edit of the record. */
export const writeMine = async (
  workspace: Workspace,
  { id, collectionName, documentId, mine, fields }: EntryRow,
): Promise<void> => {
  const collection = collectionOf(collectionName);
  const document = await workspace.document(collectionName, documentId);
  if (!collection || !document) throw new Error('This record was deleted meanwhile.');
  await document.incrementalModify((before) => {
    const after: Record<string, unknown> = { ...before };
    for (const field of fields)
      if (isOwn(collection, field))
        setValueAt(collection, after, field, valueAt(collection, mine, field));
    return after;
  });
  await decide(workspace, id, { choice: 'seen' });
};
