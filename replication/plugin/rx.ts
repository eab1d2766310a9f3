// The one place that touches RxDB: opening collections with hooks and conflict handler, and running
// one replication for one of them. Casts that RxDB's generics force stand here and nowhere else.

import {
  getAssumedMasterState,
  setCheckpoint,
  type RxChangeEventBulk,
  type RxConflictHandler,
  type RxDatabase,
  type WithDeleted,
} from 'rxdb';
import { replicateRxCollection, type RxReplicationState } from 'rxdb/plugins/replication';
import type { Observable } from 'rxjs';
import type { Collection } from '../../schemas/index.ts';
import { createConflictHandler, type IsOvertaken } from '../conflict/handler.ts';
import type { Written } from '../outbox/waiting.ts';
import type { WireDocument } from '../protocol/index.ts';
import type { Position } from '../pull/position.ts';
import { auditable, type AuditPlace } from './audit-place.ts';
import { finalDeletes } from './final-deletes.ts';
import { prepareToMigrate, strategiesOf } from './migrating.ts';
import { plain, putBack, scan, type LocalCollection, type Reversal } from './raw.ts';
import { withCheckpointsTold } from './space.ts';
import { stampInsert, stampRemove, stampSave, type Draft, type Stamper } from './stamping.ts';

export type LocalDatabase = RxDatabase;

/** RxDB keeps what it has found out under this name. Another name would push everything again. */
const REPLICATION = 'holdfast';
const PUSH_ROWS = 1_000;

export interface PushInput {
  readonly doc: WireDocument;
  /** What RxDB takes for the server's state; none for a document that was never settled. */
  readonly assumed: WireDocument | undefined;
}
export interface Delivery {
  readonly documents: readonly WireDocument[];
  readonly position: Position | undefined;
}
export interface Handlers {
  /** Gives the server's present document for each row that was sent. Never rejects. */
  readonly push: (rows: readonly PushInput[]) => Promise<readonly WireDocument[]>;
  /** Gives the next documents, none when there are no more. Never rejects. */
  readonly pull: (stored: Position | undefined) => Promise<Delivery>;
  readonly failed: (error: unknown) => void;
  /** Runs after a while, unless the session has ended. */
  readonly later: (run: () => void) => void;
}

/** A running replication of one collection. */
export interface Replication {
  /** Makes RxDB call `pull`, once it has nothing left to push. */
  askAgain(): void;
  /** Settle when RxDB has done what it is doing now in that direction. */
  upSettled(): Promise<void>;
  downSettled(): Promise<void>;
  storePosition(position: Position): Promise<void>;
  /** Documents as they are stored now, deleted ones too. */
  readonly stored: (ids: readonly string[]) => Promise<readonly WireDocument[]>;
  /** What RxDB takes for the server's state of documents, by id; nothing before it has started. */
  readonly assumed: (
    ids: readonly string[],
  ) => Promise<ReadonlyMap<string, WireDocument> | undefined>;
  /** Resolves when it has its stores. */
  readonly started: () => Promise<void>;
  readonly place: AuditPlace;
  /** Writes a document's earlier state back, where it stands as it was found. */
  readonly putBack: (states: readonly Reversal[]) => Promise<void>;
  /** Shows all stored documents, deleted ones too, in batches. */
  readonly scan: (visit: (documents: readonly WireDocument[]) => void) => Promise<void>;
  /** Ends it. Afterwards handlers may resolve with nothing: RxDB no longer takes it for an answer. */
  cancel(): Promise<void>;
}

interface Attachment {
  stamper: Stamper;
  isOvertaken: IsOvertaken;
}
/** Hooks can't be taken back, so a collection has them once and they look up here what is valid. */
const attachments = new WeakMap<LocalCollection, Attachment>();

const never: IsOvertaken = () => false;

/** Adds the collections that the database lacks, brought to their present versions, and stamps local writes of all from now on. */
export async function openCollections(
  database: LocalDatabase,
  collections: readonly Collection[],
  stamper: Stamper,
): Promise<ReadonlyMap<string, LocalCollection>> {
  const missing = collections.filter(({ name }) => database.collections[name] === undefined);
  await prepareToMigrate(missing);
  await database.addCollections(
    Object.fromEntries(
      missing.map((collection) => [
        collection.name,
        { schema: collection.schema, migrationStrategies: strategiesOf(collection) },
      ]),
    ),
  );
  const opened = new Map<string, LocalCollection>();
  for (const collection of collections) {
    const local = database.collections[collection.name] as LocalCollection | undefined;
    if (local === undefined) throw new Error(`RxDB did not open "${collection.name}".`);
    attach(collection, local, stamper);
    opened.set(collection.name, local);
  }
  return opened;
}

function attach(collection: Collection, local: LocalCollection, stamper: Stamper): void {
  const known = attachments.get(local);
  if (known !== undefined) {
    known.stamper = stamper;
    return;
  }
  const attachment: Attachment = { stamper, isOvertaken: never };
  attachments.set(local, attachment);
  local.conflictHandler = createConflictHandler((arriving, stored) =>
    attachment.isOvertaken(arriving, stored),
  ) as unknown as RxConflictHandler<Draft>;
  const refuseDeleted = finalDeletes(collection, (ids) =>
    local.storageInstance.findDocumentsById(ids, true),
  );
  local.preInsert(async (draft: Draft) => {
    await refuseDeleted(String(draft[collection.primaryKey]));
    stampInsert(collection, draft, attachment.stamper);
  }, false);
  local.preSave(
    // The second argument is typed as a document and is the old plain data (rx-document.ts).
    (draft: Draft, before: unknown) =>
      stampSave(collection, draft, before as Draft, attachment.stamper),
    false,
  );
  local.preRemove((draft: Draft) => stampRemove(collection, draft, attachment.stamper), false);
}

/** The writes of people and programs, in every tab; not those of replication. */
export function watchWrites(
  local: LocalCollection,
  seen: (writes: readonly Written[]) => void,
): () => void {
  const bulks$: Observable<RxChangeEventBulk<Draft>> = local.eventBulks$;
  const subscription = bulks$.subscribe((bulk) => {
    if (bulk.isLocal || /^(?:replication|holdfast)-/.test(bulk.context)) return;
    seen(
      bulk.events.map((event) => ({
        id: event.documentId,
        after: plain(event.documentData),
        // Null, against its type, where an insert replaces a deleted document.
        before: event.previousDocumentData ? plain(event.previousDocumentData) : undefined,
      })),
    );
  });
  return () => subscription.unsubscribe();
}

export function replicate(
  local: LocalCollection,
  given: Handlers,
  isOvertaken: IsOvertaken,
): Replication {
  const handlers: Handlers = withCheckpointsTold(given, () => state.internalReplicationState);
  const attachment = attachments.get(local);
  if (attachment !== undefined) attachment.isOvertaken = isOvertaken;
  const state = replicateRxCollection<Draft, Position>({
    replicationIdentifier: REPLICATION,
    collection: local,
    live: true,
    waitForLeadership: false,
    autoStart: true,
    toggleOnDocumentVisible: false,
    push: {
      batchSize: PUSH_ROWS,
      handler: async (rows) => {
        const inputs = rows.map((row) => ({
          doc: plain(row.newDocumentState),
          assumed: row.assumedMasterState === undefined ? undefined : plain(row.assumedMasterState),
        }));
        return (await handlers.push(inputs)) as WithDeleted<Draft>[];
      },
    },
    pull: {
      // One: then a page of any length is a full page, and RxDB asks until one is empty.
      batchSize: 1,
      handler: async (stored) => {
        const { documents, position } = await handlers.pull(stored);
        return { documents: documents as WithDeleted<Draft>[], checkpoint: position };
      },
    },
  });
  // `false` above keeps RxDB from pausing hidden tabs, which loses first pushes. Read once more when
  // it starts, `false` would also send a fake mousemove every 20 s; our heartbeat replaces that.
  state.toggleOnDocumentVisible = true;
  const errors = followErrors(state, handlers);

  return {
    ...auditable(local, state),
    upSettled: () => state.internalReplicationState?.streamQueue.up ?? Promise.resolve(),
    downSettled: () => state.internalReplicationState?.streamQueue.down ?? Promise.resolve(),
    storePosition: async (position) => {
      const internal = state.internalReplicationState;
      if (internal !== undefined) await setCheckpoint(internal, 'down', position);
    },
    stored: async (ids) =>
      (await local.storageInstance.findDocumentsById([...ids], true)).map(plain),
    assumed: async (ids) => {
      const internal = state.internalReplicationState;
      if (internal === undefined) return undefined;
      const masters = await getAssumedMasterState(internal, [...ids]);
      return new Map(Object.entries(masters).map(([id, { docData }]) => [id, plain(docData)]));
    },
    ...documentsOf(local, state),
    cancel: async () => {
      errors.unsubscribe();
      await state.cancel();
      if (attachment !== undefined && attachment.isOvertaken === isOvertaken)
        attachment.isOvertaken = never;
    },
  };
}

function followErrors(state: RxReplicationState<Draft, Position>, handlers: Handlers) {
  const start = async (): Promise<void> => {
    // It tells in the same way as the first time why it does not start.
    await state.start().catch(() => {});
  };
  return state.error$.subscribe((error) => {
    handlers.failed(error);
    // RxDB leaves one that could not open its stores for good.
    if (error.code === 'RC_START') handlers.later(() => void start());
  });
}

/** What is done with the documents themselves, past the replication. */
function documentsOf(
  local: LocalCollection,
  state: RxReplicationState<Draft, Position>,
): Pick<Replication, 'started' | 'putBack' | 'scan'> {
  return {
    started: () => state.startPromise,
    putBack: (states) => putBack(local, states),
    scan: (visit) => scan(local, visit),
  };
}
