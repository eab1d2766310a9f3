// Lines of latitude and longitude that are far enough apart to be read, and a scale bar.

import { boxOf, project, type Size, unproject, type View } from './mercator.ts';

const STEPS = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005];
const APART_PX = 110;
/** Below this the world is seen as a whole, and lines would only be in the way. */
const FROM_WORLD_PX = 2_400;
const EARTH_METRES = 40_075_017;

export interface Line {
  /** In the unit square. */
  readonly at: number;
  readonly words: string;
}

/** Meridians by their x, parallels by their y. */
export const graticule = (
  view: View,
  size: Size,
  marginPx = 0,
): { readonly meridians: readonly Line[]; readonly parallels: readonly Line[] } => {
  if (view.worldPx < FROM_WORLD_PX) return { meridians: [], parallels: [] };
  const step = STEPS.findLast((degrees) => (degrees / 360) * view.worldPx >= APART_PX) ?? 30;
  const box = boxOf(view, size, marginPx);
  const [north, south] = [unproject({ x: 0, y: box.y0 }).lat, unproject({ x: 0, y: box.y1 }).lat];
  const [west, east] = [(box.x0 - 0.5) * 360, (box.x1 - 0.5) * 360];
  return {
    meridians: multiples(west, east, step, 180).map((lng) => ({
      at: project({ lat: 0, lng }).x,
      words: degreeWords(lng, 'E', 'W'),
    })),
    parallels: multiples(south, north, step, 85).map((lat) => ({
      at: project({ lat, lng: 0 }).y,
      words: degreeWords(lat, 'N', 'S'),
    })),
  };
};

const multiples = (low: number, high: number, step: number, most: number): readonly number[] => {
  const first = Math.ceil(Math.max(low, -most) / step);
  const last = Math.floor(Math.min(high, most) / step);
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, index) => (first + index) * step,
  );
};

const degreeWords = (degrees: number, positive: string, negative: string): string => {
  const number = Number(Math.abs(degrees).toFixed(4));
  if (number === 0) return '0°';
  return `${number}°${degrees > 0 ? positive : negative}`;
};

/** A round length that is at most `mostPx` long in the middle of the view. */
export const scaleBar = (
  { center, worldPx }: View,
  mostPx: number,
): { readonly widthPx: number; readonly words: string } => {
  const shrink = Math.cos((unproject(center).lat * Math.PI) / 180);
  const metresPerPx = (EARTH_METRES * shrink) / worldPx;
  const most = metresPerPx * mostPx;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = ([5, 2, 1].find((digit) => digit * power <= most) ?? 1) * power;
  const words = metres >= 1_000 ? `${metres / 1_000} km` : `${metres} m`;
  return { widthPx: metres / metresPerPx, words };
};
