// How the memory store reads a page: all that the reader may see, in order, cut between commits.

import { seq as asSeq, type Seq } from '../../../replication/core.ts';
import {
  keyOf,
  MAX_PAGE_BYTES,
  type Page,
  type PageRequest,
  type ScannedDocument,
  type StoredDocument,
} from '../port/port.ts';

export interface PlacedDocument extends ScannedDocument {
  readonly pos: number;
}

export interface LeftRow {
  readonly collection: string;
  readonly id: string;
  readonly seq: number;
  readonly pos: number;
  /** The scope key that the document lost. */
  readonly key: string;
}

interface Entry {
  readonly id: string;
  readonly seq: number;
  readonly pos: number;
  readonly text: string;
}

export function pageOf(
  documents: ReadonlyMap<string, PlacedDocument>,
  left: readonly LeftRow[],
  head: Seq,
  request: PageRequest,
): Page {
  const { collection, after, limit } = request;
  const upTo = Math.min(request.upTo, head);
  const reader = new Set(request.scopeKeys);
  const inRange = (row: { collection: string; seq: number }): boolean =>
    row.collection === collection && row.seq > after && row.seq <= upTo;
  const meets = (document: StoredDocument | undefined): boolean =>
    document?.scopeKeys.some((key) => reader.has(key)) === true;
  const isGone = (row: LeftRow): boolean =>
    reader.has(row.key) && !meets(documents.get(keyOf(collection, row.id)));

  const entries: Entry[] = [...documents.values()].filter((row) => inRange(row) && meets(row));
  if (after > 0) {
    // Several keys lost at once are one entry.
    const gone = new Map<string, Entry>();
    for (const row of left)
      if (inRange(row) && isGone(row))
        gone.set(`${row.seq} ${row.pos}`, { ...row, text: tombstone(request.primaryKey, row.id) });
    entries.push(...gone.values());
  }
  entries.sort((one, other) => one.seq - other.seq || one.pos - other.pos);

  // The first entry that does not fit takes its whole commit with it, unless that is the first one.
  let fitting = limit;
  while (fitting > 1 && bytesOf(entries.slice(0, fitting)) > MAX_PAGE_BYTES)
    fitting = Math.floor(fitting / 2);
  const beyond = entries[fitting];
  const first = entries[0];
  let reached = Math.max(upTo, after);
  if (beyond !== undefined && first !== undefined) {
    const complete = beyond.seq > first.seq ? beyond.seq - 1 : beyond.seq;
    if (entries.some((entry) => entry.seq > complete)) reached = complete;
  }
  // A document that left twice is given once, where it left first.
  const given = new Map<string, string>();
  for (const { id, seq, text } of entries)
    if (seq <= reached && !given.has(id)) given.set(id, text);
  return {
    documents: Buffer.from([...given.values()].join(',')),
    count: given.size,
    reached: asSeq(reached),
    more: entries.some((entry) => entry.seq > reached),
    ...(request.counts === true
      ? { left: [...documents.values()].filter((row) => inRange(row) && row.seq > reached).length }
      : {}),
  };
}

const bytesOf = (entries: readonly Entry[]): number =>
  entries.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);

const tombstone = (primaryKey: string, id: string): string =>
  JSON.stringify({ [primaryKey]: id, _deleted: true });
