// Writes that belong together: kept in the ledger as one before any of their documents is written,
// and sent from there, so that a crash leaves all of them or none.

import type { Collection } from '../../schemas/index.ts';
import { mergeFieldLww } from '../merge/field-lww.ts';
import { joinVectors, knows } from '../merge/vector.ts';
import type { WireDocument } from '../protocol/index.ts';
import { isWithdrawn } from '../stamp/clock.ts';

export interface Member {
  readonly collection: string;
  readonly id: string;
  /** What the group makes of the document, stamped. */
  readonly doc: WireDocument;
  /** The document as it stood here just before. */
  readonly before?: WireDocument;
}

export interface Group {
  readonly id: string;
  /** What was done, in people's words. */
  readonly label: string;
  readonly createdAtMs: number;
  readonly members: readonly Member[];
  /** The versions of its members' collections (`up-to-date.ts`). */
  readonly schema?: Readonly<Record<string, number>>;
  /** A request has carried it: it is repeated as it is until it is judged. */
  readonly frozen?: true;
}

/** Whether `outer` has every write that `inner` has. */
export const includes = (outer: WireDocument | undefined, inner: WireDocument): boolean =>
  outer !== undefined && knows(outer.clk, inner.clk);

/** A member's write on its document as it stands now; nothing where it is there already. */
export function applied(
  collection: Collection,
  { doc }: Member,
  stored: WireDocument | undefined,
): WireDocument | undefined {
  // What is gone from here says nothing about a new document under its id.
  if (stored === undefined || isWithdrawn(stored)) return doc;
  if (includes(stored, doc)) return undefined;
  const merged = mergeFieldLww(collection, stored, doc);
  return doc.vv === undefined ? merged : { ...merged, vv: joinVectors(stored.vv, doc.vv) };
}
