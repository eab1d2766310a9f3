// Feedings in the order of their last change. Commits are numbered and their times rise with their
// numbers, so a time is turned into a number once and pages go on from there.

import {
  DEFAULT_PAGE,
  MAX_PAGE,
  seq,
  type Seq,
  type WireDocument,
} from '../../replication/core.ts';
import { object, optional, text } from '../../schemas/index.ts';
import { validatorFor } from '../../schemas/validate.ts';
import { projectPage } from '../auth/project.ts';
import type { Reader } from '../auth/reader.ts';
import { HttpProblem } from '../errors.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  ResyncRequired,
  scopeVersion,
} from '../feed/checkpoint.ts';
import type { Head, PageRequest, Store } from '../store/port/port.ts';
import { feedings, recordOf, timeText, type FeedingRecord } from './record.ts';
import { toUtc } from './time.ts';

const validateQuery = validatorFor(
  object({
    since: optional(timeText),
    cursor: optional(text(200)),
    limit: optional(text(9, 1, '^[1-9][0-9]*$')),
  }),
  'The address',
);

export interface FeedingList {
  readonly records: readonly FeedingRecord[];
  /** Asks for the next page; null on the last one. */
  readonly next_cursor: string | null;
  /** On the last page: the `since` that brings what changes from now on. */
  readonly as_of: string | null;
}

interface Page {
  readonly head: Head;
  readonly documents: readonly WireDocument[];
  readonly reached: Seq;
  readonly more: boolean;
}

/** One page of the feedings that the reader may see, deleted ones included. */
async function readPage(
  store: Store,
  reader: Reader,
  range: (head: Head) => Pick<PageRequest, 'after' | 'upTo' | 'limit'>,
): Promise<Page> {
  const { head, pages } = await store.pages(reader.workspace, (now) => [
    {
      collection: feedings.name,
      primaryKey: feedings.primaryKey,
      scopeKeys: reader.scopeKeys,
      ...range(now),
    },
  ]);
  const [page] = pages;
  if (page === undefined) throw new HttpProblem('internal');
  const joined = Buffer.from(projectPage(reader, feedings, page.documents)).toString();
  const documents = JSON.parse(`[${joined}]`) as readonly WireDocument[];
  return { head, documents, reached: page.reached, more: page.more };
}

/** All of them, page by page; one that changes meanwhile comes again. */
export async function* eachFeeding(store: Store, reader: Reader): AsyncGenerator<WireDocument> {
  let after = seq(0);
  for (;;) {
    const page = await readPage(store, reader, ({ seq: upTo }) => ({
      after,
      upTo,
      limit: DEFAULT_PAGE,
    }));
    yield* page.documents;
    if (!page.more) return;
    after = page.reached;
  }
}

/** The highest seq before which nothing was written at `since` or later: found by halving. */
async function seqBefore(store: Store, reader: Reader, since: string): Promise<Seq> {
  const head = await store.head(reader.workspace);
  let before = 0;
  let notBefore: number = head.seq;
  if (head.updatedAt < since) return head.seq;
  while (before < notBefore) {
    const middle = Math.floor((before + notBefore) / 2);
    const range = { after: seq(middle), upTo: seq(notBefore), limit: 1 };
    const { documents } = await readPage(store, reader, () => range);
    const [first] = documents;
    if (first?.rev !== undefined && (first.updatedAt ?? '') < since) before = first.rev;
    else notBefore = middle;
  }
  return seq(before);
}

const badRequest = (detail: string): HttpProblem => new HttpProblem('bad_request', { detail });

/** In an address, a plus that nobody has encoded arrives as a space. */
function readSince(text: string): string {
  const since = toUtc(text.replace(' ', '+'));
  if (since === undefined)
    throw badRequest('"since" must be a time with its zone such as 2026-01-31T09:30:00Z.');
  return since;
}

/** Where a list goes on, and up to which seq it leaves out what was deleted. */
const CURSOR = /^(.+)~(\d{1,15})$/;

/**
 * A page of the list. Without `since`, what was deleted before the first page is left out.
 *
 * @throws {HttpProblem} `bad_request`, or `resync_required` for a cursor of another history.
 */
export async function listFeedings(
  store: Store,
  reader: Reader,
  query: unknown,
): Promise<FeedingList> {
  const reason = validateQuery(query);
  if (reason !== undefined) throw badRequest(reason);
  const { since, cursor, limit } = query as { since?: string; cursor?: string; limit?: string };
  const [, checkpoint = cursor, hidden] = CURSOR.exec(cursor ?? '') ?? [];
  const start =
    since === undefined || cursor !== undefined
      ? seq(0)
      : await seqBefore(store, reader, readSince(since));
  const scope = scopeVersion(reader);
  let hiddenUpTo = Number(hidden ?? 0);
  try {
    const page = await readPage(store, reader, (head) => {
      if (cursor === undefined && since === undefined) hiddenUpTo = head.seq;
      return {
        after: cursor === undefined ? start : decodeCheckpoint(checkpoint, head, scope),
        upTo: head.seq,
        limit: Math.min(Number(limit ?? DEFAULT_PAGE), MAX_PAGE),
      };
    });
    const { head, documents, reached, more } = page;
    return {
      records: documents
        .filter(({ _deleted, rev = 0 }) => _deleted !== true || rev > hiddenUpTo)
        .map(recordOf),
      next_cursor: more ? `${encodeCheckpoint(head, reached, scope)}~${hiddenUpTo}` : null,
      as_of: more ? null : head.updatedAt,
    };
  } catch (error) {
    if (error instanceof ResyncRequired)
      throw new HttpProblem('resync_required', { reason: error.reason });
    throw error;
  }
}
