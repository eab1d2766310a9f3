// Wheel, mouse, fingers and keys on the map, as moves of its view and taps.

import type { ScreenPoint } from '../../queries/map/mercator.ts';
import type { MapView } from './map-view.ts';

export interface MapTaps {
  readonly onTap: (at: ScreenPoint) => void;
  /** A double click or a long press. */
  readonly onHold: (at: ScreenPoint) => void;
}

const TAP_PX = 6;
const HOLD_MS = 550;
const KEY_PAN_PX = 90;
const KEY_ZOOM = 1.6;

interface Finger extends ScreenPoint {
  readonly start: ScreenPoint;
}

const distance = (one: ScreenPoint, other: ScreenPoint): number =>
  Math.hypot(one.left - other.left, one.top - other.top);

/** Returns what ends it. */
export const followGestures = (
  element: HTMLElement,
  map: MapView,
  taps: () => MapTaps,
): (() => void) => {
  const ended = new AbortController();
  const { signal } = ended;
  const place = ({ clientX, clientY }: MouseEvent): ScreenPoint => {
    const box = element.getBoundingClientRect();
    return { left: clientX - box.left, top: clientY - box.top };
  };
  const stopFingers = followFingers(element, map, taps, place, signal);
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const linePx = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      // A pinch on a touchpad comes as small turns of the wheel with the control key.
      const speed = event.ctrlKey ? 0.01 : 0.002;
      map.zoom(place(event), Math.exp(-event.deltaY * linePx * speed));
    },
    { signal, passive: false },
  );
  element.addEventListener('dblclick', (event) => taps().onHold(place(event)), { signal });
  element.addEventListener('keydown', (event) => followKey(event, map, taps), { signal });
  return () => {
    stopFingers();
    ended.abort();
  };
};

const followFingers = (
  element: HTMLElement,
  map: MapView,
  taps: () => MapTaps,
  place: (event: MouseEvent) => ScreenPoint,
  signal: AbortSignal,
): (() => void) => {
  const fingers = new Map<number, Finger>();
  let still = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    const at = place(event);
    fingers.set(event.pointerId, { ...at, start: at });
    still = fingers.size === 1;
    clearTimeout(timer);
    if (!still || event.pointerType === 'mouse') return;
    timer = setTimeout(() => {
      if (still) taps().onHold(at);
      still = false;
    }, HOLD_MS);
  };
  const move = (event: PointerEvent): void => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const at = place(event);
    if (still && distance(at, finger.start) < TAP_PX) return;
    still = false;
    clearTimeout(timer);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const middle = { left: (at.left + other.left) / 2, top: (at.top + other.top) / 2 };
      map.zoom(middle, distance(at, other) / Math.max(1, distance(finger, other)));
      map.pan((at.left - finger.left) / 2, (at.top - finger.top) / 2);
    } else map.pan(at.left - finger.left, at.top - finger.top);
    fingers.set(event.pointerId, { ...at, start: finger.start });
  };
  const up = (event: PointerEvent): void => {
    clearTimeout(timer);
    const known = fingers.delete(event.pointerId);
    if (known && still && event.type === 'pointerup') taps().onTap(place(event));
    still = false;
  };
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  return () => clearTimeout(timer);
};

const PANS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [KEY_PAN_PX, 0],
  ArrowRight: [-KEY_PAN_PX, 0],
  ArrowUp: [0, KEY_PAN_PX],
  ArrowDown: [0, -KEY_PAN_PX],
};
const ZOOMS: Readonly<Record<string, number>> = {
  '+': KEY_ZOOM,
  '=': KEY_ZOOM,
  '-': 1 / KEY_ZOOM,
  _: 1 / KEY_ZOOM,
};

const followKey = (event: KeyboardEvent, map: MapView, taps: () => MapTaps): void => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const pan = PANS[event.key];
  const zoom = ZOOMS[event.key];
  if (pan) map.pan(pan[0], pan[1], true);
  else if (zoom !== undefined) map.zoom(map.middle, zoom, true);
  else if (event.key === 'Enter') taps().onTap(map.middle);
  else return;
  event.preventDefault();
};
