// Addresses of the page, on the History API: every record, dialog and filter has one.

import { useSyncExternalStore } from 'react';
import { isModule, type ModuleName } from './modules.ts';

export interface Route {
  /** A module, the Sync centre or the inbox; `start` leads to the first one. */
  readonly screen: ModuleName | 'sync' | 'inbox' | 'start' | 'unknown';
  /** The open record, or `new`; of the Sync centre its tab. */
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

/** Addresses of earlier versions, as they are today. */
export const today = (address: string): string => address.replace(/^\/pins(?=[/?]|$)/, '/map');

export const parseRoute = (address: string): Route => {
  const url = new URL(today(address), 'http://page');
  const [screen = '', open, ...rest] = url.pathname.split('/').slice(1).map(decode);
  const query = url.searchParams;
  if (screen === '') return { screen: 'start', query };
  const known = screen === 'sync' || screen === 'inbox' || isModule(screen);
  if (!known || rest.length > 0) return { screen: 'unknown', query };
  return open ? { screen, open, query } : { screen, query };
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
    if (how === 'push') history.pushState({ inside: true, from: here() }, '', to);
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

/** To the list below a sheet: one step back if the page came from there, else in the sheet's place. */
export const closeTo = (list: string): void => {
  const state: unknown = history.state;
  const from = typeof state === 'object' && state !== null && 'from' in state ? state.from : '';
  if (from === list) history.back();
  else navigate(list, 'replace');
};

/** A module's list, or one of its records, with the filters of the present address. */
export const addressOf = (module: ModuleName, id?: string): string =>
  `/${module}${id === undefined ? '' : `/${encodeURIComponent(id)}`}${location.search}`;

/** A list of the inbox, or one of its entries. */
export const inboxAddress = (id?: string): string =>
  `/inbox${id === undefined ? '' : `/${encodeURIComponent(id)}`}${location.search}`;

export const pinAddress = (id?: string): string => addressOf('map', id);

/** The address with one filter set, or without it. */
export const withFilter = (name: string, value: string | undefined): string => {
  const query = new URLSearchParams(location.search);
  if (value) query.set(name, value);
  else query.delete(name);
  return location.pathname + (query.size > 0 ? `?${query}` : '');
};

export const SYNC_TABS = ['waiting', 'needs-you', 'activity', 'device'] as const;
export type SyncTab = (typeof SYNC_TABS)[number];

/** What the Sync centre's address names; another one leads nowhere. */
export const syncTab = (open: string | undefined): SyncTab | undefined =>
  open === undefined ? 'waiting' : SYNC_TABS.find((tab) => tab === open);

const ITEM = 'item';
const EDIT = 'edit';

/** A tab of the Sync centre, and what is open there: an operation, a group, or `collection/id`. */
export const syncAddress = (tab: SyncTab, item?: string): string =>
  `/sync/${tab}${item === undefined ? '' : `?${new URLSearchParams({ [ITEM]: item })}`}`;

export const openItem = (query: URLSearchParams): string | undefined =>
  query.get(ITEM) ?? undefined;
export const itemAddress = (item: string): string => withFilter(ITEM, item);
/** Whether the open item is being edited. */
export const isEditing = (query: URLSearchParams): boolean => query.has(EDIT);
export const editAddress = (): string => withFilter(EDIT, 'yes');
export const withoutEdit = (): string => withFilter(EDIT, undefined);

const SETTLE = 'settle';

/** Where a screen was left, to come back to: its filters, and nothing that lay over it. */
export const leftAt = (screen: string, query: URLSearchParams): string => {
  const filters = new URLSearchParams(query);
  for (const above of [SETTLE, ITEM, EDIT]) filters.delete(above);
  return `/${screen}${filters.size > 0 ? `?${filters}` : ''}`;
};

/** The present address, with an entry of the inbox opened over it. */
export const settleAddress = (entry: string): string => withFilter(SETTLE, entry);
export const withoutSettle = (): string => withFilter(SETTLE, undefined);

/** The entry that is open over any screen, or as the inbox's own. */
export const openEntry = ({ screen, open, query }: Route): string | undefined =>
  (screen === 'inbox' ? open : undefined) ?? query.get(SETTLE) ?? undefined;

/** Where a record of any collection is shown; nothing where there is no screen for it. */
export const recordAddress = (
  collection: string,
  id: string,
  fields: Readonly<Record<string, unknown>>,
): string | undefined => {
  if (collection === 'feedings') return `/care/${encodeURIComponent(id)}`;
  if (collection === 'pins') return `/map/${encodeURIComponent(id)}`;
  const { pin } = fields;
  return collection === 'forms' && typeof pin === 'string'
    ? `/map/${encodeURIComponent(pin)}`
    : undefined;
};
