// How the parts of the dashboard are called and shown; their names are the schemas' and stand in
// addresses.

import { MODULES, type Module } from '../schemas/index.ts';

export type ModuleName = Module;

export const moduleFaces = {
  map: { label: 'Field map', icon: 'pin', search: 'Search pins' },
  care: { label: 'Care log', icon: 'bottle', search: 'Search feedings' },
} as const satisfies Record<ModuleName, { label: string; icon: string; search: string }>;

export const SYNC_FACE = { label: 'Sync centre', icon: 'arrows' } as const;

/** What a screen is called, where it has a name. */
export const labelOf = (screen: string): string | undefined => {
  if (screen === 'inbox') return 'Inbox';
  if (screen === 'sync') return SYNC_FACE.label;
  return isModule(screen) ? moduleFaces[screen].label : undefined;
};

export const isModule = (name: unknown): name is ModuleName => MODULES.some((one) => one === name);

/** Those that a workspace uses, in our order; all where the list is missing or names none of ours. */
export const parseModules = (value: unknown): readonly ModuleName[] => {
  const named: readonly unknown[] = Array.isArray(value) ? value : [];
  const used = MODULES.filter((name) => named.includes(name));
  return used.length > 0 ? used : MODULES;
};
