// Versions that wait lie over the documents of their author, and of whoever has just decided;
// everybody else sees the document. Further edits go where what is seen comes from.

import { combineLatest, firstValueFrom, map, type Observable } from 'rxjs';
import type { LocalConflict, Workspace } from '../../database/open.ts';
import { mergeSorted } from '../live-list.ts';
import type { Version } from './entries.ts';

type Waiting = Pick<LocalConflict, 'author' | 'mine' | 'resolution'>;

/** What of an open entry is shown in the document's place; nothing where that is the document. */
export const versionShown = (
  { author, mine, resolution }: Waiting,
  user: string,
): Version | undefined => {
  switch (resolution?.choice) {
    case undefined:
      return author === user ? mine : undefined;
    case 'mine':
      return mine;
    case 'merge':
      return resolution.merged;
    case 'theirs':
    case 'undo':
    case 'seen':
      return undefined;
  }
};

/** By the document's id. Until an entry has arrived, the refused write stands for it. */
export const versionsOf = (
  { sync, account }: Workspace,
  collection: string,
): Observable<ReadonlyMap<string, Version>> =>
  combineLatest([sync.conflicts$, sync.refused$]).pipe(
    map(([entries, writes]) => {
      const versions = new Map<string, Version>();
      for (const write of writes)
        if (write.collection === collection && write.verdict === 'conflict')
          versions.set(write.id, write.doc);
      for (const entry of entries) {
        const version = versionShown(entry, account.user.id);
        if (entry.collectionName === collection && version) versions.set(entry.documentId, version);
      }
      return versions;
    }),
  );

/**
 * An edit of a record, where a version of it that waits is shown here: the entry takes it.
 *
 * @returns false where the edit belongs to the document itself.
 */
export const editVersion = async (
  { collections: { conflicts }, sync, account }: Workspace,
  collection: string,
  id: string,
  change: (version: Version) => Version,
): Promise<boolean> => {
  const user = account.user.id;
  const entries = await conflicts.find({ selector: { documentId: id, state: 'open' } }).exec();
  const shown = entries.find(
    (entry) => entry.collectionName === collection && versionShown(entry, user) !== undefined,
  );
  if (shown) {
    await shown.incrementalModify((before) => {
      const version = versionShown(before, user);
      if (version === undefined || before.resolution === undefined)
        return { ...before, mine: change(before.mine) };
      return { ...before, resolution: { choice: 'merge', merged: change(version) } };
    });
    return true;
  }
  const writes = await firstValueFrom(sync.refused$);
  if (writes.some((one) => one.id === id && one.verdict === 'conflict'))
    throw new Error('Somebody else has changed this too. Both versions arrive in a moment.');
  return false;
};

/** Rows with the versions over them, sorted as before. */
export const layOver = <Row extends { readonly id: string }>(
  rows: readonly Row[],
  versions: ReadonlyMap<string, Version>,
  withVersion: (row: Row, version: Version) => Row,
  compare: (one: Row, other: Row) => number,
): readonly Row[] => {
  if (versions.size === 0) return rows;
  const laid: Row[] = [];
  const kept = rows.filter((row) => {
    const version = versions.get(row.id);
    if (version) laid.push(withVersion(row, version));
    return version === undefined;
  });
  return mergeSorted(kept, laid.toSorted(compare), compare);
};
