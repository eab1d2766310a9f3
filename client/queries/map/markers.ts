// What stands on the map for a view: single pins, and clusters with a count where pins would cover
// each other. Markers are the same for the whole of a zoom step, so that panning moves them only.

import {
  boxOf,
  type ScreenPoint,
  type Size,
  toScreen,
  type View,
  type WorldBox,
} from './mercator.ts';
import { middleOf, squaresIn, type PinIndex, type Placed, type Square } from './pin-index.ts';
import type { WorldPoint } from './mercator.ts';

export interface Marker<P extends Placed> {
  readonly at: WorldPoint;
  readonly count: number;
  /** Set when it stands for one pin. */
  readonly pin: P | undefined;
  readonly squares: readonly Square[];
}

export interface Markers<P extends Placed> {
  readonly index: PinIndex<P>;
  readonly step: number;
  readonly box: WorldBox;
  readonly all: readonly Marker<P>[];
}

/** Markers nearer than this are one. */
const APART_PX = 38;
const STEPS_PER_DOUBLING = 2;
const MARGIN_PX = 400;
export const PIN_REACH_PX = 22;

/** Half a doubling of the scale per step. */
export const stepOf = ({ worldPx }: View): number =>
  Math.floor(Math.log2(worldPx) * STEPS_PER_DOUBLING + 1e-6);
const pxOfStep = (step: number): number => 2 ** (step / STEPS_PER_DOUBLING);

/** The radius of a cluster's disc. */
export const radiusOf = (count: number): number => Math.min(30, 13 + 3 * Math.log10(count) ** 1.4);

/** Markers for a view and its surroundings; `before` if it still serves. */
export const markersFor = <P extends Placed>(
  index: PinIndex<P>,
  view: View,
  size: Size,
  before?: Markers<P>,
): Markers<P> => {
  const step = stepOf(view);
  const seen = boxOf(view, size, 40);
  if (before?.index === index && before.step === step && covers(before.box, seen)) return before;
  const worldPx = pxOfStep(step);
  const level = Math.max(0, Math.round(Math.log2(worldPx / APART_PX)));
  const box = boxOf({ ...view, worldPx }, size, MARGIN_PX);
  const squares =
    level > index.levels ? singles(squaresIn(index, box, level)) : squaresIn(index, box, level);
  return { index, step, box, all: gather(index, squares, worldPx) };
};

const covers = (outer: WorldBox, inner: WorldBox): boolean =>
  outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 && outer.y1 >= inner.y1;

/** Deeper than the squares go, each pin is looked at. */
const singles = (squares: readonly Square[]): readonly Square[] =>
  squares.flatMap(({ from, to }) =>
    Array.from({ length: to - from }, (_, step) => ({ from: from + step, to: from + step + 1 })),
  );

interface Heap {
  at: WorldPoint;
  count: number;
  squares: Square[];
}

/** No world is 2^26 cells high. */
const cellOf = (column: number, row: number): number => column * 2 ** 26 + row;

/** Neighbours that would touch become one, in the order of the curve. */
const gather = <P extends Placed>(
  index: PinIndex<P>,
  squares: readonly Square[],
  worldPx: number,
): readonly Marker<P>[] => {
  const apart = APART_PX / worldPx;
  const grid = new Map<number, Heap[]>();
  const heaps: Heap[] = [];
  for (const square of squares) {
    const at = middleOf(index, square);
    const count = square.to - square.from;
    const [column, row] = [Math.floor(at.x / apart), Math.floor(at.y / apart)];
    const near = nearest(grid, column, row, at, apart);
    if (near) {
      const total = near.count + count;
      const part = count / total;
      near.at = {
        x: near.at.x + (at.x - near.at.x) * part,
        y: near.at.y + (at.y - near.at.y) * part,
      };
      near.count = total;
      near.squares.push(square);
      continue;
    }
    const heap = { at, count, squares: [square] };
    heaps.push(heap);
    const cell = cellOf(column, row);
    const others = grid.get(cell);
    if (others) others.push(heap);
    else grid.set(cell, [heap]);
  }
  return heaps.map((heap) => ({
    ...heap,
    pin: heap.count === 1 ? index.pins[heap.squares[0]?.from ?? -1] : undefined,
  }));
};

const nearest = (
  grid: ReadonlyMap<number, readonly Heap[]>,
  column: number,
  row: number,
  at: WorldPoint,
  apart: number,
): Heap | undefined => {
  let found: Heap | undefined;
  let least = apart;
  for (let across = -1; across <= 1; across += 1)
    for (let down = -1; down <= 1; down += 1)
      for (const heap of grid.get(cellOf(column + across, row + down)) ?? []) {
        const distance = Math.hypot(heap.at.x - at.x, heap.at.y - at.y);
        if (distance >= least) continue;
        least = distance;
        found = heap;
      }
  return found;
};

/** The marker that a finger or a pointer means, if one is near enough. */
export const markerAt = <P extends Placed>(
  { all }: Markers<P>,
  view: View,
  size: Size,
  pointed: ScreenPoint,
): Marker<P> | undefined => {
  let found: Marker<P> | undefined;
  let least = PIN_REACH_PX;
  for (const marker of all) {
    const { left, top } = toScreen(view, size, marker.at);
    const beyond = marker.pin ? 0 : radiusOf(marker.count) - 12;
    const distance = Math.hypot(left - pointed.left, top - pointed.top) - beyond;
    if (distance > least) continue;
    least = distance;
    found = marker;
  }
  return found;
};

export const pinsOf = <P extends Placed>(
  { index }: Markers<P>,
  { squares }: Marker<P>,
): readonly P[] => squares.flatMap(({ from, to }) => index.pins.slice(from, to));
