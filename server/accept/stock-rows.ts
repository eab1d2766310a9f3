// The rows of stock RxDB clients, made fit to be judged.

import type { Collection } from '../../schemas/index.ts';
import {
  deviceOf,
  highest,
  isClock,
  MAX_ROWS,
  operationOf,
  type PushRequest,
  type WireDocument,
} from '../../replication/core.ts';
import { HttpProblem } from '../errors.ts';
import { forbiddenKey } from './forbidden-keys.ts';

/** A row of RxDB's push handler. */
export interface StockRow {
  readonly newDocumentState: WireDocument;
  readonly assumedMasterState?: WireDocument;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const withoutStorageFields = ({ _attachments, _meta, _rev, ...doc }: Json): WireDocument => doc;

/** Whether a state can be compared and stored; nesting has no bound in JSON. */
const isSound = (state: unknown): state is Json =>
  isObject(state) && forbiddenKey(state) === undefined;

/** What is left of a state that can't be stored: its name, so that it is refused by it. */
function nameOnly({ primaryKey }: Collection, { [primaryKey]: name }: Json): WireDocument {
  return typeof name === 'string' ? { [primaryKey]: name } : {};
}

/** @throws {HttpProblem} where the body is no list of rows at all. */
export function readStockRows(body: unknown, collection: Collection): readonly StockRow[] {
  const rows: unknown = isObject(body) ? (body['rows'] ?? body['changeRows']) : body;
  if (!Array.isArray(rows))
    throw new HttpProblem('bad_request', { detail: 'Send an array of rows. Nothing was changed.' });
  if (rows.length > MAX_ROWS)
    throw new HttpProblem('too_large', { detail: `A push holds at most ${MAX_ROWS} rows.` });
  return rows.map((row: unknown) => {
    const state = isObject(row) ? row['newDocumentState'] : undefined;
    const assumed = isObject(row) ? row['assumedMasterState'] : undefined;
    if (!isObject(state))
      throw new HttpProblem('bad_request', {
        detail: 'A row is {newDocumentState, assumedMasterState?}. Nothing was changed.',
      });
    return {
      newDocumentState: isSound(state) ? withoutStorageFields(state) : nameOnly(collection, state),
      ...(isSound(assumed) ? { assumedMasterState: withoutStorageFields(assumed) } : {}),
    };
  });
}

/** The push of a stock client that stamps (`?clocks`), as Holdfast's own clients would send it. */
export function stampedPush(collection: Collection, rows: readonly StockRow[]): PushRequest {
  const stamps = rows.flatMap(({ newDocumentState }) => Object.values(newDocumentState.clk ?? {}));
  const device = deviceOf(highest(stamps) ?? '');
  return {
    device,
    schema: { [collection.name]: collection.version },
    rows: rows.map(({ newDocumentState: doc, assumedMasterState: assumed }) => ({
      op: operationOf(doc.clk ?? {}, doc._deleted === true, device),
      collection: collection.name,
      doc,
      ...baseOf(assumed),
    })),
  };
}

function baseOf(assumed: WireDocument | undefined): Pick<PushRequest['rows'][number], 'base'> {
  const { rev, clk } = assumed ?? {};
  const isBase = Number.isSafeInteger(rev) && rev !== undefined && rev > 0 && isClock(clk);
  return isBase ? { base: { rev, clk } } : {};
}
