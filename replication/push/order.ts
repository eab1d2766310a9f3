// Which rows go first: unsent documents that others refer to, then by the schemas' push priority,
// then as they were written.

import type { Collection } from '../../schemas/index.ts';
import type { WireDocument } from '../protocol/index.ts';

export interface Ordered {
  readonly collection: Collection;
  readonly id: string;
  readonly doc: WireDocument;
  /** Rises with every row that was queued. */
  readonly place: number;
}

export const keyOf = (collection: string, id: string): string => `${collection}/${id}`;

/** The ids of one collection among the keys. */
export const idsOf = (keys: Iterable<string>, collection: string): readonly string[] => {
  const start = keyOf(collection, '');
  return [...keys].filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
};

export function inSendingOrder<R extends Ordered>(rows: Iterable<R>): readonly R[] {
  const byPriority = [...rows].toSorted(
    (left, right) =>
      left.collection.pushPriority - right.collection.pushPriority || left.place - right.place,
  );
  const queued = new Map(byPriority.map((row) => [keyOf(row.collection.name, row.id), row]));
  const ordered = new Set<R>();
  // Depth first with a stack of its own: a chain of replies may be long.
  for (const start of byPriority) {
    if (ordered.has(start)) continue;
    const path: R[] = [start];
    const onPath = new Set<R>(path);
    for (let row = path.at(-1); row !== undefined; row = path.at(-1)) {
      const next = firstReference(row, queued, ordered, onPath);
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

function firstReference<R extends Ordered>(
  row: R,
  queued: ReadonlyMap<string, R>,
  ordered: ReadonlySet<R>,
  onPath: ReadonlySet<R>,
): R | undefined {
  for (const [field, collection] of Object.entries(row.collection.references)) {
    const id = row.doc[field];
    const target = typeof id === 'string' ? queued.get(keyOf(collection, id)) : undefined;
    if (target !== undefined && !ordered.has(target) && !onPath.has(target)) return target;
  }
  return undefined;
}
