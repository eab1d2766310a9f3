// Documents and checkpoints as stock RxDB clients know them: `{id, updatedAt, lwt}` for a
// checkpoint, no envelope unless they ask for the clocks, `_deleted` always there.

import { seq, type Seq } from '../../replication/core.ts';
import { withoutEnvelope } from '../../schemas/index.ts';
import type { Viewer } from '../auth/project.ts';
import type { Head } from '../store/port/port.ts';
import { decodeCheckpoint, encodeCheckpoint, ResyncRequired, scopeVersion } from './checkpoint.ts';
import type { Framing } from './reader.ts';

/** `id` is the whole checkpoint; the numbers repeat its seq for clients that compare them. */
export interface StockCheckpoint {
  readonly id: string;
  readonly updatedAt: number;
  readonly lwt: number;
}

export const stockCheckpoint = (
  head: Pick<Head, 'epoch' | 'floor'>,
  at: Seq,
  scope: string,
): StockCheckpoint => ({ id: encodeCheckpoint(head, at, scope), updatedAt: at, lwt: at });

/** A checkpoint that can't be continued is served from the beginning: such clients know no better. */
export function stockPosition(id: unknown, head: Head, viewer: Viewer): Seq {
  if (typeof id !== 'string' || id === '') return seq(0);
  try {
    return decodeCheckpoint(id, head, scopeVersion(viewer));
  } catch (error) {
    if (error instanceof ResyncRequired) return seq(0);
    throw error;
  }
}

type Json = Readonly<Record<string, unknown>>;

/** The document's own fields: a validating client's schema knows no others. */
export const stockDocument = (doc: Json): Json => ({
  ...withoutEnvelope(doc),
  _deleted: doc['_deleted'] === true,
});

/** Documents from joined stored texts, with or without their envelope. */
export const stockDocuments = (joined: string, withClocks: boolean): readonly Json[] => {
  const documents = JSON.parse(`[${joined}]`) as readonly Json[];
  return withClocks ? documents : documents.map(stockDocument);
};

const framing = (withClocks: boolean): Framing => ({
  name: withClocks ? 'stock-clocks' : 'stock',
  frame: ({ head, scope, to, documents }) => {
    const joined = [...documents.values()].map((texts) => texts.join(',')).join(',');
    const checkpoint = stockCheckpoint(head, to, scope);
    const data = { documents: stockDocuments(joined, withClocks), checkpoint };
    return `id: ${checkpoint.id}\ndata: ${JSON.stringify(data)}\n\n`;
  },
});

export const stockFraming = { plain: framing(false), clocks: framing(true) } as const;
