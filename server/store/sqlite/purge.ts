// Purging: the floor moves up over tombstones and what else is only kept as long as they are. What
// lies between two floors is found by indexes on seq, so a purge costs what it removes.

import { seq as asSeq } from '../../../replication/core.ts';
import { purgedDigest } from '../port/commit-rules.ts';
import type { Purged } from '../port/port.ts';
import { prepare, type Database } from './database.ts';
import type { Looked } from './documents.ts';
import type { Workspace } from './workspaces.ts';

/** Rows of each kind in one transaction: some milliseconds of the only thread. */
const MAX_ROWS = 1_000;

/** Which of the documents that were looked for and not found have been purged. */
export function purgedFinder(
  db: Database,
): (at: Workspace | undefined, looked: Looked) => ReadonlySet<string> {
  const select = prepare<[hex: string]>(
    db,
    `SELECT lower(hex(digest)) FROM purged
     WHERE c = ? AND digest IN (SELECT unhex(value) FROM json_each(?))`,
  );

  return (at, looked) => {
    const found = new Set<string>();
    if (at?.hasPurged !== true) return found;
    const digests = new Map<string, Map<string, string>>();
    for (const [key, document] of looked) {
      if (document !== undefined) continue;
      const slash = key.indexOf('/');
      const collection = key.slice(0, slash);
      const keys = digests.get(collection) ?? new Map<string, string>();
      digests.set(collection, keys.set(purgedDigest(key.slice(slash + 1)), key));
    }
    for (const [collection, keys] of digests) {
      const c = at.collections.get(collection);
      if (c === undefined) continue;
      for (const [hex] of select.all(c, JSON.stringify([...keys.keys()])))
        found.add(keys.get(hex) ?? '');
    }
    return found;
  };
}

export type Purge = (at: Workspace, beforeMs: number) => Purged;

/** One bounded step, to be run in a transaction. */
export function purger(db: Database): Purge {
  const moveFloor = floorMover(db);
  const selectGone = prepare<[id: string]>(
    db,
    'SELECT id FROM documents WHERE c = ? AND deleted = 1 AND seq <= ?',
  );
  const remember = prepare(db, 'INSERT OR IGNORE INTO purged (c, digest) VALUES (?, unhex(?))');
  const removals = {
    collection: [
      prepare(db, 'DELETE FROM documents WHERE c = ? AND deleted = 1 AND seq <= ?'),
      prepare(db, 'DELETE FROM left_keys WHERE c = ? AND seq <= ?'),
    ],
    workspace: [
      prepare(db, 'DELETE FROM operations WHERE w = ? AND seq <= ?'),
      prepare(db, 'DELETE FROM fates WHERE w = ? AND seq <= ?'),
      prepare(db, 'DELETE FROM marks WHERE w = ? AND seq < ?'),
    ],
  };

  return (at, beforeMs) => {
    const { floor, more } = moveFloor(at, beforeMs);
    let documents = 0;
    if (floor > at.floor) {
      for (const c of at.collections.values()) {
        for (const [id] of selectGone.all(c, floor)) {
          remember.run(c, purgedDigest(id));
          documents += 1;
        }
        for (const removal of removals.collection) removal.run(c, floor);
      }
      for (const removal of removals.workspace) removal.run(at.w, floor);
      at.floor = floor;
      at.hasPurged ||= documents > 0;
    }
    return { floor: asSeq(at.floor), documents, more };
  };
}

/** Moves the stored floor as far as the moment and the number of rows allow. */
function floorMover(
  db: Database,
): (at: Workspace, beforeMs: number) => { readonly floor: number; readonly more: boolean } {
  const selectMark = prepare<[number | null]>(
    db,
    'SELECT max(seq) FROM marks WHERE w = ? AND time_ms <= ?',
  );
  const nth = (from: string): ReturnType<typeof prepare<[number]>> =>
    prepare(db, `SELECT seq FROM ${from} AND seq > ? ORDER BY seq LIMIT 1 OFFSET ${MAX_ROWS}`);
  const byCollection = [nth('documents WHERE c = ? AND deleted = 1'), nth('left_keys WHERE c = ?')];
  const byWorkspace = [nth('operations WHERE w = ?'), nth('fates WHERE w = ?')];
  const setFloor = prepare(db, 'UPDATE workspaces SET floor = ? WHERE w = ?');

  return (at, beforeMs) => {
    const marked = at.timeMs <= beforeMs ? at.seq : (selectMark.get(at.w, beforeMs)?.[0] ?? 0);
    const goal = Math.max(marked, at.floor);
    let floor = goal;
    const stopAt = (beyond: number | undefined): void => {
      // A commit goes as a whole, however many rows it has.
      if (beyond !== undefined) floor = Math.min(floor, Math.max(beyond - 1, at.floor + 1));
    };
    for (const query of byWorkspace) stopAt(query.get(at.w, at.floor)?.[0]);
    for (const c of at.collections.values())
      for (const query of byCollection) stopAt(query.get(c, at.floor)?.[0]);
    if (floor > at.floor) setFloor.run(floor, at.w);
    return { floor, more: floor < goal };
  };
}
