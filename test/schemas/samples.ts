// Sample documents of any collection, complete with an envelope, as the server would store them.

import { seededRandom, type Collection, type SampleContext } from '../../schemas/index.ts';

const NOW_MS = Date.UTC(2026, 0, 31, 9, 30);

/** `count` documents with ids of their own; the same seed gives the same ones. */
export function samplesOf(
  collection: Collection,
  count: number,
  seed: number,
): readonly Record<string, unknown>[] {
  const random = seededRandom(seed);
  const context: SampleContext = {
    random,
    nowMs: NOW_MS,
    idOf: (name) => `${name}-${random.hex(8)}`,
  };
  return Array.from({ length: count }, (_, index) => ({
    [collection.primaryKey]: `${collection.name}-${index}`,
    ...collection.sample(context),
  }));
}

/** The fields that the server adds. */
export function withEnvelope(
  collection: Collection,
  document: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const stamp = `${NOW_MS.toString(16).padStart(12, '0')}000000-${'a'.repeat(16)}`;
  const time = new Date(NOW_MS).toISOString();
  return {
    ...document,
    clk: { '*': stamp },
    ...(collection.versionVector ? { vv: { aaaaaaaaaa: stamp } } : {}),
    rev: 1,
    createdAt: time,
    updatedAt: time,
    createdBy: 'mara',
    updatedBy: 'mara',
  };
}
