// Binds the drawn map to its two canvases for as long as they are on the page.

import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useEffectEvent, useRef, useState, type RefObject } from 'react';
import { parseView, viewText, type View } from '../../queries/map/mercator.ts';
import { followGestures, type MapTaps } from './gestures.ts';
import { MapView, type MapContent } from './map-view.ts';

interface MapElements {
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly land: RefObject<HTMLCanvasElement | null>;
  readonly pins: RefObject<HTMLCanvasElement | null>;
  readonly map: MapView | undefined;
}

/** @param name where the position is kept while the tab lives. */
export const useMapView = (name: string, content: MapContent, taps: (map: MapView) => MapTaps) => {
  const frame = useRef<HTMLDivElement>(null);
  const land = useRef<HTMLCanvasElement>(null);
  const pins = useRef<HTMLCanvasElement>(null);
  const [map, setMap] = useState<MapView>();
  const reduced = useReducedMotion();
  const isCalm = useRef(reduced);
  useEffect(() => {
    isCalm.current = reduced;
  }, [reduced]);
  const latestTaps = useEffectEvent(taps);

  useEffect(() => {
    if (!frame.current || !land.current || !pins.current) return undefined;
    const keep = (view: View): void => sessionStorage.setItem(name, viewText(view));
    const kept = parseView(sessionStorage.getItem(name));
    const canvases = { land: land.current, pins: pins.current };
    const made = new MapView(canvases, kept, keep, () => isCalm.current);
    const sizes = new ResizeObserver(([entry]) => {
      if (entry) made.resize(entry.contentRect);
    });
    sizes.observe(frame.current);
    const letGo = followGestures(frame.current, made, () => latestTaps(made));
    setMap(made);
    return () => {
      letGo();
      sizes.disconnect();
      made.close();
    };
  }, [name]);

  useEffect(() => map?.show(content), [map, content]);
  return { frame, land, pins, map } satisfies MapElements;
};
