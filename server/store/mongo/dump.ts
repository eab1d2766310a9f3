// A dump of the MongoDB store. All of it is read at one moment, by a snapshot session: a transaction
// would be given up after a minute.

import { MongoServerError, type ClientSession } from 'mongodb';
import {
  epoch as asEpoch,
  operationId,
  seq as asSeq,
  workspaceId,
  type Verdict,
  type WorkspaceId,
} from '../../../replication/core.ts';
import { byCodePoint } from '../port/commit-rules.ts';
import type { Part } from '../port/dump.ts';
import { StoreFailedError, type DocumentWrite, type Head } from '../port/port.ts';
import type { Mongo } from './database.ts';
import { asStoreError } from './errors.ts';
import { headOf } from './heads.ts';
import { BY_ID, BY_SEQ, BY_TIME, COUNTS, inCollection, LOST, within } from './rows.ts';
import type { HeadRow } from './rows.ts';

const TOO_OLD = new Set<unknown>([239, 246]);

export async function* dumpDatabase(at: Mongo): AsyncGenerator<Part> {
  const session = at.client.startSession({ snapshot: true });
  try {
    yield* partsIn({ at, reading: { session, readConcern: { level: 'snapshot' } } });
  } catch (error) {
    if (!(error instanceof MongoServerError && TOO_OLD.has(error.code))) throw asStoreError(error);
    throw new StoreFailedError(
      'MongoDB no longer knows how the data were when this began. Let it remember for longer: db.adminCommand({ setParameter: 1, minSnapshotHistoryWindowInSeconds: 3600 })',
      { cause: error },
    );
  } finally {
    await session.endSession();
  }
}

/** Whether nothing is kept: such a store has no part but itself. */
export async function isEmpty(at: Mongo): Promise<boolean> {
  let count = 0;
  for await (const _ of dumpDatabase(at)) if ((count += 1) > 1) return false;
  return true;
}

interface Snapshot {
  readonly at: Mongo;
  /** On each read: what the connection says of reads would stand instead. */
  readonly reading: {
    readonly session: ClientSession;
    readonly readConcern: { readonly level: 'snapshot' };
  };
}
interface Inside extends Snapshot {
  readonly w: WorkspaceId;
}

async function* partsIn(snapshot: Snapshot): AsyncGenerator<Part> {
  const { at, reading } = snapshot;
  const store = await at.store.findOne({ _id: 'store' }, reading);
  yield { part: 'store', epoch: asEpoch(store?.epoch ?? at.epoch) };
  const byId = { ...reading, sort: { _id: 1 }, hint: BY_ID } as const;
  for await (const { kind, id, value } of at.records.find({}, byId))
    yield { part: 'record', kind, id, value: JSON.parse(value) as unknown };
  for (const head of await at.heads.find({}, byId).toArray()) {
    const inside = { ...snapshot, w: workspaceId(head._id) };
    if (await isKept(inside, head)) yield* workspaceIn(inside, head);
  }
}

/** A workspace that was only looked at may have a head too. */
async function isKept({ at, reading, w }: Inside, head: HeadRow): Promise<boolean> {
  if (head.seq > 0 || head.survives.length > 0) return true;
  for (const rows of [at.operations, at.fates])
    if ((await rows.findOne({ w }, { ...reading, hint: BY_SEQ })) !== null) return true;
  return false;
}

async function* workspaceIn(inside: Inside, head: HeadRow): AsyncGenerator<Part> {
  const { at, reading, w: workspace } = inside;
  const { seq, updatedAt, floor, survives }: Head = headOf(head);
  const earlier = Object.fromEntries(survives);
  yield { part: 'workspace', workspace, seq, updatedAt, floor, survives: earlier };
  const byTime = { ...reading, sort: { timeMs: 1 }, hint: BY_TIME } as const;
  for await (const mark of at.marks.find({ w: workspace }, byTime))
    yield { part: 'mark', workspace, timeMs: mark.timeMs, seq: asSeq(mark.seq) };
  const collections = head.last.map(({ c }) => c).toSorted(byCodePoint);
  for (const c of collections) yield* documentsIn(inside, c);
  for (const c of collections) yield* leftIn(inside, c);
  yield* operationsIn(inside);
  yield* fatesIn(inside);
  for (const collection of collections) {
    const start = inCollection(workspace, collection);
    for await (const { _id } of at.purged.find(...idsFrom(inside, start, '0')))
      yield { part: 'purged', workspace, collection, digest: _id.slice(start.length) };
  }
}

/** Ids that begin with a text: up to where its last character is the next one. */
const idsFrom = ({ reading }: Snapshot, start: string, next: string) =>
  [
    { _id: { $gte: start, $lt: start.slice(0, -1) + next } },
    { ...reading, sort: { _id: 1 }, hint: BY_ID },
  ] as const;

async function* documentsIn({ at, reading, w }: Inside, c: string): AsyncGenerator<Part> {
  const start = inCollection(w, c);
  const bySeq = { ...reading, sort: { seq: 1 }, hint: COUNTS } as const;
  const places = (one: Placed, other: Placed): number => one.pos - other.pos;
  for await (const row of inOrder(at.documents.find({ w, c }, bySeq), places)) {
    const { _id, seq, pos, deleted, keys: scopeKeys, body: text } = row;
    const indexed = JSON.parse(row.indexed) as DocumentWrite['indexed'];
    const key = { workspace: w, collection: c, id: _id.slice(start.length) };
    yield { part: 'document', ...key, seq: asSeq(seq), pos, deleted, text, scopeKeys, indexed };
  }
}

async function* leftIn({ at, reading, w }: Inside, c: string): AsyncGenerator<Part> {
  if ((await at.left.findOne({ w, c }, { ...reading, hint: LOST })) === null) return;
  const rows = at.left.find({ w }, { ...reading, sort: { seq: 1 }, hint: BY_SEQ });
  const places = (one: Placed & { key: string }, other: Placed & { key: string }): number =>
    one.pos - other.pos || byCodePoint(one.key, other.key);
  for await (const { c: of, seq, pos, key, id } of inOrder(rows, places))
    if (of === c)
      yield { part: 'left', workspace: w, collection: c, seq: asSeq(seq), pos, key, id };
}

interface Placed {
  readonly seq: number;
  readonly pos: number;
}

/** Of rows in the order of commits: those of each commit in an order that no index has. */
async function* inOrder<Row extends Placed>(
  rows: AsyncIterable<Row>,
  places: (one: Row, other: Row) => number,
): AsyncGenerator<Row> {
  let commit: Row[] = [];
  for await (const row of rows) {
    if (commit[0]?.seq !== row.seq) {
      yield* commit.toSorted(places);
      commit = [];
    }
    commit.push(row);
  }
  yield* commit.toSorted(places);
}

async function* operationsIn(inside: Inside): AsyncGenerator<Part> {
  const { at, w: workspace } = inside;
  const start = within(workspace);
  for await (const row of at.operations.find(...idsFrom(inside, start, '#'))) {
    const { _id, seq, code, c: collection, id } = row;
    const op = operationId(_id.slice(start.length));
    const said = code === undefined ? {} : { code };
    const verdict = row.verdict as Verdict;
    yield { part: 'operation', workspace, op, verdict, ...said, collection, id, seq: asSeq(seq) };
  }
}

async function* fatesIn(inside: Inside): AsyncGenerator<Part> {
  const { at, w: workspace } = inside;
  const start = within(workspace);
  for await (const { _id, by, seq } of at.fates.find(...idsFrom(inside, start, '#'))) {
    const stamp = _id.slice(start.length);
    const fate =
      by === undefined ? ({ kind: 'refused' } as const) : ({ kind: 'replaced', by } as const);
    yield { part: 'fate', workspace, stamp, fate, seq: asSeq(seq) };
  }
}
