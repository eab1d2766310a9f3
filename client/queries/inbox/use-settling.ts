// What this person can do about an entry here and now.

import { useEffect, useState } from 'react';
import { useWorkspace } from '../../database/use-workspace.ts';
import { inboxAddress, navigate } from '../../router.ts';
import type { EntryRow } from './entries.ts';
import { collectionOf, decide, putAway, undo, writeMine } from './settle.ts';
import { failureWords } from '../../storage/write-failure.ts';

/** Whether the record is on this device, and not deleted. */
const useIsHere = (entry: EntryRow | undefined): boolean => {
  const workspace = useWorkspace();
  const { collectionName, documentId } = entry ?? {};
  const [isHere, tell] = useState(false);
  useEffect(() => {
    let stale = false;
    if (collectionName === undefined || documentId === undefined) return undefined;
    workspace.document(collectionName, documentId).then(
      (found) => !stale && tell(found !== undefined),
      () => !stale && tell(false),
    );
    return () => {
      stale = true;
    };
  }, [workspace, collectionName, documentId]);
  return isHere;
};

export interface Settling {
  readonly mayWrite: boolean;
  readonly decide: (resolution: NonNullable<EntryRow['resolution']>) => Promise<void>;
  /** Each missing where it can't be done. */
  readonly useMine: (() => Promise<void>) | undefined;
  readonly putAway: (() => Promise<void>) | undefined;
  readonly undo: (() => Promise<void>) | undefined;
}

export const useSettling = (entry: EntryRow | undefined): Settling | undefined => {
  const workspace = useWorkspace();
  const isHere = useIsHere(entry);
  const collection = entry && collectionOf(entry.collectionName);
  if (!entry || !collection) return undefined;
  const { id, phase, resolution, author, fields } = entry;
  const { user, role } = workspace.account;
  const mayWrite = collection.access.write.includes(role);
  const isNews = mayWrite && phase === 'information';
  const isMine = author === user.id && fields.length > 0;
  const mayChange = !fields.some((field) => collection.immutable.includes(field));
  // The server keeps what was put away as it is.
  const wasDecided = phase === 'settled' && resolution?.choice !== 'seen';
  const given = (does: boolean, run: () => Promise<void>) => (does ? run : undefined);
  return {
    mayWrite,
    decide: (resolution) => decide(workspace, id, resolution),
    useMine: given(isNews && isMine && isHere && mayChange, () => writeMine(workspace, entry)),
    putAway: given(isNews, () => putAway(workspace, [id])),
    undo: given(mayWrite && (wasDecided || (phase === 'settled' && entry.decidedHere)), () =>
      undo(workspace, id),
    ),
  };
};

/** Takes a decision back that was made a moment ago; what comes of it shows in the entry. */
export const useUndo = (): ((id: string) => void) => {
  const workspace = useWorkspace();
  return (id) => void undo(workspace, id).catch(() => navigate(inboxAddress(id)));
};

/** What may not be put away by this person stays where it is. Beside it, why the last try failed. */
export const usePutAwayAll = (): readonly [
  putAwayAll: (entries: readonly EntryRow[]) => void,
  failure: string | undefined,
] => {
  const workspace = useWorkspace();
  const [failure, tell] = useState<string>();
  const { role } = workspace.account;
  const mayWrite = ({ collectionName }: EntryRow): boolean =>
    collectionOf(collectionName)?.access.write.includes(role) ?? false;
  const putAwayAll = (entries: readonly EntryRow[]): void => {
    const ids = entries.filter(mayWrite).map(({ id }) => id);
    putAway(workspace, ids).then(
      () => tell(undefined),
      (cause: unknown) => tell(failureWords(cause)),
    );
  };
  return [putAwayAll, failure];
};
