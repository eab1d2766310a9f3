// Draws what moves: pins and clusters, their marks, the chosen one, the edges' degrees, the scale.

import { formatNumber } from '../../queries/format.ts';
import { graticule, scaleBar } from '../../queries/map/graticule.ts';
import { markerAt, radiusOf, type Marker, type Markers } from '../../queries/map/markers.ts';
import {
  toScreen,
  type ScreenPoint,
  type Size,
  type View,
  type WorldPoint,
} from '../../queries/map/mercator.ts';
import type { PinRow } from '../../queries/map/pins.ts';
import type { RecordMarks } from '../../sync/use-marks.ts';
import type { MapColours } from './map-colours.ts';
import { SPRITE_PX, type Sprites } from './sprites.ts';

export interface PinPicture {
  readonly view: View;
  readonly size: Size;
  readonly ratio: number;
  readonly markers: Markers<PinRow>;
  readonly selected: PinRow | undefined;
  /** Where the open form says that a pin will be. */
  readonly draft: WorldPoint | undefined;
  /** How much of each highlight is left, 0 to 1. */
  readonly fresh: readonly { readonly at: WorldPoint; readonly left: number }[];
  readonly marks: RecordMarks;
  readonly colours: MapColours;
  readonly sprites: Sprites;
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const ROUND = 2 * Math.PI;
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const drawPins = (context: CanvasRenderingContext2D, picture: PinPicture): void => {
  const { view, size, ratio, markers, selected, draft, fresh, colours } = picture;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  drawEdges(context, picture);
  for (const marker of markers.all) {
    const at = toScreen(view, size, marker.at);
    if (isOutside(at, size)) continue;
    if (marker.pin) drawPin(context, picture, marker.pin, at);
    else drawCluster(context, colours, marker, at);
  }
  for (const ring of fresh) {
    context.globalAlpha = ring.left;
    drawRing(context, toScreen(view, size, ring.at), 17, colours.fresh, 3);
    context.globalAlpha = 1;
  }
  if (selected) drawChosen(context, picture, selected);
  if (draft) drawTarget(context, toScreen(view, size, draft), colours);
};

/** A ring around it, or around the cluster that it would cover half of. */
const drawChosen = (
  context: CanvasRenderingContext2D,
  picture: PinPicture,
  selected: PinRow,
): void => {
  const { view, size, markers, colours } = picture;
  const place = toScreen(view, size, selected.at);
  const marker = markerAt(markers, view, size, place);
  const isHidden = marker !== undefined && marker.pin === undefined;
  const at = isHidden ? toScreen(view, size, marker.at) : place;
  const radius = isHidden ? radiusOf(marker.count) + 4 : 18;
  drawRing(context, at, radius, colours.surface, 6);
  drawRing(context, at, radius, colours.accent, 3);
  if (!isHidden) drawPin(context, picture, selected, at);
};

const isOutside = ({ left, top }: ScreenPoint, { width, height }: Size): boolean =>
  left < -40 || top < -40 || left > width + 40 || top > height + 40;

const drawPin = (
  context: CanvasRenderingContext2D,
  { sprites, marks, colours }: PinPicture,
  pin: PinRow,
  { left, top }: ScreenPoint,
): void => {
  const half = SPRITE_PX / 2;
  context.drawImage(sprites(pin), left - half, top - half, SPRITE_PX, SPRITE_PX);
  const hasTwo = marks.conflicts.has(pin.id);
  const isRed = hasTwo || marks.refused.has(pin.id);
  if (!isRed && !marks.pending.has(pin.id)) return;
  const [x, y] = [left + 10, top - 10];
  context.beginPath();
  context.arc(x, y, 7, 0, ROUND);
  context.fillStyle = isRed ? colours.refused : colours.surface;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = isRed ? colours.surface : colours.pending;
  context.stroke();
  context.beginPath();
  // Two arrows, an exclamation mark, or a clock's hands.
  if (hasTwo) {
    for (const [towards, down] of [
      [1, -2],
      [-1, 2],
    ] as const) {
      context.moveTo(x - 3.5 * towards, y + down);
      context.lineTo(x + 3.5 * towards, y + down);
      context.lineTo(x + 1.5 * towards, y + down - 1.5);
    }
  } else if (isRed) {
    context.moveTo(x, y - 3.5);
    context.lineTo(x, y + 1);
    context.moveTo(x, y + 3);
    context.lineTo(x, y + 3.5);
  } else {
    context.moveTo(x, y - 4);
    context.lineTo(x, y);
    context.lineTo(x + 3, y + 1);
  }
  context.stroke();
};

const drawCluster = (
  context: CanvasRenderingContext2D,
  colours: MapColours,
  { count }: Marker<PinRow>,
  { left, top }: ScreenPoint,
): void => {
  const radius = radiusOf(count);
  context.beginPath();
  context.arc(left, top, radius, 0, ROUND);
  context.fillStyle = colours.cluster;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = colours.surface;
  context.stroke();
  context.font = `600 ${count < 1_000 ? 12 : 13}px ${FONT}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colours.clusterWords;
  const words = count < 10_000 ? formatNumber(count) : compact.format(count);
  context.fillText(words, left, top + 0.5);
};

const drawRing = (
  context: CanvasRenderingContext2D,
  { left, top }: ScreenPoint,
  radius: number,
  colour: string,
  widthPx: number,
): void => {
  context.beginPath();
  context.arc(left, top, radius, 0, ROUND);
  context.lineWidth = widthPx;
  context.strokeStyle = colour;
  context.stroke();
};

/** A ring with cross hairs: here it will be. */
const drawTarget = (
  context: CanvasRenderingContext2D,
  { left, top }: ScreenPoint,
  colours: MapColours,
): void => {
  for (const [colour, widthPx] of [
    [colours.surface, 6],
    [colours.accent, 2.5],
  ] as const) {
    drawRing(context, { left, top }, 12, colour, widthPx);
    context.beginPath();
    for (const [x, y] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(left + x * 6, top + y * 6);
      context.lineTo(left + x * 20, top + y * 20);
    }
    context.stroke();
  }
};

const drawEdges = (
  context: CanvasRenderingContext2D,
  { view, size, colours }: PinPicture,
): void => {
  const write = (words: string, left: number, top: number): void => {
    context.strokeText(words, left, top);
    context.fillText(words, left, top);
  };
  context.font = `11px ${FONT}`;
  context.textBaseline = 'middle';
  context.fillStyle = colours.words;
  context.strokeStyle = colours.surface;
  context.lineWidth = 3;
  const { meridians, parallels } = graticule(view, size);
  context.textAlign = 'center';
  for (const { at, words } of meridians)
    write(words, toScreen(view, size, { x: at, y: 0 }).left, 12);
  context.textAlign = 'left';
  const bottom = size.height - 12;
  for (const { at, words } of parallels) {
    const { top } = toScreen(view, size, { x: 0, y: at });
    // Below it stands the scale.
    if (top < bottom - 28) write(words, 6, top);
  }
  const { widthPx, words } = scaleBar(view, 120);
  write(words, 14, bottom - 14);
  for (const [colour, thick] of [
    [colours.surface, 5],
    [colours.words, 2],
  ] as const) {
    context.beginPath();
    context.moveTo(14, bottom - 5);
    context.lineTo(14, bottom);
    context.lineTo(14 + widthPx, bottom);
    context.lineTo(14 + widthPx, bottom - 5);
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.stroke();
  }
};
