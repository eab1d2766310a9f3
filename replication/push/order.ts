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
  const ordered = new Set<Queued>();
  // Depth first with a stack of its own: a chain of replies may be long.
  for (const start of byPriority) {
    if (ordered.has(start)) continue;
    const path: Queued[] = [start];
    const onPath = new Set<Queued>(path);
    for (let row = path.at(-1); row !== undefined; row = path.at(-1)) {
      const next = needsOf(row.collection, row.doc)
        .map((key) => queued.get(key))
        .find((target) => target !== undefined && !ordered.has(target) && !onPath.has(target));
      if (next === undefined) {
        ordered.add(row);
        path.pop();
      } else {
        onPath.add(next);
        path.push(next);
      }
    }
  }
  return [...ordered];
}
