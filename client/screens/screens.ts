// Each screen, loaded when it is first shown; the others soon after, so that they are
// there when the server is not.

import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { loadRest } from '../../replication/index.ts';
import type { ModuleName } from '../modules.ts';
import type { SettleHostProps } from './inbox/SettleHost.tsx';
import type { ModuleScreenProps } from './module-screen.ts';

type Screen = ComponentType<ModuleScreenProps>;
type ScreenName = ModuleName | 'sync' | 'inbox';
type Load = () => Promise<{ readonly default: Screen }>;

const loads: Readonly<Record<ScreenName, Load>> = {
  map: () => import('./map/MapScreen.tsx'),
  care: () => import('./care/CareScreen.tsx'),
  sync: () => import('./sync/SyncScreen.tsx'),
  inbox: () => import('./inbox/InboxScreen.tsx'),
};

export const screens: Readonly<Record<ScreenName, LazyExoticComponent<Screen>>> = {
  map: lazy(loads.map),
  care: lazy(loads.care),
  sync: lazy(loads.sync),
  inbox: lazy(loads.inbox),
};

const loadSettleHost = () => import('./inbox/SettleHost.tsx');
/** The dialog that lies over any screen. */
export const SettleHost: LazyExoticComponent<ComponentType<SettleHostProps>> = lazy(loadSettleHost);

const loadRescue = async () => ({ default: (await import('./RescueScreen.tsx')).RescueScreen });
export const RescueScreen = lazy(loadRescue);

const QUIET_MS = 3_000;

/** What can't be loaded now is tried again with a network. Returns what calls it off. */
export const loadLater = (modules: readonly ModuleName[]): (() => void) => {
  const stop = new AbortController();
  const { signal } = stop;
  const run = (load: () => Promise<unknown>): void => {
    const again = (): void => run(load);
    if (!signal.aborted)
      load().catch(() => window.addEventListener('online', again, { once: true, signal }));
  };
  const timer = setTimeout(() => {
    for (const name of modules) run(loads[name]);
    run(loads.sync);
    run(loads.inbox);
    run(loadSettleHost);
    run(() => import('../components/RareNotice.tsx'));
    run(() => import('../components/LogOutDialog.tsx'));
    run(loadRescue);
    run(loadRest);
  }, QUIET_MS);
  return () => {
    clearTimeout(timer);
    stop.abort();
  };
};
