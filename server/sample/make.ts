// What the generators of the sample share: documents with ids that are the same each time.

import type { DocumentFields, Random } from '../../schemas/index.ts';
import type { IngestDocument } from '../ops/ingest.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export interface Making {
  readonly random: Random;
  /** The sample ends at this moment. */
  readonly nowMs: number;
}

export const isoTime = (timeMs: number): string => new Date(timeMs).toISOString();

/** True in `percent` of a hundred cases. */
export const chance = (random: Random, percent: number): boolean =>
  random.integer(1, 100) <= percent;

export const numbered = (prefix: string, fields: readonly DocumentFields[]): IngestDocument[] =>
  fields.map((one, index) => ({ id: `sample-${prefix}-${index + 1}`, fields: one }));
