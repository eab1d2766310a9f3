// The memory store's accounts, keys and settings. Values are kept as text, so that nobody shares them.

import { byCodePoint } from '../port/commit-rules.ts';
import type { RecordPart } from '../port/dump.ts';
import type { RecordWrite, Store } from '../port/port.ts';

const keyOf = (kind: string, id: string): string => JSON.stringify([kind, id]);

/** `undefined` where a record is not what its `onlyIf` says. */
function withRecords(
  records: ReadonlyMap<string, string>,
  writes: readonly RecordWrite[],
): Map<string, string> | undefined {
  const after = new Map(records);
  for (const { kind, id, value, onlyIf } of writes) {
    const key = keyOf(kind, id);
    if (onlyIf !== undefined && after.get(key) !== JSON.stringify(onlyIf.was)) return undefined;
    if (value === undefined) after.delete(key);
    else after.set(key, JSON.stringify(value));
  }
  return after;
}

export interface Records extends Pick<Store, 'record' | 'records' | 'writeRecords'> {
  /** All of them, as of now. */
  readonly all: () => readonly RecordPart[];
}

export function openRecords(): Records {
  let texts = new Map<string, string>();
  const all = (): readonly RecordPart[] =>
    [...texts]
      .map(([key, text]): RecordPart => {
        const [kind, id] = JSON.parse(key) as [string, string];
        return { part: 'record', kind, id, value: JSON.parse(text) as unknown };
      })
      .toSorted((one, other) => byCodePoint(one.kind, other.kind) || byCodePoint(one.id, other.id));
  return {
    all,
    record: async (kind, id) => {
      const text = texts.get(keyOf(kind, id));
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    records: async (kind, prefix) =>
      all()
        .filter((one) => one.kind === kind && one.id.startsWith(prefix))
        .map(({ id, value }) => ({ id, value })),
    writeRecords: async (writes) => {
      const after = withRecords(texts, writes);
      if (after === undefined) return false;
      texts = after;
      return true;
    },
  };
}
