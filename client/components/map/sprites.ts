// Pins drawn once per look, to be copied onto the map many times.

import type { PinRow } from '../../queries/map/pins.ts';
import { CHECK, SHAPES } from './glyphs.ts';
import type { MapColours } from './map-colours.ts';

export const SPRITE_PX = 26;

type Look = Pick<PinRow, 'kind' | 'status'>;
export type Sprites = (look: Look) => HTMLCanvasElement;

export const makeSprites = (colours: MapColours, ratio: number): Sprites => {
  const made = new Map<string, HTMLCanvasElement>();
  return (look) => {
    const name = `${look.kind} ${look.status}`;
    const known = made.get(name);
    if (known) return known;
    const sprite = draw(look, colours, ratio);
    made.set(name, sprite);
    return sprite;
  };
};

const draw = ({ kind, status }: Look, colours: MapColours, ratio: number): HTMLCanvasElement => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.ceil(SPRITE_PX * ratio);
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  const scale = (canvas.width / 24) * 0.84;
  context.setTransform(scale, 0, 0, scale, canvas.width * 0.08, canvas.height * 0.08);
  context.lineJoin = context.lineCap = 'round';
  const shape = SHAPES[kind];
  const [whole, half] = [shape.whole, shape.half].map((text) => new Path2D(text));
  if (!whole || !half) return canvas;
  context.strokeStyle = context.fillStyle = colours.surface;
  context.lineWidth = 5;
  context.stroke(whole);
  context.fill(whole);
  context.strokeStyle = context.fillStyle = shape.colour[colours.scheme];
  context.lineWidth = 2;
  context.stroke(whole);
  if (status === 'open') context.fill(whole);
  if (status === 'in progress') context.fill(half);
  context.lineWidth = 2.4;
  if (status === 'done') context.stroke(new Path2D(CHECK));
  return canvas;
};
