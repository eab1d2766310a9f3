// Documents as the local storage has them, read and written past RxDB's hooks.

import {
  fillObjectDataBeforeInsert,
  getChangedDocumentsSince,
  getDefaultRevision,
  getDefaultRxDocumentMeta,
  type RxCollection,
  type RxDocumentData,
} from 'rxdb';
import type { WireDocument } from '../protocol/index.ts';
import { sameClock } from '../stamp/clock.ts';
import type { Draft } from './stamping.ts';

export type LocalCollection = RxCollection<Draft>;

/** A document of the local storage without RxDB's own fields. */
export function plain(document: object): WireDocument {
  const { _attachments, _meta, _rev, ...rest } = document as Draft;
  return rest;
}

/** A stored document, and what RxDB keeps with it. */
export interface Raw {
  readonly plain: WireDocument;
  readonly data: RxDocumentData<Draft>;
}

export async function readRaw(
  local: LocalCollection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Raw>> {
  const { primaryPath } = local.schema;
  const found = await local.storageInstance.findDocumentsById([...ids], true);
  return new Map(found.map((data) => [String(data[primaryPath]), { data, plain: plain(data) }]));
}

/** A new document with its schema's defaults. */
export const filled = (local: LocalCollection, fields: Readonly<Draft>): Draft => ({
  ...plain(fillObjectDataBeforeInsert(local.schema, { ...fields })),
});

/**
 * Writes documents over the versions that were read, past the hooks, for they are stamped. Resolves
 * with the ids whose stored version is another one by now.
 *
 * @throws what the storage says of a document that it does not take.
 */
export async function writeRaw(
  local: LocalCollection,
  rows: readonly { readonly document: WireDocument; readonly raw: Raw | undefined }[],
  context: 'together' | 'holdfast-discard',
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const { error } = await local.storageInstance.bulkWrite(
    rows.map(({ document, raw }) => ({
      ...(raw === undefined ? {} : { previous: raw.data }),
      document: {
        ...document,
        _deleted: document._deleted === true,
        _attachments: raw?.data._attachments ?? {},
        _meta: raw?.data._meta ?? getDefaultRxDocumentMeta(),
        _rev: getDefaultRevision(),
      } as RxDocumentData<Draft>,
    })),
    context,
  );
  const failed = error.find(({ status }) => status !== 409);
  if (failed !== undefined)
    throw new Error(`A document was not written: ${JSON.stringify(failed)}`);
  return new Set(error.map(({ documentId }) => documentId));
}

/** A document that goes back to an earlier state, where it stands as it was found. */
export interface Reversal {
  readonly id: string;
  readonly found: WireDocument;
  readonly state: WireDocument;
}

export async function putBack(local: LocalCollection, states: readonly Reversal[]): Promise<void> {
  const stored = await readRaw(
    local,
    states.map(({ id }) => id),
  );
  const rows = states.flatMap(({ id, found, state }) => {
    const raw = stored.get(id);
    return sameClock(raw?.plain.clk, found.clk) ? [{ document: state, raw }] : [];
  });
  await writeRaw(local, rows, 'holdfast-discard');
}

const SCAN_BATCH = 500;

/** Shows all stored documents, deleted ones too, in batches. */
export async function scan(
  local: LocalCollection,
  visit: (documents: readonly WireDocument[]) => void,
): Promise<void> {
  let from: unknown;
  for (;;) {
    const { documents, checkpoint } = await getChangedDocumentsSince(
      local.storageInstance,
      SCAN_BATCH,
      from,
    );
    if (documents.length === 0) return;
    visit(documents.map(plain));
    from = checkpoint;
  }
}
