// A decision about two versions, as the Sync centre shows it while it waits, was refused or was sent:
// what it is called, what it makes, and what comes of withdrawing it.

import type { EntryRow, Version } from './entries.ts';
import { inOrder, kindOf, labelOf, titleOf, wordsOf, type Here } from './faces.ts';
import { collectionOf, differences } from './settle.ts';

/** By what both versions have; by what the server has where they have nothing in common. */
const titleIn = (entry: EntryRow, here: Here): string => {
  const { collectionName, mine, theirs } = entry;
  const collection = collectionOf(collectionName);
  const contested = new Set(collection ? differences(collection, entry) : []);
  const both = { ...mine, ...theirs };
  const common = Object.fromEntries(
    Object.entries(both).filter(([field]) => !contested.has(field)),
  );
  return titleOf(collectionName, common, here) || titleOf(collectionName, both, here);
};

/** `Decision on feeding, Today, 3:03 PM` */
export const decisionName = (entry: EntryRow | undefined, here: Here): string => {
  if (entry === undefined) return 'Decision on two versions';
  const { collectionName, resolution } = entry;
  const title = titleIn(entry, here);
  const record = `${kindOf(collectionName)}${title && `, ${title}`}`;
  switch (resolution?.choice) {
    case 'mine':
    case 'theirs':
    case 'merge':
      return `Decision on ${record}`;
    case 'undo':
      return `Decision taken back: ${record}`;
    case 'seen':
      return `Put away: ${record}`;
    case undefined:
      return `Two versions of ${record}`;
  }
};

/** What comes of it when it is never sent, in a sentence. */
export const withdrawnWords = (
  entry: Pick<EntryRow, 'state' | 'resolution'> | undefined,
): string => {
  switch (entry?.resolution?.choice) {
    case 'mine':
    case 'theirs':
    case 'merge':
    case 'undo':
      return entry?.state === 'settled'
        ? 'The decision that the server has stands again.'
        : 'The conflict is open again.';
    case 'seen':
      return 'It stands in the inbox again.';
    case undefined:
      return 'The conflict goes back to what the server has.';
  }
};

const decided = ({ mine, theirs, resolution }: EntryRow): Version | undefined => {
  switch (resolution?.choice) {
    case 'mine':
    case undefined:
      return mine;
    case 'theirs':
      return theirs;
    case 'merge':
      return resolution.merged;
    case 'undo':
    case 'seen':
      return undefined;
  }
};

/** What the record becomes where the versions differ. */
export const decidedFacts = (
  entry: EntryRow,
  here: Here,
): readonly (readonly [label: string, value: string])[] => {
  const { collectionName } = entry;
  const collection = collectionOf(collectionName);
  const version = decided(entry);
  if (!collection || !version) return [];
  return inOrder(collectionName, differences(collection, entry)).map((field) => [
    labelOf(collectionName, field),
    wordsOf(collectionName, field, version, here) || 'Empty',
  ]);
};
