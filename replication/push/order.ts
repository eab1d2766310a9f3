// Which rows go first: unsent documents that others refer to, then by the schemas' push priority,
// then as they were written.

import { needsOf } from '../outbox/label.ts';
import type { Queued } from './item.ts';

export function inSendingOrder(rows: readonly Queued[]): readonly Queued[] {
  const byPriority = rows.toSorted(
    (left, right) =>
      left.collection.pushPriority - right.collection.pushPriority || left.place - right.place,
  );
  const queued = new Map(byPriority.map((row) => [row.key, row]));
  return neededFirst(byPriority, ({ collection, doc }) =>
    needsOf(collection, doc).flatMap((key) => queued.get(key) ?? []),
  );
}

/**
 * Each after what it needs, and otherwise as they were; in a ring, who is met first goes last.
 *
 * @param needsOf of one of them, others of them.
 */
export function neededFirst<T>(all: Iterable<T>, needsOf: (one: T) => readonly T[]): readonly T[] {
  const ordered = new Set<T>();
  // Depth first with a stack of its own: a chain of replies may be long.
  for (const start of all) {
    if (ordered.has(start)) continue;
    const path: T[] = [start];
    const onPath = new Set(path);
    for (let one = path.at(-1); one !== undefined; one = path.at(-1)) {
      const next = needsOf(one).find((need) => !ordered.has(need) && !onPath.has(need));
      if (next === undefined) {
        ordered.add(one);
        path.pop();
      } else {
        onPath.add(next);
        path.push(next);
      }
    }
  }
  return [...ordered];
}
