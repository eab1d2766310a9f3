// A dump into an empty MongoDB, in batches, because a transaction does not hold a whole store. While
// it goes on, the database's own row says so, and nobody opens it.

import { randomUUID } from 'node:crypto';
import type { Document } from 'mongodb';
import type { Epoch } from '../../../replication/core.ts';
import { canonicalKeys } from '../port/commit-rules.ts';
import {
  StoreNotEmptyError,
  type Part,
  type RecordPart,
  type StorePart,
  type WorkspacePart,
} from '../port/dump.ts';
import { StoreFailedError } from '../port/port.ts';
import type { Mongo } from './database.ts';
import { isEmpty } from './dump.ts';
import { asStoreError } from './errors.ts';
import { emptyHead } from './heads.ts';
import { checkSizes, MAX_IDS } from './limits.ts';
import {
  BY_ID,
  INDEXES,
  inCollection,
  markId,
  within,
  type DocumentRow,
  type FateRow,
  type HeadRow,
  type LeftRow,
  type MarkRow,
  type OperationRow,
  type PurgedRow,
  type RecordRow,
} from './rows.ts';

const MAX_ROWS = 1_000;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** All collections that a load writes into. */
const LOADED = ['records', 'heads', ...Object.keys(INDEXES)];

export async function loadDatabase(at: Mongo, parts: AsyncIterable<Part>): Promise<void> {
  try {
    await begin(at);
    try {
      await removeAll(at);
      await end(at, await writeAll(at, parts));
    } catch (error) {
      await mark(at);
      await removeAll(at);
      await end(at, at.epoch);
      throw error;
    }
  } catch (error) {
    throw asStoreError(error);
  }
}

async function begin(at: Mongo): Promise<void> {
  const before = await at.store.findOne({ _id: 'store' });
  // What a load has left that was cut off is no data.
  if (before?.loading !== true && !(await isEmpty(at)))
    throw new StoreNotEmptyError('The store has data already.');
  await refuseOthers(at);
  await mark(at);
  // Whoever opens the database shows itself first and then looks for the mark: one sees the other.
  try {
    await refuseOthers(at);
  } catch (error) {
    if (before?.loading !== true) await end(at, at.epoch);
    throw error;
  }
}

async function refuseOthers({ processes }: Mongo): Promise<void> {
  if (await processes.othersLive())
    throw new StoreFailedError('Another process uses this database.');
}

const mark = (at: Mongo) => at.store.updateOne({ _id: 'store' }, { $set: { loading: true } });

async function end(at: Mongo, epoch: Epoch): Promise<void> {
  await at.store.updateOne({ _id: 'store' }, { $set: { epoch }, $unset: { loading: true } });
  at.epoch = epoch;
}

/** By ids, so that no command takes longer than an answer may. */
async function removeAll({ db }: Mongo): Promise<void> {
  const options = {
    sort: { _id: 1 },
    limit: MAX_IDS,
    hint: BY_ID,
    projection: { _id: 1 },
  } as const;
  for (const name of LOADED) {
    const rows = db.collection<{ _id: string }>(name);
    for (;;) {
      const ids = (await rows.find({}, options).toArray()).map(({ _id }) => _id);
      if (ids.length === 0) break;
      await rows.deleteMany({ _id: { $in: ids } });
    }
  }
}

/** Returns the epoch of what was dumped. */
async function writeAll(at: Mongo, parts: AsyncIterable<Part>): Promise<Epoch> {
  let { epoch } = at;
  let head: LoadedHead | undefined;
  const batch = new Batch(at);
  for await (const part of parts) {
    if (part.part === 'store') ({ epoch } = part);
    else if (part.part === 'record') await batch.add(recordOf(part));
    else if (part.part === 'workspace') {
      if (head !== undefined) await batch.add({ name: 'heads', row: head.row() });
      head = new LoadedHead({ ...emptyHead(at, part.workspace), epoch }, part);
    } else {
      head?.note(part);
      await batch.add(rowOf(part));
    }
  }
  if (head !== undefined) await batch.add({ name: 'heads', row: head.row() });
  await batch.write();
  return epoch;
}

/** What pages and decisions learn from the head follows from the parts behind it. */
class LoadedHead {
  readonly #head: HeadRow;
  readonly #last = new Map<string, number>();
  #markMs: number;
  #leftSeq = 0;
  #hasFates = false;
  #hasPurged = false;

  constructor(empty: HeadRow, { seq, updatedAt, floor, survives }: WorkspacePart) {
    this.#markMs = empty.markMs;
    this.#head = {
      ...empty,
      seq,
      timeMs: Date.parse(updatedAt),
      floor,
      survives: Object.entries(survives).map(([epoch, upTo]) => ({ epoch, seq: upTo })),
    };
  }

  note(part: Part): void {
    if ('collection' in part && part.part !== 'operation') {
      const seq = part.part === 'purged' ? 0 : part.seq;
      this.#last.set(part.collection, Math.max(this.#last.get(part.collection) ?? 0, seq));
    }
    if (part.part === 'mark') this.#markMs = part.timeMs;
    if (part.part === 'left') this.#leftSeq = Math.max(this.#leftSeq, part.seq);
    if (part.part === 'fate') this.#hasFates = true;
    if (part.part === 'purged') this.#hasPurged = true;
  }

  row(): HeadRow {
    return {
      ...this.#head,
      last: [...this.#last].map(([c, seq]) => ({ c, seq })),
      markMs: this.#markMs,
      leftSeq: this.#leftSeq,
      hasFates: this.#hasFates,
      hasPurged: this.#hasPurged,
    };
  }
}

/** A row with the collection that it goes into. */
interface Loaded {
  readonly name: string;
  readonly row: Document;
  /** What may be large in it. */
  readonly texts?: readonly string[];
}

/** Rows of one collection after another. */
class Batch {
  readonly #at: Mongo;
  #name = '';
  #rows: Document[] = [];
  #bytes = 0;

  constructor(at: Mongo) {
    this.#at = at;
  }

  async add({ name, row, texts = [] }: Loaded): Promise<void> {
    checkSizes([texts]);
    if (name !== this.#name || this.#rows.length >= MAX_ROWS || this.#bytes >= MAX_BATCH_BYTES)
      await this.write();
    this.#name = name;
    this.#rows.push(row);
    for (const text of texts) this.#bytes += Buffer.byteLength(text);
  }

  async write(): Promise<void> {
    if (this.#rows.length === 0) return;
    await this.#at.db.collection(this.#name).insertMany(this.#rows, { ordered: false });
    this.#rows = [];
    this.#bytes = 0;
  }
}

function recordOf({ kind, id, value }: RecordPart): Loaded {
  const text = JSON.stringify(value);
  const row = { _id: within(kind) + id, kind, id, value: text } satisfies RecordRow;
  return { name: 'records', row, texts: [text] };
}

type RowPart = Exclude<Part, StorePart | RecordPart | WorkspacePart>;

function rowOf(part: RowPart): Loaded {
  const w = part.workspace;
  switch (part.part) {
    case 'mark': {
      const { timeMs, seq } = part;
      const row = { _id: markId(w, timeMs), w, timeMs, seq } satisfies MarkRow;
      return { name: 'marks', row };
    }
    case 'document': {
      const { collection: c, id, seq, pos, deleted, text: body } = part;
      const [keys, indexed] = [canonicalKeys(part.scopeKeys), JSON.stringify(part.indexed)];
      const place = { _id: inCollection(w, c) + id, w, c, seq, pos };
      const row = { ...place, deleted, keys, indexed, body } satisfies DocumentRow;
      return { name: 'documents', row, texts: [body, indexed, ...keys] };
    }
    case 'left': {
      const { collection: c, key, seq, pos, id } = part;
      return {
        name: 'left',
        row: { _id: randomUUID(), w, c, key, seq, pos, id } satisfies LeftRow,
      };
    }
    case 'operation': {
      const { op, seq, verdict, code, collection: c, id } = part;
      const row = { _id: within(w) + op, w, seq, verdict, c, id } satisfies OperationRow;
      return { name: 'operations', row: code === undefined ? row : { ...row, code } };
    }
    case 'fate': {
      const { stamp, fate, seq } = part;
      const row = { _id: within(w) + stamp, w, seq } satisfies FateRow;
      return { name: 'fates', row: fate.kind === 'replaced' ? { ...row, by: fate.by } : row };
    }
    case 'purged': {
      const row = { _id: inCollection(w, part.collection) + part.digest, w } satisfies PurgedRow;
      return { name: 'purged', row };
    }
  }
}
