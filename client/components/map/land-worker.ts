// Draws the land beside the page's own work: one picture takes a slow device longer than a frame.
// The page says what it wants to see and gets a bitmap of it; of several wishes only the last counts.

import type { Size, View } from '../../queries/map/mercator.ts';
import { drawLand } from './draw-land.ts';
import { loadLand, type Detail, type LandShape } from './land.ts';
import type { MapColours } from './map-colours.ts';

export interface LandWish {
  readonly view: View;
  /** Margins included. */
  readonly size: Size;
  readonly ratio: number;
  readonly colours: MapColours;
}
export interface LandBitmap {
  readonly wish: LandWish;
  readonly bitmap: ImageBitmap;
}

/** Looking closer than this shows the finer shapes. */
const NEAR_PX = 6_000;

const canvas = new OffscreenCanvas(1, 1);
const shapes: Partial<Record<Detail, readonly LandShape[]>> = {};
const asked = new Set<Detail>();
let latest: LandWish | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

const want = (detail: Detail): void => {
  if (asked.has(detail)) return;
  asked.add(detail);
  loadLand(detail).then(
    (loaded) => {
      shapes[detail] = loaded;
      drawSoon();
      // While there is a network: who looks closer later may have none.
      want('near');
    },
    // Without the server the map goes on with what it has; the next look asks again.
    () => asked.delete(detail),
  );
};

const draw = (): void => {
  timer = undefined;
  const wish = latest;
  const context = canvas.getContext('2d', { alpha: false });
  const { far, near } = shapes;
  if (!wish || !context || !far) return;
  const { view, size, ratio } = wish;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  drawLand(context, { ...wish, shapes: view.worldPx > NEAR_PX ? (near ?? far) : far });
  const bitmap = canvas.transferToImageBitmap();
  const answer: LandBitmap = { wish, bitmap };
  postMessage(answer, { transfer: [bitmap] });
};
const drawSoon = (): void => {
  // Wishes that wait in the queue come first.
  timer ??= setTimeout(draw);
};

addEventListener('message', ({ data }: MessageEvent<LandWish>) => {
  latest = data;
  want(shapes.far ? 'near' : 'far');
  drawSoon();
});
want('far');
