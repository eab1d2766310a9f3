// 3,376 airports, nearly all in the USA: real places in a real number. Public domain, collected by the
// US Department of Transportation; the package `vega-datasets` has them as a file.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { rowId } from '../cli/import/row-id.ts';
import type { IngestDocument } from '../ops/ingest.ts';

const entry = createRequire(import.meta.url).resolve('vega-datasets');
const FILE = join(entry, '../../data/airports.csv');

function read(): readonly IngestDocument[] {
  const text = readFileSync(FILE, 'utf8');
  const digest = createHash('sha256').update(text).digest('hex');
  // One row stands on each line, and the ids are those of `import`: both bring the same pins once.
  return parse(text, { from_line: 2 }).map(
    ([code = '', name = '', city = '', state = '', , lat, lng], index) => ({
      id: rowId(digest, index + 2),
      fields: {
        title: name,
        position: { lat: Number(lat), lng: Number(lng) },
        kind: 'airport',
        status: 'open',
        notes: `${city}, ${state} (${code})`,
      },
    }),
  );
}

let known: readonly IngestDocument[] | undefined;

export const airports = (): readonly IngestDocument[] => (known ??= read());
