// Seeded randomness for sample data: the same seed gives the same documents on every machine.

export interface Random {
  /** A whole number from `minimum` to `maximum`, both included. */
  readonly integer: (minimum: number, maximum: number) => number;
  readonly pick: <const T>(values: readonly [T, ...T[]]) => T;
  /** Lower-case hexadecimal digits. */
  readonly hex: (digits: number) => string;
}

/** mulberry32 by Tommy Ettinger (public domain): 32 bits of state, enough for samples. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (minimum: number, maximum: number): number =>
    minimum + Math.floor(next() * (maximum - minimum + 1));
  return {
    integer,
    pick: (values) => values[integer(0, values.length - 1)] ?? values[0],
    hex: (digits) => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join(''),
  };
}
