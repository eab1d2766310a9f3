// What of a commit a reader may see, from memory.

import { isPersonalScope, type Collection } from '../../schemas/index.ts';
import { bareTombstone, holdsKey, mayRead, project, type Viewer } from '../auth/project.ts';
import type { Change } from '../store/port/port.ts';

/** The keys among a commit's that only one member holds. */
export const personalKeys = (changes: readonly Change[]): ReadonlySet<string> =>
  new Set(
    changes
      .flatMap(({ scopeKeys, lostKeys }) => [...scopeKeys, ...lostKeys])
      .filter(isPersonalScope),
  );

/** A commit as one reader may see it: texts by collection. */
export function visibleTexts(
  viewer: Viewer,
  collections: ReadonlyMap<string, Collection>,
  changes: readonly Change[],
): ReadonlyMap<string, readonly string[]> {
  const documents = new Map<string, string[]>();
  for (const change of changes) {
    const collection = collections.get(change.collection);
    const text = collection && visibleText(viewer, collection, change);
    if (text === undefined) continue;
    const texts = documents.get(change.collection);
    if (texts === undefined) documents.set(change.collection, [text]);
    else texts.push(text);
  }
  return documents;
}

/** A change as a reader may see it: the document, a bare tombstone, or nothing at all. */
function visibleText(viewer: Viewer, collection: Collection, change: Change): string | undefined {
  if (!mayRead(viewer, collection)) return undefined;
  if (holdsKey(viewer, change.scopeKeys)) return project(viewer, { ...change, collection });
  return holdsKey(viewer, change.lostKeys) ? bareTombstone(collection, change.id) : undefined;
}
