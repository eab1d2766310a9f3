// Each module's screen, loaded when it is first shown; the others soon after, so that they are
// there when the server is not.

import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { ModuleName } from '../modules.ts';
import type { ModuleScreenProps } from './module-screen.ts';

type Screen = ComponentType<ModuleScreenProps>;
type Load = () => Promise<{ readonly default: Screen }>;

const loads: Readonly<Record<ModuleName, Load>> = {
  map: () => import('./map/MapScreen.tsx'),
  care: () => import('./care/CareScreen.tsx'),
};

export const screens: Readonly<Record<ModuleName, LazyExoticComponent<Screen>>> = {
  map: lazy(loads.map),
  care: lazy(loads.care),
};

const QUIET_MS = 3_000;

/** Returns what calls it off. */
export const loadLater = (modules: readonly ModuleName[]): (() => void) => {
  const timer = setTimeout(() => {
    // One that can't be loaded now says so when it is shown.
    for (const name of modules) loads[name]().catch(() => undefined);
  }, QUIET_MS);
  return () => clearTimeout(timer);
};
