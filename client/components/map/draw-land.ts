// Draws the layer that seldom changes: sea, countries, lines of latitude and longitude, names.

import { graticule } from '../../queries/map/graticule.ts';
import { boxOf, toScreen, type Size, type View } from '../../queries/map/mercator.ts';
import { SIDE, type LandShape } from './land.ts';
import type { MapColours } from './map-colours.ts';

const NAME_FONT = '500 11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
/** A name needs a country about as wide as itself. */
const LETTER_PX = 7;

export interface LandPicture {
  readonly view: View;
  /** Of the layer, margins included. */
  readonly size: Size;
  readonly ratio: number;
  readonly shapes: readonly LandShape[];
  readonly colours: MapColours;
}

type Context = OffscreenCanvasRenderingContext2D;

export const drawLand = (context: Context, picture: LandPicture): void => {
  const { view, size, ratio, shapes, colours } = picture;
  const seen = boxOf(view, size);
  const visible = shapes.filter(
    ({ box }) => box.x0 < seen.x1 && box.x1 > seen.x0 && box.y0 < seen.y1 && box.y1 > seen.y0,
  );
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = colours.sea;
  context.fillRect(0, 0, size.width, size.height);
  const origin = toScreen(view, size, { x: 0, y: 0 });
  const scale = (view.worldPx / SIDE) * ratio;
  context.setTransform(scale, 0, 0, scale, origin.left * ratio, origin.top * ratio);
  context.fillStyle = colours.land;
  for (const { path } of visible) context.fill(path);
  context.strokeStyle = colours.border;
  // A hair's breadth is drawn many times faster than a line of some width.
  context.lineWidth = 0.99 / scale;
  context.lineJoin = 'round';
  for (const { path } of visible) context.stroke(path);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawGrid(context, picture);
  drawNames(context, picture, visible);
};

const drawGrid = (context: Context, { view, size, colours }: LandPicture): void => {
  const { meridians, parallels } = graticule(view, size);
  context.strokeStyle = colours.grid;
  context.lineWidth = 1;
  context.beginPath();
  for (const { at } of meridians) {
    const left = Math.round(toScreen(view, size, { x: at, y: 0 }).left) + 0.5;
    context.moveTo(left, 0);
    context.lineTo(left, size.height);
  }
  for (const { at } of parallels) {
    const top = Math.round(toScreen(view, size, { x: 0, y: at }).top) + 0.5;
    context.moveTo(0, top);
    context.lineTo(size.width, top);
  }
  context.stroke();
};

const drawNames = (
  context: Context,
  { view, size, colours }: LandPicture,
  visible: readonly LandShape[],
): void => {
  context.font = NAME_FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colours.names;
  context.strokeStyle = colours.land;
  context.lineWidth = 3;
  for (const { name, box } of visible) {
    const width = box.x1 - box.x0;
    if (!name || width * view.worldPx < name.words.length * LETTER_PX) continue;
    // Islands on both sides of the date line are as wide as the world.
    if (width > 0.9 && box.y1 - box.y0 < 0.05) continue;
    const { left, top } = toScreen(view, size, name.at);
    context.strokeText(name.words, left, top);
    context.fillText(name.words, left, top);
  }
};
