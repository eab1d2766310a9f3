// Addresses of the page, on the History API: every record, dialog and filter has one.

import { useSyncExternalStore } from 'react';

export interface Route {
  readonly screen: 'pins' | 'unknown';
  /** The open record, or `new`. */
  readonly open?: string;
  readonly query: URLSearchParams;
}

const MOVED = 'holdfast:moved';

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('popstate', listener);
  window.addEventListener(MOVED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(MOVED, listener);
  };
};
const here = (): string => location.pathname + location.search;

export const parseRoute = (address: string): Route => {
  const url = new URL(address, 'http://page');
  const [screen = '', open, ...rest] = url.pathname.split('/').slice(1).map(decode);
  const known = (screen === '' || screen === 'pins') && rest.length === 0;
  const route = { screen: known ? 'pins' : 'unknown', query: url.searchParams } as const;
  return open ? { ...route, open } : route;
};

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** Where the page is now; the component renders again when that changes. */
export const useRoute = (): Route => parseRoute(useSyncExternalStore(subscribe, here));

/** `replace` leaves no step for Back; for filters while they are typed. */
export const navigate = (to: string, how: 'push' | 'replace' = 'push'): void => {
  if (to === here()) return;
  try {
    if (how === 'push') history.pushState({ inside: true }, '', to);
    else history.replaceState(history.state, '', to);
  } catch {
    // Safari takes 100 in 30 seconds; the next one brings the address up to date.
    return;
  }
  window.dispatchEvent(new Event(MOVED));
};

/** One step back if the page itself came from there, else to `otherwise`. */
export const leave = (otherwise: string): void => {
  const state: unknown = history.state;
  if (typeof state === 'object' && state !== null && 'inside' in state) history.back();
  else navigate(otherwise, 'replace');
};

export const pinAddress = (id?: string): string =>
  `/pins${id === undefined ? '' : `/${encodeURIComponent(id)}`}${location.search}`;
