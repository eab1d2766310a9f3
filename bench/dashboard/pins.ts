// Pins as a company might have them: in a few hundred towns, so that some are dense and most of the
// sea is empty; the same ones in each run. And pouring them into a server.

import { makeRow, pushBody } from '../documents.ts';
import type { Client } from '../http.ts';

const TOWNS = 300;
const BATCH = 500;
const WORDS = [
  'Well',
  'Gate',
  'Pump',
  'Mast',
  'Depot',
  'Bridge',
  'Sluice',
  'Shaft',
  'Barn',
  'Field',
];

/** Numbers in [0, 1) that are the same in each run (mulberry32). */
const numbers = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

/** Pushes `count` new pins, in requests one after the other. */
export const pour = async (client: Client, count: number): Promise<void> => {
  const next = numbers(count);
  const towns = Array.from(
    { length: TOWNS },
    () => [next() * 120 - 55, next() * 340 - 170] as const,
  );
  for (let made = 0; made < count; made += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - made) }, () => {
      const [lat, lng] = towns[Math.floor(next() ** 2 * TOWNS)] ?? [0, 0];
      const title = `${WORDS[Math.floor(next() * WORDS.length)]} ${Math.floor(next() * 90_000)}`;
      const spread = (): number => (next() + next() + next() - 1.5) * 4;
      return makeRow(title, { lat: lat + spread(), lng: lng + spread() });
    });
    await client.post('/api/sync/push', pushBody(rows));
  }
};
