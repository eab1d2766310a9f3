// One commit: read what the decision needs, decide, write, all in one transaction.

import { seq as asSeq, type Epoch, type WorkspaceId } from '../../../replication/core.ts';
import { commitTimeMs } from '../port/commit-rules.ts';
import {
  MARK_INTERVAL_MS,
  type Change,
  type Committed,
  type CommitTurn,
  type Decision,
  type Known,
  type Needs,
} from '../port/port.ts';
import { inTransaction, prepare, type Database } from './database.ts';
import { documentWriter, storedOf, type Look } from './documents.ts';
import { openOperations } from './operations.ts';
import { purgedFinder } from './purge.ts';
import type { Workspaces } from './workspaces.ts';

export type CommitOnce = <T>(
  workspace: WorkspaceId,
  needs: Needs,
  decide: (known: Known, turn: CommitTurn) => Decision<T>,
) => Committed<T> & { readonly changes: readonly Change[] };

export function committer(
  db: Database,
  workspaces: Workspaces,
  look: Look,
  { epoch, now }: { readonly epoch: () => Epoch; readonly now: () => number },
): CommitOnce {
  const writeDocuments = documentWriter(db, workspaces, look);
  const operations = openOperations(db);
  const findPurged = purgedFinder(db);
  const insertMark = prepare(db, 'INSERT INTO marks (w, time_ms, seq) VALUES (?, ?, ?)');
  const setHead = prepare(db, 'UPDATE workspaces SET seq = ?, time_ms = ? WHERE w = ?');

  const decideAndWrite: CommitOnce = (workspace, needs, decide) => {
    const before = workspaces.find(workspace);
    const looked = look(before, needs.documents);
    const known: Known = {
      documents: storedOf(looked),
      operations: operations.operations(before, needs.operations),
      fates: operations.fates(before, needs.stamps),
      purged: findPurged(before, looked),
    };
    const seq = asSeq((before?.seq ?? 0) + 1);
    const timeMs = commitTimeMs(before?.timeMs ?? 0, now());
    const updatedAt = new Date(timeMs).toISOString();
    const { write, result } = decide(known, { seq, updatedAt, epoch: epoch() });

    const at = workspaces.findOrCreate(workspace);
    operations.write(at, seq, write);
    const changes = writeDocuments(at, seq, looked, write.documents);
    if (changes.length > 0) {
      setHead.run(seq, timeMs, at.w);
      at.seq = seq;
      at.timeMs = timeMs;
      if (timeMs - at.markMs >= MARK_INTERVAL_MS) {
        insertMark.run(at.w, timeMs, seq);
        at.markMs = timeMs;
      }
    }
    return { result, head: asSeq(at.seq), changes };
  };

  return (workspace, needs, decide) =>
    inTransaction(
      db,
      () => decideAndWrite(workspace, needs, decide),
      () => workspaces.forget(workspace),
    );
}
