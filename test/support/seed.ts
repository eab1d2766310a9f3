// The seed of a run's random cases. `npm test` sets HOLDFAST_SEED and prints it; a single file that
// vitest runs by itself makes one and prints it here. The same seed gives the same cases.

import { randomInt } from 'node:crypto';
import fc from 'fast-check';

const given = process.env['HOLDFAST_SEED'];
export const SEED = given === undefined || given === '' ? randomInt(2 ** 31) : Number(given);
if (!Number.isInteger(SEED)) throw new Error(`HOLDFAST_SEED is "${given}", not a whole number.`);
if (given === undefined) console.log(`HOLDFAST_SEED=${SEED}`);

/** Checks a property on `runs` seeded cases; a failure shows the seed, the path and the smallest case. */
export function holds<T>(
  runs: number,
  values: fc.Arbitrary<T>,
  property: (value: T) => void,
): void {
  fc.assert(fc.property(values, property), { seed: SEED, numRuns: runs });
}

/** The same for a property that has to wait for something. */
export const holdsAsync = <T>(
  runs: number,
  values: fc.Arbitrary<T>,
  property: (value: T) => Promise<void>,
): Promise<void> => fc.assert(fc.asyncProperty(values, property), { seed: SEED, numRuns: runs });
