// The soft highlight of what somebody else changed a moment ago. An element that is drawn anew, by
// scrolling, goes on fading where it was.

import { useLayoutEffect, useRef, type RefObject } from 'react';

const FADE_MS = 6_000;
const FRESH = 'color-mix(in srgb, var(--mantine-color-yellow-filled) 20%, transparent)';

export const useFreshMark = <E extends HTMLElement>(
  changedAtMs: number | undefined,
): RefObject<E | null> => {
  const element = useRef<E>(null);
  useLayoutEffect(() => {
    const ageMs = changedAtMs === undefined ? FADE_MS : Date.now() - changedAtMs;
    if (ageMs >= FADE_MS) return undefined;
    const fade = element.current?.animate([{ background: FRESH }, {}], FADE_MS);
    if (fade) fade.currentTime = ageMs;
    return () => fade?.cancel();
  }, [changedAtMs]);
  return element;
};
