// The canvas behind the pins: drawn once, wider than the screen, then only shifted and scaled by
// the browser until the view leaves it or comes to rest.

import { toScreen, type Size, type View } from '../../queries/map/mercator.ts';
import { drawLand } from './draw-land.ts';
import { loadLand, type Detail, type LandShape } from './land.ts';
import type { MapColours } from './map-colours.ts';

const MARGIN_PX = 240;
const SETTLED_MS = 140;
/** Looking closer than this asks for the finer shapes. */
const NEAR_PX = 2_500;
/** Scaled more than this, it would look coarse. */
const MOST_SCALE = 1.6;

export class LandLayer {
  readonly #canvas: HTMLCanvasElement;
  readonly #onChange: () => void;
  readonly #ended = new AbortController();
  readonly #shapes: Partial<Record<Detail, readonly LandShape[]>> = {};
  readonly #asked = new Set<Detail>();
  #size: Size = { width: 0, height: 0 };
  #ratio = 1;
  #drawn: View | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;

  /** @param onChange called when it would look different if it were placed again. */
  constructor(canvas: HTMLCanvasElement, onChange: () => void) {
    this.#canvas = canvas;
    this.#onChange = onChange;
    this.#want('far');
  }

  close(): void {
    this.#ended.abort();
    clearTimeout(this.#settle);
  }

  resize(size: Size, ratio: number): void {
    this.#size = size;
    this.#ratio = ratio;
    sizeCanvas(this.#canvas, size, MARGIN_PX, ratio);
    this.#drawn = undefined;
  }

  /** What is drawn is of no more use: other colours, other shapes. */
  spoil(): void {
    this.#drawn = undefined;
  }

  /** Shows the view, by drawing only where shifting does not do. */
  place(view: View, colours: MapColours): void {
    if (view.worldPx > NEAR_PX) this.#want('near');
    clearTimeout(this.#settle);
    const drawn = this.#drawn;
    if (!drawn) return this.#draw(view, colours);
    const scale = view.worldPx / drawn.worldPx;
    const { width, height } = this.#size;
    const at = toScreen(view, this.#size, drawn.center);
    const [left, top] = [at.left - width / 2, at.top - height / 2];
    const short =
      Math.abs(left) > (width / 2 + MARGIN_PX) * scale - width / 2 ||
      Math.abs(top) > (height / 2 + MARGIN_PX) * scale - height / 2;
    if (short || scale > MOST_SCALE) return this.#draw(view, colours);
    this.#canvas.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
    if (scale === 1 && left === 0 && top === 0) return undefined;
    this.#settle = setTimeout(() => {
      this.#drawn = undefined;
      this.#onChange();
    }, SETTLED_MS);
    return undefined;
  }

  #draw(view: View, colours: MapColours): void {
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (!context) return;
    const { width, height } = this.#size;
    const size = { width: width + 2 * MARGIN_PX, height: height + 2 * MARGIN_PX };
    const { far = [], near } = this.#shapes;
    const shapes = view.worldPx > NEAR_PX ? (near ?? far) : far;
    drawLand(context, { view, size, ratio: this.#ratio, shapes, colours });
    this.#canvas.style.transform = '';
    this.#drawn = view;
  }

  #want(detail: Detail): void {
    if (this.#asked.has(detail)) return;
    this.#asked.add(detail);
    loadLand(detail, this.#ended.signal).then(
      (shapes) => {
        this.#shapes[detail] = shapes;
        this.#drawn = undefined;
        this.#onChange();
      },
      // Without the server the map goes on with what it has; the next look asks again.
      () => this.#asked.delete(detail),
    );
  }
}

export const sizeCanvas = (
  canvas: HTMLCanvasElement,
  size: Size,
  marginPx: number,
  ratio: number,
): void => {
  const [width, height] = [size.width + 2 * marginPx, size.height + 2 * marginPx];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.style.left = canvas.style.top = `${-marginPx}px`;
};
