// The memory store's accounts, keys and settings. Values are kept as text, so that nobody shares them.

import type { RecordWrite, Store } from '../port/port.ts';

const keyOf = (kind: string, id: string): string => JSON.stringify([kind, id]);

/** `undefined` where an `ifAbsent` record existed. */
function withRecords(
  records: ReadonlyMap<string, string>,
  writes: readonly RecordWrite[],
): Map<string, string> | undefined {
  const after = new Map(records);
  for (const { kind, id, value, ifAbsent } of writes) {
    const key = keyOf(kind, id);
    if (ifAbsent === true && after.has(key)) return undefined;
    if (value === undefined) after.delete(key);
    else after.set(key, JSON.stringify(value));
  }
  return after;
}

/** In the order of code points, as databases have it; JavaScript sorts by code units. */
export const byCodePoint = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right));

export function openRecords(): Pick<Store, 'record' | 'records' | 'writeRecords'> {
  let texts = new Map<string, string>();
  return {
    record: async (kind, id) => {
      const text = texts.get(keyOf(kind, id));
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    records: async (kind, prefix) =>
      [...texts]
        .map(([key, text]) => ({ key: JSON.parse(key) as [string, string], text }))
        .filter(({ key }) => key[0] === kind && key[1].startsWith(prefix))
        .map(({ key, text }) => ({ id: key[1], value: JSON.parse(text) as unknown }))
        .toSorted((left, right) => byCodePoint(left.id, right.id)),
    writeRecords: async (writes) => {
      const after = withRecords(texts, writes);
      if (after === undefined) return false;
      texts = after;
      return true;
    },
  };
}
