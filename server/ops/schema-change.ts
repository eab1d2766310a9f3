// When a collection has a new version, its stored documents are brought up to it before the server
// answers anybody. A record says which version the documents of a collection have. While they are
// moved it also says where each workspace stood when that began: what was written later is of the new
// version, so a process that is killed in between is followed by one that goes on.

import { migrateFrom, type Collection, type DocumentFields } from '../../schemas/index.ts';
import { validatorOf } from '../../schemas/validate.ts';
import { workspaceId, type WorkspaceId } from '../../replication/core.ts';
import { newEntry, WorkingSet } from '../accept/working-set.ts';
import { change, create, SCHEMA, WORKSPACE, type SchemaRecord } from '../auth/records.ts';
import type { Core } from '../core.ts';
import { keyOf, type ScannedDocument, type Store } from '../store/port/port.ts';
import { CommandError } from './command-error.ts';

/** Documents read at once, and at most so many in one commit. */
const PAGE = 500;
/** Roughly the most text in one commit. */
const COMMIT_BYTES = 4 * 1_024 * 1_024;
/** Of stores from before versions were noted. */
const FIRST_VERSION = 0;

type Parts = Pick<Core, 'store' | 'collections' | 'logger'>;

/**
 * Resolves when every stored document is of the present version of its collection.
 *
 * @throws {CommandError} and nothing is changed, where the data are of a later version, a document
 *   does not fit, or another process uses the data.
 */
export async function bringUpToDate(parts: Parts): Promise<void> {
  const { store, collections } = parts;
  const known = await versionsIn(store, collections);
  const behind: [Collection, SchemaRecord][] = [];
  for (const collection of collections.values()) {
    const record = known.get(collection.name) ?? { version: collection.version };
    if ((record.moving?.to ?? record.version) > collection.version)
      throw new CommandError(
        `The data are of a later version of Holdfast ("${collection.name}"). Start that one. Nothing was changed.`,
      );
    if (record.version < collection.version) behind.push([collection, record]);
  }
  if (behind.length === 0) return;
  if ((await store.isShared?.()) === true)
    throw new CommandError(
      'The data have to be brought to a new version, and other servers or commands use them. Stop all of them, start one server, then the others. Nothing was changed.',
    );
  // All of it is tried before anything is written, because there is no way back to the old version.
  for (const [collection, record] of behind) await tryAll(store, collection, record);
  for (const [collection, record] of behind) await move(parts, collection, record);
}

/** By collection. A store that knows none yet gets them noted. */
async function versionsIn(
  store: Store,
  collections: ReadonlyMap<string, Collection>,
): Promise<ReadonlyMap<string, SchemaRecord>> {
  for (;;) {
    const records = await store.records(SCHEMA.name, '');
    const known = new Map(records.map(({ id, value }) => [id, value as SchemaRecord]));
    const missing = [...collections.values()].filter(({ name }) => !known.has(name));
    if (missing.length === 0) return known;
    const isOld = known.size === 0 && (await store.records(WORKSPACE.name, '')).length > 0;
    const noted = missing.map(({ name, version }) =>
      create(SCHEMA, name, { version: isOld ? FIRST_VERSION : version }),
    );
    // Refused where another process was faster; then its records are read.
    await store.writeRecords(noted);
  }
}

async function tryAll(store: Store, collection: Collection, record: SchemaRecord): Promise<void> {
  // One that was begun has been tried, and a part of it is of another version by now.
  if (record.moving !== undefined) return;
  for (const workspace of await workspacesOf(store))
    for await (const page of pagesOf(store, workspace, collection))
      for (const stored of page) made(collection, stored, record.version, collection.version);
}

async function move(parts: Parts, collection: Collection, record: SchemaRecord): Promise<void> {
  const { store, logger } = parts;
  const workspaces = await workspacesOf(store);
  const moving = record.moving ?? {
    to: collection.version,
    since: await headsOf(store, workspaces),
  };
  const begun = { version: record.version, moving };
  if (record.moving === undefined) await note(store, collection, record, begun);
  let documents = 0;
  for (const workspace of workspaces) {
    const since = moving.since[workspace] ?? 0;
    const step = { workspace, collection, from: record.version, to: moving.to, since };
    for await (const page of pagesOf(store, workspace, collection))
      for (const batch of batchesOf(page)) documents += await rewrite(store, step, batch);
  }
  const done = { version: moving.to };
  await note(store, collection, begun, done);
  logger.info({ collection: collection.name, version: moving.to, documents }, 'brought up to date');
  // The one before was cut off, and the collection has moved on meanwhile.
  if (moving.to < collection.version) {
    await tryAll(store, collection, done);
    await move(parts, collection, done);
  }
}

async function note(
  store: Store,
  { name }: Collection,
  was: SchemaRecord,
  is: SchemaRecord,
): Promise<void> {
  if (!(await store.writeRecords([change(SCHEMA, name, was, is)])))
    throw new CommandError(
      'Another process is bringing the data to a new version. Wait until it has ended.',
    );
}

const workspacesOf = async (store: Store): Promise<readonly WorkspaceId[]> =>
  (await store.records(WORKSPACE.name, '')).map(({ id }) => workspaceId(id));

async function headsOf(
  store: Store,
  workspaces: readonly WorkspaceId[],
): Promise<Readonly<Record<string, number>>> {
  const heads: Record<string, number> = {};
  for (const workspace of workspaces) heads[workspace] = (await store.head(workspace)).seq;
  return heads;
}

/** In the order of ids, which moving them does not change. */
async function* pagesOf(
  store: Store,
  workspace: WorkspaceId,
  { name }: Collection,
): AsyncGenerator<readonly ScannedDocument[]> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: readonly ScannedDocument[] = await store.scan(workspace, name, after, PAGE);
    yield page;
    after = page.length < PAGE ? undefined : page.at(-1)?.id;
  }
}

function* batchesOf(page: readonly ScannedDocument[]): Generator<readonly ScannedDocument[]> {
  let batch: ScannedDocument[] = [];
  let bytes = 0;
  for (const document of page) {
    if (batch.length > 0 && bytes + document.text.length > COMMIT_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(document);
    bytes += document.text.length;
  }
  if (batch.length > 0) yield batch;
}

interface Step {
  readonly workspace: WorkspaceId;
  readonly collection: Collection;
  readonly from: number;
  readonly to: number;
  /** What lies above it has been moved already. */
  readonly since: number;
}

/** One commit, which every device receives like any other. How many documents it moved. */
async function rewrite(
  store: Store,
  { workspace, collection, from, to, since }: Step,
  batch: readonly ScannedDocument[],
): Promise<number> {
  const documents = batch
    .filter(({ seq }) => seq <= since)
    .map(({ id }) => ({ collection: collection.name, id }));
  if (documents.length === 0) return 0;
  const needs = { documents, operations: [], stamps: [] };
  const { result } = await store.commit(workspace, needs, (known, turn) => {
    const set = new WorkingSet(known, turn);
    const fresh = documents.flatMap(
      ({ id }) => known.documents.get(keyOf(collection.name, id)) ?? [],
    );
    const moved = fresh.filter(({ seq }) => seq <= since);
    for (const stored of moved) {
      const document = made(collection, stored, from, to);
      const { seq: rev, updatedAt } = turn;
      set.put(newEntry(collection, stored.id, { ...document, rev, updatedAt }));
    }
    return { write: set.toWrite(), result: moved.length };
  });
  return result;
}

/** @throws {CommandError} where the document does not fit afterwards. */
function made(
  collection: Collection,
  { id, deleted, text }: { readonly id: string; readonly deleted: boolean; readonly text: string },
  from: number,
  to: number,
): DocumentFields {
  const fail = (reason: string): never => {
    throw new CommandError(
      `The ${collection.label.one} "${id}" cannot be brought to version ${to}: ${reason}`,
    );
  };
  try {
    const document = migrateFrom(collection, JSON.parse(text) as DocumentFields, from, to);
    // What was deleted may lack fields; and there is no schema of versions in between.
    const isChecked = !deleted && to === collection.version;
    const misfit = isChecked ? validatorOf(collection)(document) : undefined;
    return misfit === undefined ? document : fail(misfit);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    return fail(error instanceof Error ? error.message : String(error));
  }
}
