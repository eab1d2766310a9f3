// Reading pages: what the reader may see, from two indexes in the order of commits, until the page is
// full. Texts are joined as they are.

import type { ClientSession } from 'mongodb';
import { seq as asSeq, type WorkspaceId } from '../../../replication/core.ts';
import { MAX_PAGE_BYTES, type Page, type PageRequest } from '../port/port.ts';
import type { Mongo } from './database.ts';
import { COUNTS, FEED, inCollection, LOST, type HeadRow, type LeftRow } from './rows.ts';

/** What a reader gets at one place of a commit. */
interface Entry {
  readonly id: string;
  readonly seq: number;
  readonly pos: number;
  readonly text: string;
}
type Entries = AsyncGenerator<Entry, void>;

interface Range extends PageRequest {
  readonly workspace: WorkspaceId;
  readonly session: ClientSession;
}

/** `left` rows that are looked through in one go. */
const LEFT_AT_ONCE = 1_000;

export async function readPage(
  at: Mongo,
  session: ClientSession,
  head: HeadRow,
  request: PageRequest,
): Promise<Page> {
  const { collection, after, counts, scopeKeys } = request;
  const upTo = asSeq(Math.min(request.upTo, head.seq));
  const range: Range = { ...request, upTo, workspace: head._id as WorkspaceId, session };
  const last = head.last.find(({ c }) => c === collection)?.seq ?? 0;
  const none: Page = {
    documents: new Uint8Array(),
    count: 0,
    reached: asSeq(Math.max(upTo, after)),
    more: false,
  };
  if (after >= upTo || last <= after) return counts === true ? { ...none, left: 0 } : none;
  const documents = documentsOf(at, range);
  // A reader that begins has nothing to lose.
  const hasLost = after > 0 && head.leftSeq > after;
  const page =
    scopeKeys.length === 0
      ? none
      : await filled(hasLost ? merged(documents, goneOf(at, range)) : documents, range);
  if (counts !== true) return page;
  return { ...page, left: await countOf(at, { ...range, after: page.reached }) };
}

const rangeOf = ({ workspace: w, collection: c, after, upTo }: Range) => ({
  w,
  c,
  seq: { $gt: after, $lte: upTo },
});

async function* documentsOf(at: Mongo, range: Range): Entries {
  const { session, scopeKeys, limit } = range;
  const rows = at.documents.find(
    { ...rangeOf(range), keys: { $in: scopeKeys } },
    {
      session,
      sort: { seq: 1, pos: 1 },
      hint: FEED,
      projection: { seq: 1, pos: 1, body: 1 },
      // Normally the one more that shows whether there is more is the last that is read.
      batchSize: limit + 1,
    },
  );
  for await (const { _id, seq, pos, body } of rows) yield { id: _id, seq, pos, text: body };
}

/** Bare tombstones of what has left the reader's keys and not come back under any of them. */
async function* goneOf(at: Mongo, range: Range): Entries {
  const { session, scopeKeys } = range;
  const rows = at.left.find(
    { ...rangeOf(range), key: { $in: scopeKeys } },
    { session, sort: { seq: 1, pos: 1 }, hint: LOST, batchSize: LEFT_AT_ONCE },
  );
  let part: LeftRow[] = [];
  let before: LeftRow | undefined;
  for await (const row of rows) {
    // Several keys lost at once are one entry.
    if (before?.seq === row.seq && before.pos === row.pos) continue;
    before = row;
    part.push(row);
    if (part.length < LEFT_AT_ONCE) continue;
    yield* goneIn(at, range, part);
    part = [];
  }
  if (part.length > 0) yield* goneIn(at, range, part);
}

async function* goneIn(at: Mongo, range: Range, part: readonly LeftRow[]): Entries {
  const { workspace, collection, scopeKeys, session, primaryKey } = range;
  const start = inCollection(workspace, collection);
  const ids = [...new Set(part.map(({ id }) => start + id))];
  const seen = await at.documents
    .find(
      { ...at.shardOf(workspace), _id: { $in: ids }, keys: { $in: scopeKeys } },
      { session, projection: { _id: 1 }, batchSize: ids.length + 1 },
    )
    .toArray();
  const stillSeen = new Set(seen.map(({ _id }) => _id));
  for (const { id, seq, pos } of part)
    if (!stillSeen.has(start + id))
      yield {
        id: start + id,
        seq,
        pos,
        text: JSON.stringify({ [primaryKey]: id, _deleted: true }),
      };
}

/** Both in one order. */
async function* merged(one: Entries, other: Entries): Entries {
  try {
    let left = await one.next();
    let right = await other.next();
    while (left.done !== true || right.done !== true) {
      if (right.done === true || (left.done !== true && comesBefore(left.value, right.value))) {
        if (left.done !== true) yield left.value;
        left = await one.next();
      } else {
        yield right.value;
        right = await other.next();
      }
    }
  } finally {
    await one.return();
    await other.return();
  }
}

const comesBefore = (one: Entry, other: Entry): boolean =>
  one.seq < other.seq || (one.seq === other.seq && one.pos < other.pos);

async function filled(entries: Entries, { upTo, limit }: Range): Promise<Page> {
  const taken: Entry[] = [];
  let bytes = 0;
  let next: Entry | undefined;
  for await (const entry of entries) {
    const sizeBytes = Buffer.byteLength(entry.text);
    const isFull = taken.length >= limit || bytes + sizeBytes > MAX_PAGE_BYTES;
    // The first entry that does not fit takes its whole commit with it, unless that is the first one.
    if (isFull && taken.length > 0 && entry.seq !== taken[0]?.seq) {
      next = entry;
      break;
    }
    taken.push(entry);
    bytes += sizeBytes;
  }
  // A document that left twice is given once, where it left first.
  const given = new Map<string, string>();
  for (const { id, seq, text } of taken)
    if (seq !== next?.seq && !given.has(id)) given.set(id, text);
  return {
    documents: Buffer.from([...given.values()].join(',')),
    count: given.size,
    reached: asSeq(next === undefined ? upTo : next.seq - 1),
    more: next !== undefined,
  };
}

async function countOf(at: Mongo, range: Range): Promise<number> {
  const { session } = range;
  return at.documents.countDocuments(rangeOf(range), { session, hint: COUNTS });
}
