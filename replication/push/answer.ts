// What the server said about pushed rows, and the state in which each document comes to rest.

import type { Collection } from '../../schemas/index.ts';
import type { RefusedWrite } from '../outbox/ledger.ts';
import { isRecord, isRecordList } from '../plugin/check.ts';
import {
  VERDICTS,
  type PushResponse,
  type PushResult,
  type PushRow,
  type Verdict,
  type WireDocument,
} from '../protocol/index.ts';
import { DELETED, writtenSince } from '../stamp/clock.ts';
import type { Item } from './item.ts';

export interface Asked {
  readonly row: PushRow;
  readonly id: string;
  readonly collection: Pick<Collection, 'primaryKey'>;
}

/**
 * The answer, if it is one: a result for each row, in order, with the same document or none, and a
 * commit where rows need it. RxDB would drop all rows for one answer with a foreign id.
 */
export function parsePushResponse(
  value: unknown,
  asked: readonly Asked[],
): PushResponse | undefined {
  if (!isRecord(value) || typeof value['head'] !== 'number') return undefined;
  if (typeof value['epoch'] !== 'string') return undefined;
  const { results, commit } = value;
  if (!isRecordList(results) || results.length !== asked.length) return undefined;
  const hasCommit =
    isRecord(commit) &&
    typeof commit['rev'] === 'number' &&
    typeof commit['updatedAt'] === 'string' &&
    typeof commit['updatedBy'] === 'string';
  const fits = results.every((result, index) => {
    const { op, verdict, doc } = result;
    const question = asked[index];
    if (question === undefined || op !== question.row.op) return false;
    if (!VERDICTS.some((known) => known === verdict)) return false;
    if (doc !== undefined)
      return isRecord(doc) && doc[question.collection.primaryKey] === question.id;
    // A delete of what the server has forgotten already changes nothing there.
    if (question.row.doc._deleted === true) return true;
    return hasCommit || !stands(verdict as Verdict);
  });
  return fits ? (value as unknown as PushResponse) : undefined;
}

/** Whether the server has what was sent, as it was sent or merged with what was there. */
export const stands = (verdict: Verdict): verdict is 'accepted' | 'merged' =>
  verdict === 'accepted' || verdict === 'merged';

/** A document that the server does not have, or does not show: gone here, and its id is free again. */
export function withdrawn(doc: WireDocument): WireDocument {
  const { [DELETED]: _deletedAt, ...clk } = doc.clk ?? {};
  return { ...doc, clk, _deleted: true };
}

/** The server's present document for a row. */
export function settledState(
  row: PushRow,
  result: PushResult,
  response: PushResponse,
): WireDocument {
  // As of the answer: the rev that it had may be of a history that the server has lost.
  const gone = (): WireDocument => ({ ...withdrawn(row.doc), rev: response.head });
  // A bare tombstone says only that the document is gone for this reader.
  if (result.doc !== undefined)
    return result.doc.clk === undefined ? { ...gone(), ...result.doc } : result.doc;
  const { commit } = response;
  if (!stands(result.verdict)) return gone();
  if (commit === undefined) return { ...row.doc, rev: response.head };
  return {
    ...row.doc,
    rev: commit.rev,
    updatedAt: commit.updatedAt,
    updatedBy: commit.updatedBy,
    ...(row.base === undefined ? { createdBy: commit.updatedBy } : {}),
  };
}

const REASONS = {
  rejected: 'A rule on the server forbids this change.',
  superseded: 'Somebody else has changed this first.',
  conflict: 'Somebody else has changed this too, and a person has to decide.',
} as const;

export interface Settled {
  readonly state: WireDocument;
  readonly rev: number;
}

/** How a row's document comes to rest after its answer. */
export function stateAfter(
  { row, assumed }: Pick<Item, 'row' | 'assumed'>,
  result: PushResult,
  response: PushResponse,
): Settled {
  const isGone = result.doc === undefined && !stands(result.verdict);
  // A server that refuses an edit without saying how the document stands does not know it by that
  // name: it is no reason to let go of what it gave us once.
  if (isGone && result.verdict === 'rejected' && row.base !== undefined && assumed !== undefined)
    return { state: assumed, rev: assumed.rev ?? 0 };
  const state = settledState(row, result, response);
  return { state, rev: state.rev ?? 0 };
}

/** What the server is known to have of a row that it will never see. */
export function withoutServer({
  row,
  assumed,
  doc,
  lost,
}: Pick<Item, 'row' | 'assumed' | 'doc' | 'lost'>): Settled {
  const known = row.base === undefined ? lost : assumed;
  return { state: known ?? withdrawn(doc), rev: 0 };
}

/** The entry for the ledger where nothing of a row stands. */
export function refusalOf(
  { row, id, group }: Pick<Item, 'row' | 'id' | 'group'>,
  result: PushResult,
  refusedAtMs: number,
): RefusedWrite | undefined {
  const { verdict } = result;
  if (stands(verdict)) return undefined;
  const { base, doc } = row;
  return {
    op: row.op,
    collection: row.collection,
    id,
    doc,
    verdict,
    code: result.code ?? verdict,
    message: result.message ?? REASONS[verdict],
    refusedAtMs,
    ...(base === undefined ? {} : { changed: writtenSince(doc.clk, base.clk) }),
    ...(group === undefined ? {} : { group: { id: group.id, label: group.label } }),
  };
}

/** What this device says itself, where the server has not judged. */
export type OwnVerdict = Pick<PushResult, 'verdict' | 'code' | 'message'>;

/** The verdict on a row at which the server breaks each time, while it takes others. */
export const SERVER_BREAKS = {
  verdict: 'rejected',
  code: 'server_breaks',
  message: 'The server can’t process this change, though it takes others. It can be tried again.',
} as const;

/** The verdict on what holds part of a group that was let go: the server can't know that. */
export const REFUSED_BEFORE = {
  verdict: 'rejected',
  code: 'refused_before',
  message: 'It builds on something that was discarded or not accepted.',
} as const;

/** The verdict that this device gives itself on a row that no request can carry. */
export const TOO_LARGE = {
  verdict: 'rejected',
  code: 'too_large',
  message: 'This is larger than what can be sent at once.',
} as const;
