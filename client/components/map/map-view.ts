// The map itself, outside of React: two canvases, one view, and a frame only when something moved.
// Land is a picture that is shifted and scaled; pins are drawn anew in each frame.

import {
  markerAt,
  markersFor,
  pinsOf,
  type Marker,
  type Markers,
} from '../../queries/map/markers.ts';
import {
  boxOf,
  fit,
  panBy,
  toScreen,
  toWorld,
  within,
  zoomAt,
  type ScreenPoint,
  type Size,
  type View,
  type WorldPoint,
} from '../../queries/map/mercator.ts';
import { indexPins, type PinIndex } from '../../queries/map/pin-index.ts';
import type { PinRow } from '../../queries/map/pins.ts';
import { drawPins } from './draw-pins.ts';
import { LandLayer } from './land-layer.ts';
import type { RecordMarks } from '../../sync/use-marks.ts';
import type { MapColours } from './map-colours.ts';
import { makeSprites, type Sprites } from './sprites.ts';

export interface MapContent {
  readonly rows: readonly PinRow[];
  readonly selected: PinRow | undefined;
  readonly draft: WorldPoint | undefined;
  readonly marks: RecordMarks;
  readonly colours: MapColours;
}

const GLIDE_MS = 220;
const FRESH_MS = 6_000;
/** Storing where it stands takes a while, so not with each move. */
const KEEP_MS = 200;
const FAR_OFF = 1.6;
const MOST_RATIO = 2;
/** Where the button at the top no longer covers a chosen pin. */
const UNDER_BUTTON_PX = 76;

export class MapView {
  readonly #land: LandLayer;
  readonly #pins: HTMLCanvasElement;
  readonly #onView: (view: View) => void;
  readonly #calm: () => boolean;
  #size: Size = { width: 0, height: 0 };
  #ratio = 1;
  #view: View | undefined;
  /** Nobody has moved it yet: it may go on showing all pins. */
  #untouched: boolean;
  #content: MapContent | undefined;
  #index: PinIndex<PinRow> = indexPins([]);
  /** The rows that the index has. */
  #indexed: readonly PinRow[] = [];
  #markers: Markers<PinRow> | undefined;
  #sprites: Sprites | undefined;
  #fresh: readonly PinRow[] = [];
  #frame = 0;
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #glide: { readonly from: View; readonly to: View; readonly startedMs: number } | undefined;

  /**
   * @param kept where it was left; without it, it shows all pins.
   * @param calm whether the person wants no movement.
   */
  constructor(
    canvases: { readonly land: HTMLCanvasElement; readonly pins: HTMLCanvasElement },
    kept: View | undefined,
    onView: (view: View) => void,
    calm: () => boolean,
  ) {
    this.#land = new LandLayer(canvases.land, () => this.#request());
    this.#pins = canvases.pins;
    this.#view = kept;
    this.#untouched = kept === undefined;
    this.#onView = onView;
    this.#calm = calm;
  }

  /** Ends everything; it draws no more. */
  readonly close = (): void => {
    this.#closed = true;
    this.#land.close();
    clearTimeout(this.#keeping);
    if (this.#view && !this.#untouched) this.#onView(this.#target());
    cancelAnimationFrame(this.#frame);
  };

  resize(size: Size): void {
    this.#size = size;
    this.#ratio = Math.min(MOST_RATIO, window.devicePixelRatio || 1);
    this.#sprites = undefined;
    this.#land.resize(size, this.#ratio);
    this.#pins.width = Math.round(size.width * this.#ratio);
    this.#pins.height = Math.round(size.height * this.#ratio);
    this.#pins.style.width = `${size.width}px`;
    this.#pins.style.height = `${size.height}px`;
    if (this.#view) this.#view = within(this.#view, size);
    // What was cleared is drawn before anybody sees it.
    if (this.#content) this.#draw();
  }

  show(content: MapContent): void {
    const before = this.#content;
    this.#content = content;
    if (before?.colours !== content.colours) {
      this.#sprites = undefined;
    }
    this.#request();
  }

  /** With the next frame and not before, so that the page's own work on new rows comes first. */
  #takeRows(rows: readonly PinRow[]): void {
    if (rows === this.#indexed) return;
    this.#indexed = rows;
    this.#index = indexPins(rows);
    const sinceMs = Date.now() - FRESH_MS;
    this.#fresh = rows.filter(({ touchedAtMs = 0 }) => touchedAtMs > sinceMs);
    if (this.#untouched) this.#fitIfHidden();
  }

  /** The pins at a point of the screen; several where they are one cluster. */
  pinsAt(at: ScreenPoint): readonly PinRow[] {
    const marker = this.#markerAt(at);
    return marker && this.#markers ? pinsOf(this.#markers, marker) : [];
  }

  placeAt(at: ScreenPoint): WorldPoint | undefined {
    // What was pointed at stays under the finger.
    this.#untouched = false;
    return this.#view && toWorld(this.#view, this.#size, at);
  }

  get middle(): ScreenPoint {
    return { left: this.#size.width / 2, top: this.#size.height / 2 };
  }

  pan(leftPx: number, topPx: number, glide = false): void {
    if (this.#view) this.#move(panBy(this.#target(), this.#size, leftPx, topPx), glide);
  }

  zoom(at: ScreenPoint, factor: number, glide = false): void {
    if (this.#view) this.#move(zoomAt(this.#target(), this.#size, at, factor), glide);
  }

  /** Shows all of these, at least twice as large as before if `closer`. */
  fitTo(rows: readonly PinRow[], closer = false): void {
    const fitted = fit(
      rows.map(({ at }) => at),
      this.#size,
    );
    const least = closer ? (this.#view?.worldPx ?? 0) * 2 : 0;
    this.#move(within({ ...fitted, worldPx: Math.max(fitted.worldPx, least) }, this.#size), true);
  }

  /** Brings a place into the part that nothing covers, moving no more than needed. */
  reveal(point: WorldPoint, coveredRightPx: number): void {
    if (!this.#view || this.#size.width === 0) return;
    const { left, top } = toScreen(this.#target(), this.#size, point);
    const { width, height } = this.#size;
    const right = Math.max(80, width - coveredRightPx);
    // At the right edge stand the buttons.
    if (left > 30 && left < right - 64 && top > UNDER_BUTTON_PX && top < height - 30) return;
    // At the world's edge there is nothing to move to: closer, there is.
    let view = this.#target();
    for (let step = 0; step < 10; step += 1) {
      const at = toScreen(view, this.#size, point);
      view = panBy(view, this.#size, right / 2 - at.left, height / 2 - at.top);
      if (toScreen(view, this.#size, point).left < right - 64) break;
      view = zoomAt(view, this.#size, this.middle, 2);
    }
    this.#move(view, true);
  }

  #target(): View {
    return this.#glide?.to ?? this.#view ?? fit([], this.#size);
  }

  #markerAt(at: ScreenPoint): Marker<PinRow> | undefined {
    return this.#view && this.#markers && markerAt(this.#markers, this.#view, this.#size, at);
  }

  #move(to: View, glide: boolean): void {
    this.#untouched = false;
    if (glide && this.#view && !this.#calm())
      this.#glide = { from: this.#view, to, startedMs: performance.now() };
    else {
      this.#glide = undefined;
      this.#view = to;
    }
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.#onView(to), KEEP_MS);
    this.#request();
  }

  /** While pins arrive, it moves only when some would not be seen, or all in a small part of it. */
  #fitIfHidden(): void {
    if (this.#size.width === 0 || !this.#content) return;
    const { rows } = this.#content;
    const fitted = fit(
      rows.map(({ at }) => at),
      this.#size,
    );
    const seen = this.#view && boxOf(this.#view, this.#size);
    const isSeen = ({ at }: PinRow): boolean =>
      seen !== undefined && at.x > seen.x0 && at.x < seen.x1 && at.y > seen.y0 && at.y < seen.y1;
    const farOff = fitted.worldPx > (this.#view?.worldPx ?? 0) * FAR_OFF;
    if (farOff || !rows.every(isSeen)) this.#view = fitted;
  }

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const content = this.#content;
    if (!content || this.#size.width === 0 || this.#closed) return;
    this.#takeRows(content.rows);
    if (!this.#view) this.#fitIfHidden();
    this.#step();
    const view = this.#view;
    const context = this.#pins.getContext('2d');
    if (!view || !context) return;
    this.#land.place(view, content.colours);
    this.#markers = markersFor(this.#index, view, this.#size, this.#markers);
    this.#sprites ??= makeSprites(content.colours, this.#ratio);
    const fresh = this.#freshRings();
    drawPins(context, {
      ...content,
      view,
      size: this.#size,
      ratio: this.#ratio,
      markers: this.#markers,
      fresh,
      sprites: this.#sprites,
    });
    if (this.#glide || fresh.length > 0) this.#request();
  }

  #step(): void {
    if (!this.#glide) return;
    const { from, to, startedMs } = this.#glide;
    const part = Math.min(1, (performance.now() - startedMs) / GLIDE_MS);
    const eased = 1 - (1 - part) ** 3;
    // Scales multiply; the middle moves as the scale does, so that nothing swings.
    const worldPx = from.worldPx * (to.worldPx / from.worldPx) ** eased;
    const grown = 1 / from.worldPx - 1 / to.worldPx;
    const moved = Math.abs(grown) < 1e-12 ? eased : (1 / from.worldPx - 1 / worldPx) / grown;
    const between = (one: number, other: number): number => one + (other - one) * moved;
    const center = {
      x: between(from.center.x, to.center.x),
      y: between(from.center.y, to.center.y),
    };
    this.#view = part === 1 ? to : { center, worldPx };
    if (part === 1) this.#glide = undefined;
  }

  #freshRings(): readonly { readonly at: WorldPoint; readonly left: number }[] {
    const nowMs = Date.now();
    this.#fresh = this.#fresh.filter(({ touchedAtMs = 0 }) => nowMs - touchedAtMs < FRESH_MS);
    const still = this.#calm();
    return this.#fresh.map(({ at, touchedAtMs = 0 }) => ({
      at,
      left: still ? 1 : 1 - (nowMs - touchedAtMs) / FRESH_MS,
    }));
  }
}
