// From the rows of a request to candidates: each row is checked alone, so that a bad one never
// blocks its neighbours.

import { validatorFor, validatorOf } from '../../schemas/validate.ts';
import { isReserved, type Collection } from '../../schemas/index.ts';
import {
  CREATED,
  DELETED,
  isClock,
  operationOf,
  pushRowSchema,
  type PushRequest,
  type PushRow,
  type WireDocument,
} from '../../replication/index.ts';
import { REFUSALS, type Author, type Candidate, type PlainCandidate, type Place, type Refusal, type RefusalCode } from './candidate.ts';
import { forbiddenKey } from './forbidden-keys.ts';

const MAX_ID_LENGTH = 128;
const validateRow = validatorFor(pushRowSchema);

export const mayWrite = (author: Author, collection: Collection): boolean =>
  !author.readOnly && collection.access.write.includes(author.role);

export const refusal = (
  code: RefusalCode,
  op: string,
  detail?: string,
  more: Partial<Pick<Refusal, 'group' | 'place' | 'candidate'>> = {},
): Refusal => ({ kind: 'refused', op, code, message: detail ?? REFUSALS[code], ...more });

/** A clock entry names the whole document or one of its fields (or a key of a per-key field). */
const knowsEntry = (collection: Collection, entry: string): boolean => {
  if (entry === CREATED || entry === DELETED || collection.ownFields.includes(entry)) return true;
  const { policy } = collection;
  return (
    policy.kind === 'fieldLww' && policy.perKey.some((field) => entry.startsWith(`${field}/`))
  );
};

/** Why a document does not fit: its schema, or a forbidden key. */
export function unfit(
  collection: Collection,
  doc: object,
): { readonly code: RefusalCode; readonly message: string } | undefined {
  const key = forbiddenKey(doc);
  if (key !== undefined) return { code: 'forbidden_key', message: `The key "${key}" is not allowed.` };
  const message = validatorOf(collection)(doc);
  return message === undefined ? undefined : { code: 'invalid', message };
}

function readRow(
  row: unknown,
  request: PushRequest,
  author: Author,
  collections: ReadonlyMap<string, Collection>,
): Candidate | Refusal {
  const op = opOf(row);
  const malformed = validateRow(row);
  if (malformed !== undefined) return refusal('bad_row', op, malformed);
  const { doc, base, group, collection: name } = row as PushRow;
  const inGroup = group === undefined ? {} : { group };
  const collection = collections.get(name);
  if (collection === undefined)
    return refusal('unknown_collection', op, `This server has no collection "${name}".`, inGroup);
  const place = placeOf(collection, doc);
  const about = place === undefined ? inGroup : { ...inGroup, place };
  if (request.schema[name] !== collection.version)
    return refusal('schema_version', op, undefined, about);
  if (!mayWrite(author, collection)) return refusal('forbidden', op, undefined, about);

  const { clk } = doc;
  const deleted = doc._deleted === true;
  if (!isClock(clk) || !Object.keys(clk).every((entry) => knowsEntry(collection, entry)))
    return refusal('bad_stamp', op, undefined, about);
  if (deleted !== DELETED in clk)
    return refusal('bad_stamp', op, 'A deleted document needs a "-" stamp, others have none.', about);
  const known = operationOf(clk, deleted, request.device);
  if (op !== known) return refusal('bad_operation', op, undefined, about);
  const misfit = unfit(collection, doc);
  if (place === undefined) return refusal('invalid', op, misfit?.message, inGroup);
  const candidate: Candidate = {
    kind: 'stamped',
    op: known,
    ...place,
    deleted,
    doc,
    clk,
    ...(base === undefined ? {} : { base }),
    ...inGroup,
  };
  if (misfit !== undefined)
    return refusal(misfit.code, op, misfit.message, { ...about, candidate });
  if (forbiddenKey(base) !== undefined)
    return refusal('forbidden_key', op, undefined, { ...about, candidate });
  return candidate;
}

/** Where a document belongs, if its primary key can be one. */
export function placeOf(collection: Collection, doc: WireDocument): Place | undefined {
  const id = doc[collection.primaryKey];
  const fits = typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH;
  return fits ? { collection, id } : undefined;
}

const opOf = (row: unknown): string =>
  typeof row === 'object' && row !== null && 'op' in row && typeof row.op === 'string'
    ? row.op.slice(0, 64)
    : '';

/** One candidate or refusal for each row, in the rows' order. */
export const readRows = (
  request: PushRequest,
  author: Author,
  collections: ReadonlyMap<string, Collection>,
): readonly (Candidate | Refusal)[] =>
  request.rows.map((row) => readRow(row, request, author, collections));

/** The document's own fields, without primary key and envelope. */
export const ownFieldsOf = (
  collection: Collection,
  doc: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(doc).filter(([field]) => field !== collection.primaryKey && !isReserved(field)),
  );

const withoutEnvelope = (doc: WireDocument): WireDocument => {
  const kept = Object.fromEntries(
    Object.entries(doc).filter(([field]) => !isReserved(field)),
  );
  return doc._deleted === true ? { ...kept, _deleted: true } : kept;
};

/** A row of a client without clocks: the envelope in it is the server's and is not read. */
export function readPlain(
  author: Author,
  collection: Collection,
  state: WireDocument,
  assumedState?: WireDocument,
): PlainCandidate | Refusal {
  const doc = withoutEnvelope(state);
  const place = placeOf(collection, doc);
  const about = place === undefined ? {} : { place };
  if (!mayWrite(author, collection)) return refusal('forbidden', '', undefined, about);
  const misfit = unfit(collection, doc);
  if (misfit !== undefined || place === undefined)
    return refusal(misfit?.code ?? 'invalid', '', misfit?.message, about);
  return {
    kind: 'plain',
    ...place,
    doc,
    deleted: doc._deleted === true,
    ...(assumedState === undefined ? {} : { assumed: withoutEnvelope(assumedState) }),
  };
}
