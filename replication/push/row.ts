// A document with local changes, as it goes to the server.

import type { Collection } from '../../schemas/index.ts';
import type { PushInput } from '../plugin/rx.ts';
import type { Base, PushRow, WireDocument } from '../protocol/index.ts';
import { isWithdrawn, operationOf, stampedEntries, valueAt } from '../stamp/clock.ts';

/** What RxDB wants to push, and the document's id. */
export interface Sent extends PushInput {
  readonly id: string;
  /** The version of a lost history that it started from. */
  readonly lost?: WireDocument | undefined;
}

/** The base is what this edit started from; a document the server never gave has none. */
function baseOf(collection: Collection, doc: WireDocument, assumed: WireDocument): Base {
  const known = assumed.clk ?? {};
  const was: Record<string, unknown> = {};
  const clk = doc.clk ?? {};
  for (const entry of stampedEntries(collection, clk))
    if (clk[entry] !== known[entry]) {
      const value = valueAt(collection, assumed, entry);
      if (value !== undefined) was[entry] = value;
    }
  return {
    rev: assumed.rev ?? 0,
    clk: known,
    ...(assumed.vv === undefined ? {} : { vv: assumed.vv }),
    was,
  };
}

export function rowOf(
  collection: Collection,
  { doc, assumed, lost }: PushInput & Pick<Sent, 'lost'>,
  device: string,
): PushRow {
  const base =
    assumed !== undefined && (assumed.rev ?? 0) > 0 && !isWithdrawn(assumed)
      ? baseOf(collection, doc, assumed)
      : undefined;
  return {
    op: operationOf(doc.clk ?? {}, doc._deleted === true, device),
    collection: collection.name,
    doc,
    ...(base === undefined ? {} : { base }),
    ...(lost?.clk === undefined ? {} : { seen: lost.clk }),
  };
}

/** Length of a text in UTF-8, in bytes. */
export function sizeOf(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // Two bytes up to U+07FF, three above; each half of a surrogate pair counts for two of four.
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
