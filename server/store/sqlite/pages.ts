// Reading pages: SQLite finds the page's end and joins the texts; no document becomes an object.

import { seq as asSeq } from '../../../replication/core.ts';
import { MAX_PAGE_BYTES, type Page, type PageRequest } from '../port/port.ts';
import { prepare, type Cell, type Database, type Query } from './database.ts';
import { visibleScopes, type Workspace } from './workspaces.ts';

// Parameters: 1 collection, 2 after, 3 up to, 4 visible scopes and 5 reader's keys as JSON, 6 name
// of the primary key; what a query needs not is left off. The plus keeps the planner on the feed.
const RANGE = 'c = ?1 AND seq > ?2 AND seq <= ?3';
const MEETS = '+scope IN (SELECT value FROM json_each(?4))';
const LEFT = `
  FROM left_keys AS gone WHERE ${RANGE} AND key IN (SELECT value FROM json_each(?5))
    AND NOT EXISTS (
      SELECT 1 FROM documents AS now WHERE now.c = ?1 AND now.id = gone.id
        AND ${MEETS.replace('scope', 'now.scope')})`;
const COUNT = `SELECT count(*) FROM documents WHERE ${RANGE}`;
const ANY_LEFT = `SELECT EXISTS (SELECT 1 FROM left_keys WHERE ${RANGE})`;

/** Two questions about what a reader may see of a range. */
interface Entries {
  /** The seq of the entry at the offset, the last parameter. Reads indexes, and only so far. */
  readonly seqAt: Query<[seq: number, pos: number]>;
  /** How many bytes the first entries have together; the last parameter says how many entries. */
  readonly bytes: Query<[number | null]>;
  /** How many there are, and their texts. As a blob: as text it would be decoded and encoded. */
  readonly joined: Query<[count: number, texts: Uint8Array | null]>;
  readonly parameters: number;
}

function entriesOf(db: Database, documents: string, parameters: number, left = false): Entries {
  // Not UNION ALL: one document may lose several keys at once, and this merges in index order.
  const seqs = left ? `UNION SELECT seq, pos ${LEFT}` : '';
  // A document that left twice in the range is given once, where it left first.
  const tombstones = left
    ? `UNION ALL SELECT min(seq), pos, json_object(?6, id, '_deleted', json('true'))
       ${LEFT} GROUP BY id`
    : '';
  const seqAt = `SELECT seq, pos FROM documents WHERE ${documents} ${seqs}
    ORDER BY seq, pos LIMIT 1 OFFSET ?${parameters + 1}`;
  const joined = `SELECT count(*), cast(group_concat(body, ',') AS blob) FROM (
    SELECT seq, pos, body FROM documents WHERE ${documents} ${tombstones} ORDER BY seq, pos)`;
  // The length of a text in bytes stands in its row's header; the text itself is not read.
  const bytes = `SELECT sum(octet_length(body)) FROM (SELECT body FROM documents
    WHERE ${documents} ORDER BY seq, pos LIMIT ?${parameters + 1})`;
  return {
    seqAt: prepare(db, seqAt),
    bytes: prepare(db, bytes),
    joined: prepare(db, joined),
    parameters,
  };
}

export type ReadPage = (at: Workspace | undefined, request: PageRequest) => Page;

export function pageReader(db: Database): ReadPage {
  const everything = entriesOf(db, RANGE, 3);
  const inScope = entriesOf(db, `${RANGE} AND ${MEETS}`, 4);
  const inScopeOrLeft = entriesOf(db, `${RANGE} AND ${MEETS}`, 6, true);
  const countIn = prepare<[number]>(db, COUNT);
  const anyLeft = prepare<[number]>(db, ANY_LEFT);

  return (at, request) => {
    const { after, limit, scopeKeys, primaryKey } = request;
    const upTo = Math.min(request.upTo, at?.seq ?? 0);
    const c = at?.collections.get(request.collection);
    if (at === undefined || c === undefined || after >= upTo)
      return { ...emptyPage(upTo, after), ...(request.counts === true ? { left: 0 } : {}) };

    const visible = visibleScopes(at, scopeKeys);
    // Who meets every scope there is has lost sight of nothing.
    const left = !visible.everything && after > 0 && anyLeft.get(c, after, upTo)?.[0] === 1;
    const entries = visible.everything ? everything : left ? inScopeOrLeft : inScope;
    const reader = [JSON.stringify([...visible.scopes]), JSON.stringify(scopeKeys), primaryKey];
    const range = (from: number, to: number): readonly Cell[] =>
      [c, from, to, ...reader].slice(0, entries.parameters);
    const seqAt = (from: number, offset: number): number | undefined =>
      entries.seqAt.get(...range(from, upTo), offset)?.[0];
    const bytesOf = (count: number): number =>
      entries.bytes.get(...range(after, upTo), count)?.[0] ?? 0;

    let fitting = limit;
    while (fitting > 1 && bytesOf(fitting) > MAX_PAGE_BYTES) fitting = Math.floor(fitting / 2);
    // The first entry that does not fit takes its whole commit with it, unless that is the first one.
    let reached = upTo;
    const beyond = seqAt(after, fitting);
    if (beyond !== undefined) {
      const complete = beyond === seqAt(after, 0) ? beyond : beyond - 1;
      if (seqAt(complete, 0) !== undefined) reached = complete;
    }
    const row = entries.joined.get(...range(after, reached));
    return {
      documents: row?.[1] ?? new Uint8Array(),
      count: row?.[0] ?? 0,
      reached: asSeq(reached),
      more: reached < upTo,
      ...(request.counts === true ? { left: countIn.get(c, reached, upTo)?.[0] ?? 0 } : {}),
    };
  };
}

const emptyPage = (upTo: number, after: number): Page => ({
  documents: new Uint8Array(),
  count: 0,
  reached: asSeq(Math.max(upTo, after)),
  more: false,
});
