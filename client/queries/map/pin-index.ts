// Pins in the order of a Z-curve (Morton codes), so that every square of a quadtree is one stretch
// of it: what a view shows, how many and where their middle is are found without looking at the
// rest. Building it is one sort of numbers.

import type { WorldBox, WorldPoint } from './mercator.ts';

export interface Placed {
  readonly id: string;
  readonly at: WorldPoint;
}

export interface PinIndex<P extends Placed> {
  /** Along the curve. */
  readonly pins: readonly P[];
  /** How often the world is halved; deeper squares are not told apart. */
  readonly levels: number;
  readonly codes: Float64Array;
  /** Sums of x and y over the pins before each place in the order. */
  readonly sumX: Float64Array;
  readonly sumY: Float64Array;
}

/** A stretch `[from, to)` of the order that fills one square. */
export interface Square {
  readonly from: number;
  readonly to: number;
}

const MOST_LEVELS = 18;

/** Spreads the bits of a number below 2^18 to every other place, by tables of 9 bits. */
const SPREAD = Float64Array.from({ length: 512 }, (_, value) => {
  let spread = 0;
  for (let bit = 0; bit < 9; bit += 1) if ((value >> bit) & 1) spread += 4 ** bit;
  return spread;
});
const spread = (value: number): number =>
  (SPREAD[value >> 9] ?? 0) * 4 ** 9 + (SPREAD[value & 511] ?? 0);

const cellOf = (part: number, cells: number): number =>
  Math.min(cells - 1, Math.max(0, Math.floor(part * cells)));

export const indexPins = <P extends Placed>(pins: readonly P[]): PinIndex<P> => {
  // Code and place of a pin share one number of 53 bits, which sorts without a comparing function.
  const placeBits = Math.ceil(Math.log2(pins.length + 1));
  const levels = Math.min(MOST_LEVELS, Math.floor((53 - placeBits) / 2));
  const [cells, places] = [2 ** levels, 2 ** placeBits];
  // Plain loops: with 100,000 pins arriving, this runs often.
  const keys = new Float64Array(pins.length);
  for (let place = 0; place < pins.length; place += 1) {
    const at = pins[place]?.at;
    if (!at) continue;
    const code = spread(cellOf(at.x, cells)) + 2 * spread(cellOf(at.y, cells));
    keys[place] = code * places + place;
  }
  keys.sort();
  const sorted: P[] = [];
  const codes = new Float64Array(pins.length);
  const sumX = new Float64Array(pins.length + 1);
  const sumY = new Float64Array(pins.length + 1);
  for (let order = 0; order < keys.length; order += 1) {
    const key = keys[order] ?? 0;
    const code = Math.floor(key / places);
    const pin = pins[key - code * places];
    if (!pin) continue;
    sorted.push(pin);
    codes[order] = code;
    sumX[order + 1] = (sumX[order] ?? 0) + pin.at.x;
    sumY[order + 1] = (sumY[order] ?? 0) + pin.at.y;
  }
  return { pins: sorted, levels, codes, sumX, sumY };
};

const firstFrom = (codes: Float64Array, code: number, from: number, to: number): number => {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((codes[middle] ?? 0) < code) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * The squares of side `2 ** -level` that have pins and touch `box`, along the curve. Squares with
 * one pin may come larger.
 */
export const squaresIn = <P extends Placed>(
  { codes, levels }: PinIndex<P>,
  box: WorldBox,
  level: number,
): readonly Square[] => {
  const found: Square[] = [];
  const deepest = Math.min(level, levels);
  const visit = (x: number, y: number, depth: number, code: number, from: number, to: number) => {
    if (from === to) return;
    const side = 2 ** -depth;
    if ((x + 1) * side < box.x0 || x * side > box.x1) return;
    if ((y + 1) * side < box.y0 || y * side > box.y1) return;
    if (depth === deepest || to - from === 1) {
      found.push({ from, to });
      return;
    }
    const quarter = 4 ** (levels - depth - 1);
    let start = from;
    for (let child = 0; child < 4; child += 1) {
      const next = code + child * quarter;
      const end = child === 3 ? to : firstFrom(codes, next + quarter, start, to);
      visit(2 * x + (child & 1), 2 * y + (child >> 1), depth + 1, next, start, end);
      start = end;
    }
  };
  visit(0, 0, 0, 0, 0, codes.length);
  return found;
};

/** The middle of a square's pins. */
export const middleOf = <P extends Placed>(
  { sumX, sumY }: PinIndex<P>,
  { from, to }: Square,
): WorldPoint => ({
  x: ((sumX[to] ?? 0) - (sumX[from] ?? 0)) / (to - from),
  y: ((sumY[to] ?? 0) - (sumY[from] ?? 0)) / (to - from),
});
