// What a decision on rows will have to know, named before anything is read.

import type { UserId } from '../../replication/core.ts';
import type { DocumentKey, Needs } from '../store/port/port.ts';
import type { Candidate } from './candidate.ts';
import type { Rules } from './circumstances.ts';
import type { Row } from './decide-push.ts';
import { lossId, openEntryId } from './entry-ids.ts';
import { recordedOperation, recordedStamp } from './recorded.ts';
import { stampsOf } from './stamps.ts';
import { referencesOf } from './whole.ts';

export function needsOf(rows: readonly Row[], author: UserId, rules: Rules): Needs {
  const documents: DocumentKey[] = [];
  const operations: Needs['operations'][number][] = [];
  const stamps: string[] = [];
  for (const row of rows) {
    const place = row.kind === 'refused' ? row.place : row;
    if (place !== undefined) documents.push({ collection: place.collection.name, id: place.id });
    if (row.kind !== 'refused') documents.push(...besideOf(row, author, rules));
    const candidate = row.kind === 'refused' ? row.candidate : row;
    if (candidate?.kind !== 'stamped') continue;
    operations.push(recordedOperation(candidate.op, author));
    for (const stamp of stampsOf(candidate)) stamps.push(recordedStamp(stamp, author));
  }
  return { documents, operations, stamps };
}

/** Documents beside the row's own: what it refers to, and what the inbox has of it. */
function besideOf(row: Candidate, author: UserId, { inbox, collections }: Rules): DocumentKey[] {
  const { collection, doc } = row;
  const keys: DocumentKey[] = referencesOf(collection, doc)
    .filter(({ target }) => collections.has(target))
    .map(({ target, id }) => ({ collection: target, id }));
  if (inbox === undefined) return keys;
  if (collection === inbox) {
    const { collectionName, documentId } = doc;
    const isKnown = typeof collectionName === 'string' && collections.has(collectionName);
    if (isKnown && typeof documentId === 'string')
      keys.push({ collection: collectionName, id: documentId });
    return keys;
  }
  if (collection.policy.kind === 'manual')
    keys.push({ collection: inbox.name, id: openEntryId(row, author) });
  // The same plain row may come again and again; what it lost is kept once.
  if (row.kind === 'plain')
    keys.push({ collection: inbox.name, id: lossId(row.op, row, author, 'lost') });
  return keys;
}
