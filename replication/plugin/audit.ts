// Compares documents with what RxDB has noted as the server's, and mends what RxDB would leave for
// good: writes that it would never send, and documents that it would never update.
//
// | a document that differs from its note      | is      | below the up checkpoint it is            |
// | ------------------------------------------ | ------- | ---------------------------------------- |
// | a tombstone that nobody deleted            | nothing | left: gone from here, not deleted        |
// | from the server, nothing written since     | frozen  | noted; without a note, received again    |
// | any other                                  | unsent  | touched, which makes RxDB hand it over   |
//
// What lies past the checkpoint RxDB sends by itself.

import {
  createRevision,
  getAssumedMasterState,
  getChangedDocumentsSince,
  getMetaWriteRow,
  now,
  type RxDocumentData,
  type RxStorageInstanceReplicationState,
} from 'rxdb';
import { isSameVersion } from '../conflict/handler.ts';
import type { WireDocument } from '../protocol/index.ts';
import { isWithdrawn, writtenSince } from '../stamp/clock.ts';
import { deviceOf, timeOf } from '../stamp/stamp.ts';
import { checkpointOf, type AuditPlace, type Checkpoint } from './audit-place.ts';
import { plain } from './raw.ts';
import type { Draft } from './stamping.ts';

/** `new`: what lies past the up checkpoint. */
export type AuditMode = 'new' | 'all';

/** A document with changes that the server has not judged, as far as RxDB knows. */
export interface Found {
  readonly id: string;
  readonly doc: WireDocument;
  readonly assumed: WireDocument | undefined;
}

/** A document that RxDB would leave as it is, and the revision at which it was seen so. */
export interface Suspect {
  readonly id: string;
  readonly revision: string;
}

export interface Look {
  readonly pending: readonly Found[];
  readonly suspects: readonly Suspect[];
  /** The clock stands before the checkpoint: RxDB does not see what is written now after a crash. */
  readonly isClockBehind: boolean;
}

/** Ids by what was mended. */
export interface Mended {
  readonly unsent: readonly string[];
  readonly frozen: readonly string[];
  /** What became of frozen ones on the server may have gone past: everything is to be received again. */
  readonly missed: boolean;
}

type State = RxStorageInstanceReplicationState<Draft>;
type Stored = RxDocumentData<Draft>;
type Notes = Awaited<ReturnType<typeof getAssumedMasterState<Draft>>>;
const BATCH = 500;
const CONTEXT = 'holdfast-audit';

/** Looks and changes nothing. Resolves with nothing where it can't be done yet. */
export async function look(
  place: AuditPlace,
  mode: AuditMode,
  device: string,
): Promise<Look | undefined> {
  const state = place.internal();
  if (state === undefined) return undefined;
  const checkpoint = await checkpointOf(state);
  const ids = mode === 'all' ? await allOf(place, state) : await since(place, checkpoint);
  if (ids === undefined) return undefined;
  const pending: Found[] = [];
  const suspects: Suspect[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    const wanted = ids.slice(start, start + BATCH).map((id) => ({ id }));
    const { stored, notes } = await readAgain(place, state, wanted);
    for (const [id, data] of stored) {
      const assumed = notes[id]?.docData;
      const kind = kindOf(data, assumed, device);
      if (kind === 'unsent')
        pending.push({ id, doc: plain(data), assumed: assumed && plain(assumed) });
      if (kind !== undefined && isCovered(id, data, checkpoint))
        suspects.push({ id, revision: data._rev });
    }
  }
  return { pending, suspects, isClockBehind: (checkpoint?.lwt ?? 0) > now() };
}

/** Rare, so that part is loaded then; nothing where it can't be now. */
async function allOf(place: AuditPlace, state: State): Promise<readonly string[] | undefined> {
  const scan = await import('./audit-scan.ts').catch(() => undefined);
  return scan?.differing(place, state);
}

async function since(
  place: AuditPlace,
  checkpoint: Checkpoint | undefined,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let from: unknown = checkpoint; ;) {
    const page = await getChangedDocumentsSince<Draft, unknown>(
      place.local.storageInstance,
      BATCH,
      from,
    );
    ids.push(...page.documents.map((data) => idOf(place, data)));
    if (page.documents.length < BATCH) return ids;
    from = page.checkpoint;
  }
}

/** Which of these have come to rest since they were found. */
export async function settledOf(
  place: AuditPlace,
  found: readonly Found[],
): Promise<readonly Found[]> {
  const state = place.internal();
  if (state === undefined || found.length === 0) return [];
  const { stored, notes } = await readAgain(place, state, found);
  return found.filter(({ id }) => {
    const data = stored.get(id);
    const assumed = notes[id]?.docData;
    return data !== undefined && assumed !== undefined && isSameVersion(data, assumed);
  });
}

export interface Mending {
  readonly device: string;
  readonly isAtRest: () => boolean;
  /** Resolves when it is kept that everything has to be received again. */
  readonly missing: () => Promise<void>;
}

/**
 * Mends suspects that are as they were. Nothing of the collection may be on its way up or down: what
 * is touched meanwhile would be sent twice. Resolves with nothing where it was not quiet.
 */
export async function mend(
  place: AuditPlace,
  suspects: readonly Suspect[],
  { device, isAtRest, missing }: Mending,
): Promise<Mended | undefined> {
  const state = place.internal();
  if (state === undefined || !isAtRest()) return undefined;
  const { up, down } = state.streamQueue;
  await Promise.all([up, down]);
  const isQuiet = (): boolean =>
    isAtRest() &&
    !state.events.canceled.getValue() &&
    state.streamQueue.up === up &&
    state.streamQueue.down === down;
  return place.still(async () => {
    const checkpoint = await checkpointOf(state);
    const { stored, notes } = await readAgain(place, state, suspects);
    const unsent: Stored[] = [];
    const frozen: Stored[] = [];
    for (const { id, revision } of suspects) {
      const data = stored.get(id);
      if (data?._rev !== revision || !isCovered(id, data, checkpoint)) continue;
      const kind = kindOf(data, notes[id]?.docData, device);
      if (kind === 'unsent') unsent.push(data);
      if (kind === 'frozen') frozen.push(data);
    }
    // RxDB has ignored what came for one without a note.
    const missed = frozen.some((data) => notes[idOf(place, data)] === undefined);
    if (missed && isQuiet()) await missing();
    if (!isQuiet()) return undefined;
    const [touched, noted] = await Promise.all([
      touch(place, unsent, checkpoint),
      note(place, state, frozen, notes),
    ]);
    return { unsent: touched, frozen: noted, missed };
  });
}

const idOf = ({ local }: AuditPlace, data: Stored): string =>
  String(data[local.schema.primaryPath]);

async function readAgain(
  place: AuditPlace,
  state: State,
  wanted: readonly { readonly id: string }[],
): Promise<{ readonly stored: ReadonlyMap<string, Stored>; readonly notes: Notes }> {
  const ids = wanted.map(({ id }) => id);
  const [found, notes] = await Promise.all([
    place.local.storageInstance.findDocumentsById(ids, true),
    getAssumedMasterState(state, ids),
  ]);
  return { stored: new Map(found.map((data) => [idOf(place, data), data])), notes };
}

/** Whether RxDB, which reads on from the checkpoint, has left the document behind. */
const isCovered = (id: string, { _meta: { lwt } }: Stored, checkpoint: Checkpoint | undefined) =>
  checkpoint !== undefined &&
  (lwt < checkpoint.lwt || (lwt === checkpoint.lwt && id <= checkpoint.id));

function kindOf(
  data: WireDocument,
  assumed: WireDocument | undefined,
  device: string,
): 'unsent' | 'frozen' | undefined {
  if (assumed !== undefined && isSameVersion(data, assumed)) return undefined;
  if (isWithdrawn(data)) return undefined;
  return isAsReceived(data, assumed, device) ? 'frozen' : 'unsent';
}

/**
 * Whether the server has given it after what was noted, and no stamp can be one of this device, under
 * whatever id, since: local writes keep `rev` and `updatedAt`, and stamp what they change.
 */
function isAsReceived(
  { clk = {}, rev = 0, updatedAt = '' }: WireDocument,
  assumed: WireDocument | undefined,
  device: string,
): boolean {
  if (rev <= (assumed?.rev ?? 0)) return false;
  const committedMs = Date.parse(updatedAt);
  return writtenSince(clk, assumed?.clk).every((entry) => {
    const stamp = clk[entry] ?? '';
    return deviceOf(stamp) !== device && timeOf(stamp) <= committedMs;
  });
}

/** Past the checkpoint also where the clock stands before it: a crash must not hide them again. */
async function touch(
  { local }: AuditPlace,
  documents: readonly Stored[],
  checkpoint: Checkpoint | undefined,
): Promise<readonly string[]> {
  if (documents.length === 0) return [];
  const { storageInstance, database } = local;
  const past = Math.floor(checkpoint?.lwt ?? 0) + 1;
  const isBehind = past > now();
  const rows = documents.map((previous) => ({
    previous,
    document: {
      ...previous,
      // RxDB's wrapper sets both anew, by the clock.
      _meta: { ...previous._meta, lwt: past },
      _rev: createRevision(database.token, previous),
    },
  }));
  const instance = isBehind ? storageInstance.originalStorageInstance : storageInstance;
  const { error } = await instance.bulkWrite(rows, CONTEXT);
  const ids = documents.map((data) => String(data[local.schema.primaryPath]));
  return written(ids, error);
}

/** The document as it stands becomes what RxDB takes for the server's. */
async function note(
  place: AuditPlace,
  state: State,
  documents: readonly Stored[],
  notes: Notes,
): Promise<readonly string[]> {
  if (documents.length === 0) return [];
  const rows = await Promise.all(
    documents.map((data) =>
      getMetaWriteRow(state, plain(data) as Stored, notes[idOf(place, data)]?.metaDocument),
    ),
  );
  const { error } = await state.input.metaInstance.bulkWrite(rows, CONTEXT);
  const names = new Set(
    written(
      rows.map(({ document }) => document.id),
      error,
    ),
  );
  return rows.flatMap(({ document }) => (names.has(document.id) ? [document.itemId] : []));
}

/** @throws {Error} where the storage failed; a version that somebody has replaced is no failure. */
function written(
  ids: readonly string[],
  errors: readonly { readonly documentId: string; readonly status: number }[],
): readonly string[] {
  const broken = errors.find(({ status }) => status !== 409);
  if (broken !== undefined) throw new Error(`A document was not mended: ${JSON.stringify(broken)}`);
  const failed = new Set(errors.map(({ documentId }) => documentId));
  return ids.filter((id) => !failed.has(id));
}
