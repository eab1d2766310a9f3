// Looks a whole store through: is what it keeps beside its documents what follows from them?

import { workspaceId, type WireDocument, type WorkspaceId } from '../../replication/core.ts';
import type { Collection } from '../../schemas/index.ts';
import { sumsOver } from '../accept/sums.ts';
import { indexedOf } from '../accept/working-set.ts';
import { WORKSPACE } from '../auth/records.ts';
import { canonicalKeys } from '../store/port/commit-rules.ts';
import type { Head, ScannedDocument, Store } from '../store/port/port.ts';

const PAGE = 500;
const same = (left: unknown, right: unknown): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

/** Gives a sentence for each thing that is not as it should be. Nobody may write meanwhile. */
export async function* differencesIn(
  store: Store,
  collections: ReadonlyMap<string, Collection>,
): AsyncGenerator<string> {
  for (const { id, value } of await store.records(WORKSPACE.name, '')) {
    const { name } = value as { readonly name: string };
    for await (const difference of inWorkspace(store, workspaceId(id), collections))
      yield `${name}: ${difference}`;
  }
}

async function* inWorkspace(
  store: Store,
  workspace: WorkspaceId,
  collections: ReadonlyMap<string, Collection>,
): AsyncGenerator<string> {
  const head = await store.head(workspace);
  if (head.floor > head.seq)
    yield `the floor ${head.floor} lies above the last commit ${head.seq}.`;
  const sums = new Sums(collections);
  for (const collection of collections.values())
    for await (const stored of everyDocument(store, workspace, collection)) {
      const place = `${collection.name}/${stored.id}`;
      const doc = parsed(stored.text);
      if (doc === undefined) {
        yield `${place} is not readable.`;
        continue;
      }
      for (const difference of differencesOf(collection, stored, doc, head))
        yield `${place} ${difference}`;
      if (!stored.deleted) sums.add(collection, stored.id, doc);
    }
  yield* sums.differences();
}

async function* everyDocument(
  store: Store,
  workspace: WorkspaceId,
  { name }: Collection,
): AsyncGenerator<ScannedDocument> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: readonly ScannedDocument[] = await store.scan(workspace, name, after, PAGE);
    yield* page;
    after = page.length < PAGE ? undefined : page.at(-1)?.id;
  }
}

function parsed(text: string): WireDocument | undefined {
  try {
    const doc: unknown = JSON.parse(text);
    return typeof doc === 'object' && doc !== null ? (doc as WireDocument) : undefined;
  } catch {
    return undefined;
  }
}

function* differencesOf(
  collection: Collection,
  stored: ScannedDocument,
  doc: WireDocument,
  head: Head,
): Generator<string> {
  const id = doc[collection.primaryKey];
  if (id !== stored.id) yield `says that its id is ${JSON.stringify(id)}.`;
  if (stored.seq > head.seq)
    yield `is of commit ${stored.seq}, but the last commit is ${head.seq}.`;
  if (doc.rev !== stored.seq) yield `has rev ${doc.rev}, but is of commit ${stored.seq}.`;
  if ((doc._deleted === true) !== stored.deleted)
    yield `is kept as ${stored.deleted ? 'deleted' : 'there'}, but says the opposite.`;
  if (stored.deleted && stored.seq <= head.floor)
    yield `is a tombstone below the floor ${head.floor}.`;
  const indexed = indexedOf(collection, doc);
  if (!same(stored.indexed, indexed))
    yield `has the values ${JSON.stringify(stored.indexed)} for queries; they should be ${JSON.stringify(indexed)}.`;
  const keys = canonicalKeys(collection.scopeKeys(doc));
  if (!same(stored.scopeKeys, keys))
    yield `may be read under ${JSON.stringify(stored.scopeKeys)}; it should be ${JSON.stringify(keys)}.`;
}

/** Sums as documents have them, and as they should be. */
class Sums {
  readonly #collections: ReadonlyMap<string, Collection>;
  readonly #rules: ReturnType<typeof sumsOver>;
  readonly #right = new Map<string, number>();
  readonly #kept = new Map<string, unknown>();

  constructor(collections: ReadonlyMap<string, Collection>) {
    this.#collections = collections;
    this.#rules = sumsOver(collections);
  }

  add({ name }: Collection, id: string, doc: WireDocument): void {
    for (const field of this.#collections.get(name)?.derived ?? [])
      this.#kept.set(`${name}/${id}: ${field}`, doc[field]);
    for (const { of, field, by, amount } of this.#rules.get(name) ?? []) {
      const part = doc[amount];
      const place = `${of.name}/${String(doc[by])}: ${field}`;
      if (typeof part === 'number') this.#right.set(place, (this.#right.get(place) ?? 0) + part);
    }
  }

  *differences(): Generator<string> {
    for (const [place, kept] of this.#kept) {
      const right = this.#right.get(place) ?? 0;
      if (kept !== right) yield `${place} is ${JSON.stringify(kept)}; it should be ${right}.`;
    }
  }
}
