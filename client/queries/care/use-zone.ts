// The device's time zone, also when it changes while the page is open: travellers, summer time.

import { useSyncExternalStore } from 'react';

const LOOK_EVERY_MS = 30_000;

const zoneNow = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const subscribe = (listener: () => void): (() => void) => {
  const timer = setInterval(listener, LOOK_EVERY_MS);
  window.addEventListener('focus', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    clearInterval(timer);
    window.removeEventListener('focus', listener);
    document.removeEventListener('visibilitychange', listener);
  };
};

/** An IANA name such as `Europe/Berlin`. */
export const useZone = (): string => useSyncExternalStore(subscribe, zoneNow);
