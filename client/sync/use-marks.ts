// The marks of a collection's records: not sent, not accepted, two versions.

import { useMemo } from 'react';
import { useWorkspace } from '../database/use-workspace.ts';
import { useObservable } from '../queries/use-observable.ts';
import type { RefusedWrite } from '../../replication/index.ts';
import type { Conflict } from '../../schemas/index.ts';
import { usePendingIds } from './use-sync-status.ts';

export interface RecordMarks {
  readonly pending: ReadonlySet<string>;
  /** Reasons by id. */
  readonly refused: ReadonlyMap<string, string>;
  /** The open entry of the inbox by the record's id; empty until it has arrived. */
  readonly conflicts: ReadonlyMap<string, string>;
}

const NO_ENTRIES: readonly Conflict[] = [];
const NO_WRITES: readonly RefusedWrite[] = [];

export const useMarks = (collection: string): RecordMarks => {
  const { sync } = useWorkspace();
  const own = usePendingIds(collection);
  const decided = usePendingIds('conflicts');
  const entries = useObservable(sync.conflicts$, NO_ENTRIES);
  const all = useObservable(sync.refused$, NO_WRITES);
  return useMemo(() => {
    const pending = new Set(own);
    const conflicts = new Map<string, string>();
    const refused = new Map<string, string>();
    for (const write of all) {
      if (write.collection !== collection) continue;
      if (write.verdict === 'conflict') conflicts.set(write.id, '');
      if (write.verdict === 'rejected') refused.set(write.id, write.message);
    }
    for (const entry of entries) {
      if (entry.collectionName !== collection) continue;
      if (entry.resolution === undefined) conflicts.set(entry.documentId, entry.id);
      if (decided.has(entry.id)) pending.add(entry.documentId);
    }
    return { pending, refused, conflicts };
  }, [collection, own, decided, entries, all]);
};
