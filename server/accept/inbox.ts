// Entries of the inbox, made in the commit whose verdict they explain. An entry shows what its
// reader may see: the version of others only where everybody may read the document.

import {
  changedEntries,
  CREATED,
  deviceOf,
  highest,
  setValueAt,
  timeOf,
  type WireDocument,
} from '../../replication/core.ts';
import {
  MAX_HISTORY,
  ROLES,
  WORKSPACE_SCOPE,
  type Collection,
  type Conflict,
  type Envelope,
} from '../../schemas/index.ts';
import { holdsKey, mayRead } from '../auth/project.ts';
import type { Place } from './candidate.ts';
import type { Circumstances } from './circumstances.ts';
import { lossId, openEntryId } from './entry-ids.ts';
import { ownFieldsOf } from './own-fields.ts';
import { newEntry, type Entry, type WorkingSet } from './working-set.ts';

export type Version = Conflict['mine'];
export type HistoryEvent = Conflict['history'][number];
type OwnFields = Omit<Conflict, 'id' | keyof Envelope>;

/** What a person wrote of a document. */
export const versionOf = (collection: Collection, doc: WireDocument): Version => ({
  ...ownFieldsOf(collection, doc),
  ...(doc._deleted === true ? { deleted: true } : {}),
});

/** A version, and who wrote it when on which device. */
export interface Written {
  readonly doc: WireDocument;
  readonly by: string;
  readonly device: string;
  readonly atMs: number;
}

export const writtenBy = (doc: WireDocument, by: string, device?: string): Written => {
  const stamp = highest(Object.values(doc.clk ?? {})) ?? '';
  return { doc, by, device: device ?? deviceOf(stamp), atMs: timeOf(stamp) };
};

/** The version of a document that the store has. */
export const storedVersion = ({ doc }: Entry): Written => ({
  ...writtenBy(doc, doc.updatedBy ?? ''),
  atMs: Date.parse(doc.updatedAt ?? ''),
});

/** The state that a row started from, as far as it says so. */
export function startOf(
  collection: Collection,
  doc: WireDocument,
  changes: readonly string[],
  was: Readonly<Record<string, unknown>>,
): Version {
  const start: Record<string, unknown> = ownFieldsOf(collection, doc);
  for (const entry of changes) setValueAt(collection, start, entry, was[entry]);
  return start;
}

const isForAll = (collection: Collection, doc: WireDocument): boolean =>
  ROLES.every((role) => collection.access.read.includes(role)) &&
  collection.scopeKeys(doc).includes(WORKSPACE_SCOPE);

const isForManagers = ({ access, scopeKeys }: Collection, doc: WireDocument): boolean =>
  access.read.includes('owner') &&
  access.read.includes('manager') &&
  scopeKeys(doc).includes(WORKSPACE_SCOPE);

export interface Loss {
  readonly place: Place;
  readonly op: string;
  readonly reason: Conflict['reason'];
  readonly fields: readonly string[];
  readonly mine: Written;
  readonly theirs: Written;
  readonly base?: Version;
  /** Whether it is the stored version that lost, and not the pushed one. */
  readonly wasStored?: true;
}

/** Keeps a version that lost, where its author finds it. */
export function keepLoss(loss: Loss, set: WorkingSet, circumstances: Circumstances): void {
  const { inbox } = circumstances.rules;
  if (inbox === undefined || loss.place.collection === inbox) return;
  const kind = loss.wasStored === true ? 'overwritten' : 'lost';
  const id = lossId(loss.op, loss.place, loss.mine.by, kind);
  if (set.get(inbox, id) !== undefined) return;
  create(inbox, id, { ...about(loss, circumstances), state: 'information' }, set, circumstances);
}

/**
 * Opens the author's entry for a document, or makes the newer version the one that waits. Elsewhere
 * than under the manual policy a merge that breaks the schema is so rare that each has its own.
 */
export function openConflict(loss: Loss, set: WorkingSet, circumstances: Circumstances): void {
  const { inbox } = circumstances.rules;
  if (inbox === undefined) return;
  const isManual = loss.place.collection.policy.kind === 'manual';
  const id = isManual
    ? openEntryId(loss.place, loss.mine.by)
    : lossId(loss.op, loss.place, loss.mine.by, 'lost');
  const known = set.get(inbox, id);
  const fields: OwnFields = { ...about(loss, circumstances), state: 'open' };
  if (known === undefined || known.deleted) {
    create(inbox, id, fields, set, circumstances);
    return;
  }
  const before = asConflict(known);
  const { state, op, theirsRev } = before;
  // The same once more: it waits already.
  if (state === 'open' && op === loss.op && theirsRev === fields.theirsRev) return;
  const replaced: HistoryEvent = {
    at: before.mineAt,
    by: before.author,
    device: before.device,
    event: 'replaced',
    version: before.mine,
  };
  editEntry(
    known,
    {
      ...fields,
      resolution: undefined,
      settledBy: undefined,
      settledAt: undefined,
      settledRev: undefined,
      history: [...before.history, replaced],
    },
    set,
    circumstances,
  );
}

export const asConflict = ({ doc }: Entry): Conflict => doc as unknown as Conflict;

const toIso = (timeMs: number, { nowMs }: Circumstances): string =>
  new Date(Number.isFinite(timeMs) ? timeMs : nowMs).toISOString();

function about(loss: Loss, circumstances: Circumstances): Omit<OwnFields, 'state'> {
  const { place, op, reason, fields, mine, theirs, base } = loss;
  const { collection } = place;
  const { author } = circumstances;
  const forAll = isForAll(collection, theirs.doc);
  const isOwn = mine.by === author.user;
  const mayKnow =
    forAll ||
    (isOwn && mayRead(author, collection) && holdsKey(author, collection.scopeKeys(theirs.doc)));
  return {
    collectionName: collection.name,
    documentId: place.id,
    op,
    reason,
    fields: fields.filter((entry) => entry.length <= 200).slice(0, 500),
    author: mine.by,
    device: mine.device,
    mineAt: toIso(mine.atMs, circumstances),
    mine: versionOf(collection, mine.doc),
    ...(base === undefined ? {} : { base }),
    theirs: mayKnow ? versionOf(collection, theirs.doc) : {},
    theirsBy: theirs.by,
    theirsDevice: theirs.device,
    theirsAt: toIso(theirs.atMs, circumstances),
    theirsRev: theirs.doc.rev ?? 0,
    history: [],
    shared: isForManagers(collection, theirs.doc) && isForManagers(collection, mine.doc),
  };
}

function create(
  inbox: Collection,
  id: string,
  fields: OwnFields,
  set: WorkingSet,
  { author, clock }: Circumstances,
): void {
  const { seq: rev, updatedAt } = set.turn;
  set.put(
    newEntry(inbox, id, {
      [inbox.primaryKey]: id,
      ...fields,
      clk: { [CREATED]: clock.tick() },
      rev,
      createdAt: updatedAt,
      updatedAt,
      createdBy: author.user,
      updatedBy: author.user,
    }),
  );
}

type Changes = { readonly [F in keyof OwnFields]?: OwnFields[F] | undefined };

/**
 * Changes an entry as the server does: what differs gets the server's stamp, or the stamp that a
 * person's row brought for it. The oldest history goes where there is no more room.
 */
export function editEntry(
  known: Entry,
  changes: Changes,
  set: WorkingSet,
  { author, clock }: Circumstances,
  brought: Readonly<Record<string, string>> = {},
): Entry {
  const { collection, id, doc: before } = known;
  const doc: Record<string, unknown> = { ...before };
  for (const [field, value] of Object.entries(changes)) setValueAt(collection, doc, field, value);
  if (changes.history !== undefined) doc['history'] = changes.history.slice(-MAX_HISTORY);
  const clk: Record<string, string> = { ...before.clk };
  const changed = changedEntries(collection, before, doc);
  const stamp = changed.length === 0 ? '' : clock.tick(before.clk);
  for (const entry of changed) clk[entry] = brought[entry] ?? stamp;
  Object.assign(doc, {
    clk,
    rev: set.turn.seq,
    updatedAt: set.turn.updatedAt,
    updatedBy: author.user,
  });
  let entry = newEntry(collection, id, doc);
  while (
    Buffer.byteLength(entry.text) > collection.maxBytes &&
    asConflict(entry).history.length > 0
  )
    entry = newEntry(collection, id, { ...doc, history: asConflict(entry).history.slice(1) });
  set.put(entry);
  return entry;
}
