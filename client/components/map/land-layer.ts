// The canvas behind the pins: a picture wider than the screen, which the browser shifts and scales
// with the view until a worker has drawn the next one.

import { toScreen, type Size, type View } from '../../queries/map/mercator.ts';
import type { LandBitmap, LandWish } from './land-worker.ts';
import type { MapColours } from './map-colours.ts';

const MARGIN_PX = 240;
const SETTLED_MS = 140;
/** Scaled more than this, it would look coarse. */
const MOST_SCALE = 1.3;

let worker: Worker | undefined;

/**
 * The page's one worker, begun with the first call. It fetches the shapes, and keeps them when the
 * map is left: without a network there would be no getting them again.
 */
export const landWorker = (): Worker =>
  (worker ??= new Worker(new URL('./land-worker.ts', import.meta.url), { type: 'module' }));

export class LandLayer {
  readonly #canvas: HTMLCanvasElement;
  readonly #closed = new AbortController();
  #size: Size = { width: 0, height: 0 };
  #ratio = 1;
  #colours: MapColours | undefined;
  #arrived: LandBitmap | undefined;
  /** What the canvas shows. */
  #shown: LandWish | undefined;
  /** What the worker is drawing, or has drawn last. */
  #wished: LandWish | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;

  /** @param onChange called when it would look different if it were placed again. */
  constructor(canvas: HTMLCanvasElement, onChange: () => void) {
    this.#canvas = canvas;
    const arrive = ({ data }: MessageEvent<LandBitmap>): void => {
      this.#arrived?.bitmap.close();
      this.#arrived = data;
      onChange();
    };
    landWorker().addEventListener('message', arrive, { signal: this.#closed.signal });
  }

  close(): void {
    clearTimeout(this.#settle);
    this.#closed.abort();
  }

  resize(size: Size, ratio: number): void {
    this.#size = size;
    this.#ratio = ratio;
    this.#wished = undefined;
  }

  /** Shows the view, as well as the last picture does. */
  place(view: View, colours: MapColours): void {
    if (colours !== this.#colours) this.#wished = undefined;
    this.#colours = colours;
    this.#showArrived();
    clearTimeout(this.#settle);
    const isAsking = this.#wished !== undefined && this.#wished !== this.#shown;
    if (!this.#wished || (!isAsking && !this.#serves(this.#wished.view, view)))
      this.#ask(view, colours);
    else if (!isSame(this.#wished.view, view))
      this.#settle = setTimeout(() => {
        this.#ask(view, colours);
      }, SETTLED_MS);
    const shown = this.#shown;
    if (!shown) return;
    const at = toScreen(view, this.#size, shown.view.center);
    const [left, top] = [at.left - shown.size.width / 2, at.top - shown.size.height / 2];
    const scale = view.worldPx / shown.view.worldPx;
    this.#canvas.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  }

  /** Whether a picture of one view covers another one, and not too coarsely. */
  #serves(drawn: View, view: View): boolean {
    const scale = view.worldPx / drawn.worldPx;
    const { width, height } = this.#size;
    const at = toScreen(view, this.#size, drawn.center);
    return (
      scale < MOST_SCALE &&
      Math.abs(at.left - width / 2) < (width / 2 + MARGIN_PX) * scale - width / 2 &&
      Math.abs(at.top - height / 2) < (height / 2 + MARGIN_PX) * scale - height / 2
    );
  }

  #ask(view: View, colours: MapColours): void {
    const { width, height } = this.#size;
    const size = { width: width + 2 * MARGIN_PX, height: height + 2 * MARGIN_PX };
    this.#wished = { view, size, ratio: this.#ratio, colours };
    landWorker().postMessage(this.#wished);
  }

  #showArrived(): void {
    const arrived = this.#arrived;
    if (!arrived) return;
    this.#arrived = undefined;
    const { wish, bitmap } = arrived;
    const { style } = this.#canvas;
    this.#canvas.width = bitmap.width;
    this.#canvas.height = bitmap.height;
    style.width = `${wish.size.width}px`;
    style.height = `${wish.size.height}px`;
    this.#canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
    this.#shown = wish;
    if (this.#wished && isSame(this.#wished.view, wish.view)) this.#wished = wish;
  }
}

const isSame = (one: View, other: View): boolean =>
  one.worldPx === other.worldPx &&
  one.center.x === other.center.x &&
  one.center.y === other.center.y;
