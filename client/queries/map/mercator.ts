// Places on the flat map and the part of it that is looked at. The whole world is a square of side
// 1, in Web Mercator (north above); a view scales and shifts it onto the screen.

/** In the unit square, from the north-west corner. */
export interface WorldPoint {
  readonly x: number;
  readonly y: number;
}
/** In CSS pixels, from the map's upper left corner. */
export interface ScreenPoint {
  readonly left: number;
  readonly top: number;
}
export interface Place {
  readonly lat: number;
  readonly lng: number;
}
export interface View {
  /** The world point in the middle of the screen. */
  readonly center: WorldPoint;
  /** How many pixels wide the world is. */
  readonly worldPx: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}
/** A rectangle in the unit square. */
export interface WorldBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Where Mercator's square ends; places nearer to the poles stand at its edge. */
const LAST_LAT = 85.051_129;
/** About 0.6 m per pixel at the equator. */
const LARGEST_PX = 2 ** 26;
/** A single place is shown with the country around it. */
const ALONE_PX = 2 ** 15;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

export const project = ({ lat, lng }: Place): WorldPoint => {
  const sine = Math.sin((clamp(lat, -LAST_LAT, LAST_LAT) * Math.PI) / 180);
  return { x: lng / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
};

/** To the precision that a person can point with: six decimals are 11 cm. */
export const unproject = ({ x, y }: WorldPoint): Place => ({
  lat: round((Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI),
  lng: round((x - 0.5) * 360),
});
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

export const toScreen = (view: View, { width, height }: Size, point: WorldPoint): ScreenPoint => ({
  left: (point.x - view.center.x) * view.worldPx + width / 2,
  top: (point.y - view.center.y) * view.worldPx + height / 2,
});

export const toWorld = (view: View, { width, height }: Size, at: ScreenPoint): WorldPoint => ({
  x: (at.left - width / 2) / view.worldPx + view.center.x,
  y: (at.top - height / 2) / view.worldPx + view.center.y,
});

/** What the screen shows, and `marginPx` around it. */
export const boxOf = (view: View, { width, height }: Size, marginPx = 0): WorldBox => {
  const halfX = (width / 2 + marginPx) / view.worldPx;
  const halfY = (height / 2 + marginPx) / view.worldPx;
  const { x, y } = view.center;
  return { x0: x - halfX, y0: y - halfY, x1: x + halfX, y1: y + halfY };
};

/** The nearest view that shows no more than the world, as far as the screen's shape allows. */
export const within = (view: View, { width, height }: Size): View => {
  const worldPx = clamp(view.worldPx, smallestPx({ width, height }), LARGEST_PX);
  const keep = (middle: number, screenPx: number): number => {
    const half = Math.min(0.5, screenPx / 2 / worldPx);
    return clamp(middle, half, 1 - half);
  };
  return { center: { x: keep(view.center.x, width), y: keep(view.center.y, height) }, worldPx };
};
/** The world fills the screen's width, or a tall screen's height but for the poles. */
const smallestPx = ({ width, height }: Size): number => Math.max(256, width, height * 0.9);

/** The same place stays under `at`. */
export const zoomAt = (view: View, size: Size, at: ScreenPoint, factor: number): View => {
  const fixed = toWorld(view, size, at);
  const worldPx = clamp(view.worldPx * factor, smallestPx(size), LARGEST_PX);
  const x = fixed.x - (at.left - size.width / 2) / worldPx;
  const y = fixed.y - (at.top - size.height / 2) / worldPx;
  return within({ center: { x, y }, worldPx }, size);
};

export const panBy = (view: View, size: Size, leftPx: number, topPx: number): View => {
  const { x, y } = view.center;
  const center = { x: x - leftPx / view.worldPx, y: y - topPx / view.worldPx };
  return within({ ...view, center }, size);
};

/** Shows all of these; the whole world if there are none. */
export const fit = (points: Iterable<WorldPoint>, size: Size, paddingPx = 56): View => {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  if (x0 > x1) return within({ center: { x: 0.5, y: 0.4 }, worldPx: 0 }, size);
  const widthPx = Math.max(1, size.width - 2 * paddingPx) / (x1 - x0);
  const heightPx = Math.max(1, size.height - 2 * paddingPx) / (y1 - y0);
  const worldPx = Math.min(widthPx, heightPx, x0 === x1 && y0 === y1 ? ALONE_PX : LARGEST_PX);
  return within({ center: { x: (x0 + x1) / 2, y: (y0 + y1) / 2 }, worldPx }, size);
};

/** A view from what was kept as text; undefined where that is not one. */
export const parseView = (text: string | null): View | undefined => {
  const [x = NaN, y = NaN, worldPx = NaN] = (text ?? '').split(' ').map(Number);
  return Number.isFinite(x + y + worldPx) && worldPx > 0
    ? { center: { x, y }, worldPx }
    : undefined;
};
export const viewText = ({ center, worldPx }: View): string =>
  [center.x, center.y, worldPx].join(' ');
