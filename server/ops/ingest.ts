// How commands write documents: through the same judge as everybody's pushes.

import type { Verdict } from '../../replication/core.ts';
import type { Collection, DocumentFields } from '../../schemas/index.ts';
import type { Accept } from '../accept/accept.ts';
import { readPlain } from '../accept/read-rows.ts';
import type { Reader } from '../auth/reader.ts';

export interface IngestDocument {
  readonly id: string;
  /** Own fields only. */
  readonly fields: DocumentFields;
}

export interface IngestResult {
  readonly id: string;
  readonly verdict: Verdict;
  /** The document was there with the same content. */
  readonly duplicate?: boolean;
  readonly message?: string;
}

/** Writes documents as the reader, in one commit; one result per document, in their order. */
export type Ingest = (
  reader: Reader,
  collection: string,
  documents: readonly IngestDocument[],
) => Promise<readonly IngestResult[]>;

export const ingestThrough =
  (accept: Accept, collections: ReadonlyMap<string, Collection>): Ingest =>
  async (reader, name, documents) => {
    const collection = collections.get(name);
    if (collection === undefined) throw new Error(`There is no collection "${name}".`);
    const rows = documents.map(({ id, fields }) =>
      readPlain(reader, collection, { ...fields, [collection.primaryKey]: id }),
    );
    const { results } = await accept.plain(reader, rows);
    return documents.map(({ id }, index) => {
      const { verdict = 'rejected', message, entry } = results[index] ?? {};
      return {
        id,
        verdict,
        ...(verdict === 'accepted' && entry?.written !== true ? { duplicate: true } : {}),
        ...(message === undefined ? {} : { message }),
      };
    });
  };
