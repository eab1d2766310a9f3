// One decision about an inbox entry, and the document that it is about.

import {
  advanceVector,
  changedEntries,
  setValueAt,
  type WireDocument,
} from '../../replication/core.ts';
import type { Conflict } from '../../schemas/index.ts';
import type { StampedCandidate } from './candidate.ts';
import type { Circumstances } from './circumstances.ts';
import type { Version } from './inbox.ts';
import type { Settled } from './stamps.ts';
import { newEntry, type Entry, type WorkingSet } from './working-set.ts';

export interface Settlement {
  readonly row: StampedCandidate;
  readonly sent: Conflict;
  readonly clk: Settled['clk'];
  readonly entry: Entry;
  readonly set: WorkingSet;
  readonly circumstances: Circumstances;
}

export const documentOf = (
  { collectionName, documentId }: Conflict,
  { set, circumstances }: Settlement,
): Entry | undefined => {
  const collection = circumstances.rules.collections.get(collectionName);
  return collection && set.get(collection, documentId);
};

/** Whether a row is about another document than its entry, which has not been read then. */
export const isAboutAnother = ({ doc: there }: Entry, doc: WireDocument): boolean =>
  ['collectionName', 'documentId'].some((field) => there[field] !== doc[field]);

/** Whether the document differs from what the entry showed as the server's version. */
export const movedOn = ({ theirs, theirsRev }: Conflict, { collection, doc }: Entry): boolean =>
  doc.rev !== theirsRev && changedEntries(collection, doc, theirs).length > 0;

/** The document with a version's fields in place of its own. */
export function withVersion({ collection, doc }: Entry, version: Version): WireDocument {
  const next: Record<string, unknown> = { ...doc };
  for (const field of collection.ownFields)
    if (!collection.derived.includes(field)) setValueAt(collection, next, field, version[field]);
  return next;
}

export function writeDocument(
  { collection, id, doc: before }: Entry,
  next: WireDocument,
  { set, circumstances: { author, clock } }: Settlement,
): void {
  const changed = changedEntries(collection, before, next);
  if (changed.length === 0) return;
  const stamp = clock.tick(before.clk);
  const clk = { ...before.clk, ...Object.fromEntries(changed.map((entry) => [entry, stamp])) };
  set.put(
    newEntry(collection, id, {
      ...next,
      clk,
      ...(collection.versionVector ? { vv: advanceVector(before.vv, stamp) } : {}),
      rev: set.turn.seq,
      updatedAt: set.turn.updatedAt,
      updatedBy: author.user,
    }),
  );
}
