// From the rows of a request to candidates: each row is checked alone, so that a bad one never
// blocks its neighbours.

import { validatorFor } from '../../schemas/validate.ts';
import { isClockEntry, withoutEnvelope, type Collection } from '../../schemas/index.ts';
import {
  CREATED,
  DELETED,
  isClock,
  isLater,
  operationOf,
  pushRowSchema,
  type PushRequest,
  type PushRow,
  type WireDocument,
} from '../../replication/core.ts';
import {
  REFUSALS,
  type Author,
  type Candidate,
  type Place,
  type PlainCandidate,
  type Refusal,
  type RefusalCode,
  type StampedCandidate,
} from './candidate.ts';
import { mayWrite, placeOf, unfit } from './fit.ts';
import { plainOperation } from './entry-ids.ts';
import { forbiddenKey } from './forbidden-keys.ts';

const MAX_MESSAGE_LENGTH = 1_000;
const validateRow = validatorFor(pushRowSchema, 'The row');

export const refusal = (
  code: RefusalCode,
  op: string,
  detail?: string,
  more: Partial<Pick<Refusal, 'group' | 'place' | 'candidate'>> = {},
): Refusal => ({
  kind: 'refused',
  op,
  code,
  message: (detail ?? REFUSALS[code]).slice(0, MAX_MESSAGE_LENGTH),
  ...more,
});

function readRow(
  row: unknown,
  request: PushRequest,
  author: Author,
  collections: ReadonlyMap<string, Collection>,
): Candidate | Refusal {
  const op = opOf(row);
  const malformed = validateRow(row);
  if (malformed !== undefined) {
    const place = roughPlace(row, collections);
    return refusal('bad_row', op, malformed, place === undefined ? {} : { place });
  }
  const { doc, base, seen, group, collection: name } = row as PushRow;
  const inGroup = group === undefined ? {} : { group };
  const collection = collections.get(name);
  if (collection === undefined)
    return refusal('unknown_collection', op, `This server has no collection "${name}".`, inGroup);
  const place = placeOf(collection, doc);
  const about = place === undefined ? inGroup : { ...inGroup, place };
  if (request.schema[name] !== collection.version)
    return refusal('schema_version', op, undefined, about);

  const { clk } = doc;
  const deleted = doc._deleted === true;
  if (!isClock(clk) || !Object.keys(clk).every((entry) => isClockEntry(collection, entry)))
    return refusal('bad_stamp', op, undefined, about);
  if (Object.values(clk).some((stamp) => isLater(clk[CREATED] ?? '', stamp)))
    return refusal('bad_stamp', op, 'No stamp may be earlier than "*".', about);
  if (deleted !== DELETED in clk)
    return refusal(
      'bad_stamp',
      op,
      'A deleted document needs a "-" stamp, others have none.',
      about,
    );
  const known = operationOf(clk, deleted, request.device);
  if (op !== known) return refusal('bad_operation', op, undefined, about);
  if (place === undefined) return refusal('invalid', op, unfit(collection, doc)?.message, about);
  const candidate: StampedCandidate = {
    kind: 'stamped',
    op: known,
    ...place,
    deleted,
    doc,
    clk,
    ...(base === undefined ? {} : { base }),
    ...(seen === undefined ? {} : { seen }),
    ...inGroup,
  };
  const named = { ...about, candidate };
  // What a key may not do says nothing about its owner, who may send the same row with another.
  if (author.readOnly) return refusal('read_only', op, undefined, about);
  if (!mayWrite(author, collection)) return refusal('forbidden', op, undefined, named);
  const misfit = unfit(collection, doc);
  if (misfit !== undefined) return refusal(misfit.code, op, misfit.message, named);
  if (forbiddenKey(base) !== undefined) return refusal('forbidden_key', op, undefined, named);
  return candidate;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Which document a malformed row is about, as far as it can be read. */
function roughPlace(row: unknown, collections: ReadonlyMap<string, Collection>): Place | undefined {
  if (!isObject(row) || typeof row['collection'] !== 'string' || !isObject(row['doc']))
    return undefined;
  const collection = collections.get(row['collection']);
  return collection && placeOf(collection, row['doc']);
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

const plainState = (doc: WireDocument): WireDocument => ({
  ...withoutEnvelope(doc),
  ...(doc._deleted === true ? { _deleted: true } : {}),
});

/** A row of a client without clocks: the envelope in it is the server's and is not read. */
export function readPlain(
  author: Author,
  collection: Collection,
  state: WireDocument,
  assumedState?: WireDocument,
): PlainCandidate | Refusal {
  const doc = plainState(state);
  const misfit = unfit(collection, doc);
  const row = readUnstamped(author, collection, doc, plainOperation(doc), misfit);
  if (row.kind === 'refused' || assumedState === undefined) return row;
  return { ...row, assumed: plainState(assumedState) };
}

/**
 * A change of what is stored, or only of the version written at `seenAt` (ISO 8601, UTC). Fields
 * that the state lacks stay as they are; whether the whole fits its schema shows when it is decided.
 */
export function readChange(
  author: Author,
  collection: Collection,
  state: WireDocument,
  seenAt?: string,
): PlainCandidate | Refusal {
  const doc = plainState(state);
  const onto = seenAt === undefined ? {} : { seenAt };
  const row = readUnstamped(author, collection, doc, plainOperation({ doc, onto }));
  return row.kind === 'refused' ? row : { ...row, onto };
}

function readUnstamped(
  author: Author,
  collection: Collection,
  doc: WireDocument,
  op: string,
  misfit?: ReturnType<typeof unfit>,
): PlainCandidate | Refusal {
  const place = placeOf(collection, doc);
  const about = place === undefined ? {} : { place };
  if (author.readOnly) return refusal('read_only', '', undefined, about);
  if (!mayWrite(author, collection)) return refusal('forbidden', '', undefined, about);
  if (misfit !== undefined || place === undefined)
    return refusal(misfit?.code ?? 'invalid', '', misfit?.message, about);
  return { kind: 'plain', op, ...place, doc, deleted: doc._deleted === true };
}
