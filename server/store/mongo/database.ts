// The connection to MongoDB: opened once, with the collections and indexes that the store needs.

import {
  MongoClient,
  MongoServerError,
  type Collection,
  type CommandStartedEvent,
  type Db,
  type Document,
} from 'mongodb';
import { epoch as asEpoch, type Epoch } from '../../../replication/core.ts';
import { MONGO_BEAT_MS, MONGO_BUDGET_MS, MONGO_SELECT_MS, MONGO_SOCKET_MS } from '../../config.ts';
import { StoreFailedError } from '../port/port.ts';
import {
  asStoreError,
  isDuplicate,
  MongoHalfLoadedError,
  MongoLayoutTooNewError,
} from './errors.ts';
import { openProcesses, type Processes } from './processes.ts';
import {
  INDEXES,
  LAYOUT,
  newEpoch,
  WITHOUT_INDEXES,
  type DocumentRow,
  type FateRow,
  type HeadRow,
  type LeftRow,
  type MarkRow,
  type OperationRow,
  type PurgedRow,
  type RecordRow,
  type StoreRow,
} from './rows.ts';

export interface MongoOptions {
  /** `mongodb://…/database?…`; the database is `holdfast` where the address names none. */
  readonly url: string;
  /** How long a transaction is tried again. */
  readonly budgetMs?: number;
  readonly selectMs?: number;
  /** How often this process shows that it lives. */
  readonly beatMs?: number;
  /** Opens also what a load has left that was cut off; nothing but another load may follow. */
  readonly toLoad?: boolean;
  /** Hears of each command that is sent, for tests. */
  readonly onCommand?: (event: CommandStartedEvent) => void;
}

export interface Mongo {
  readonly client: MongoClient;
  readonly db: Db;
  readonly store: Collection<StoreRow>;
  readonly heads: Collection<HeadRow>;
  readonly documents: Collection<DocumentRow>;
  readonly operations: Collection<OperationRow>;
  readonly fates: Collection<FateRow>;
  readonly left: Collection<LeftRow>;
  readonly purged: Collection<PurgedRow>;
  readonly marks: Collection<MarkRow>;
  readonly records: Collection<RecordRow>;
  readonly processes: Processes;
  /** Of workspaces that begin in this database. */
  epoch: Epoch;
  readonly budgetMs: number;
  /** Names the shard to look on; one replica set finds rows by their `_id` alone. */
  readonly shardOf: (workspace: string) => { readonly w?: string };
}

const DEFAULT_NAME = 'holdfast';
const NAMED = /^mongodb(?:\+srv)?:\/\/[^/]+\/[^?]/;
const ALREADY_THERE = 48;

/**
 * Connects, and makes what the database lacks; several processes may do so at once.
 *
 * @throws {StoreFailedError} where MongoDB cannot be reached, refuses the user or is no replica set.
 * @throws {MongoLayoutTooNewError} where a newer version wrote it.
 * @throws {MongoHalfLoadedError} while something is loaded into it, and where that was cut off.
 */
export async function openDatabase(options: MongoOptions): Promise<Mongo> {
  const client = clientOf(options);
  let processes: Processes | undefined;
  try {
    const db = client.db(NAMED.test(options.url) ? undefined : DEFAULT_NAME);
    const isSharded = await checkTopology(db);
    await layOut(db);
    const beatMs = options.beatMs ?? MONGO_BEAT_MS;
    // Before the look at the database's own row: see `begin` in load.ts.
    processes = await openProcesses(client, db.collection('processes'), beatMs);
    const store = db.collection<StoreRow>('store');
    return {
      client,
      db,
      store,
      heads: db.collection('heads'),
      documents: db.collection('documents'),
      operations: db.collection('operations'),
      fates: db.collection('fates'),
      left: db.collection('left'),
      purged: db.collection('purged'),
      marks: db.collection('marks'),
      records: db.collection('records'),
      epoch: await epochOf(store, options.toLoad === true),
      processes,
      budgetMs: options.budgetMs ?? MONGO_BUDGET_MS,
      shardOf: (w) => (isSharded ? { w } : {}),
    };
  } catch (error) {
    await processes?.stop();
    await client.close();
    throw asStoreError(error);
  }
}

function clientOf({ url, selectMs = MONGO_SELECT_MS, onCommand }: MongoOptions): MongoClient {
  try {
    const client = new MongoClient(url, {
      appName: 'holdfast',
      // What the address says of these is overruled: the promises rest on them.
      readPreference: 'primary',
      readConcern: { level: 'majority' },
      writeConcern: { w: 'majority', journal: true },
      retryWrites: true,
      serverSelectionTimeoutMS: selectMs,
      socketTimeoutMS: MONGO_SOCKET_MS,
      monitorCommands: onCommand !== undefined,
    });
    if (onCommand !== undefined) client.on('commandStarted', onCommand);
    return client;
  } catch {
    // Not the driver's own sentence, which may repeat the address and with it a password.
    throw new StoreFailedError(
      'This is no address of a MongoDB. One looks like mongodb://host:27017/holdfast?replicaSet=rs0',
    );
  }
}

async function checkTopology(db: Db): Promise<boolean> {
  const hello: Document = await db.admin().command({ hello: 1 });
  const isSharded = hello['msg'] === 'isdbgrid';
  if (!isSharded && hello['setName'] === undefined)
    throw new StoreFailedError(
      'This MongoDB is no replica set, and transactions need one. One node is enough: start it with --replSet rs0 and call rs.initiate() once.',
    );
  return isSharded;
}

async function layOut(db: Db): Promise<void> {
  for (const name of WITHOUT_INDEXES) await createCollection(db, name);
  for (const [name, indexes] of Object.entries(INDEXES))
    await db.collection(name).createIndexes(indexes);
}

/** Transactions on some versions make no collections. */
async function createCollection(db: Db, name: string): Promise<void> {
  try {
    await db.createCollection(name);
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === ALREADY_THERE)) throw error;
  }
}

async function epochOf(rows: Collection<StoreRow>, toLoad: boolean): Promise<Epoch> {
  const made: StoreRow = { _id: 'store', layout: LAYOUT, epoch: newEpoch() };
  try {
    await rows.updateOne({ _id: 'store' }, { $setOnInsert: made }, { upsert: true });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  const row = (await rows.findOne({ _id: 'store' })) ?? made;
  if (row.layout > LAYOUT) throw new MongoLayoutTooNewError(row.layout, LAYOUT);
  if (row.loading === true && !toLoad) throw new MongoHalfLoadedError();
  return asEpoch(row.epoch);
}
